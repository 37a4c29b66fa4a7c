"""Numbers that come as text in an address or a form."""


def whole(text: str | None) -> int | None:
    """The whole number a text holds, None where it is none or too large for the database."""
    try:
        value = int(text or "")
    except ValueError:
        return None
    return value if abs(value) < 2**63 else None
