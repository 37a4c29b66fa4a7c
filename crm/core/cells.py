"""Text for the cells of a spreadsheet, made harmless."""

import re

import phonenumbers

# As OWASP lists them; the wide ones begin a formula where Excel is set to Japanese or Chinese.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What a workbook cannot hold: XML 1.0, section 2.2.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe(value: str) -> str:
    """Text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe in front."""
    text = _UNWRITABLE.sub("", value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def phone_cell(e164: str) -> str:
    """A phone that survives a spreadsheet as text, neither formula nor number, and can be read back: `(11) 99812-3340`,
    or with another country's code in front, `(+1) 212-555-0100`."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return safe(e164)
    if number.country_code == 55:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"(+{number.country_code}) {text.partition(' ')[2]}"
