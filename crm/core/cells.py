"""Text on its way into a spreadsheet."""

_ACTS = ("=", "+", "-", "@", "\t", "\r")


def safe(value: str) -> str:
    """A spreadsheet takes text that begins so for a formula; after an apostrophe it is text (OWASP, CSV injection)."""
    return f"'{value}" if value.startswith(_ACTS) else value
