"""Phone numbers: one form to store (E.164), one identity to compare.

Brazilian mobile numbers exist with and without the ninth digit (Anatel resolution 553/2010): WhatsApp still knows
many by the short form. Both are one person, so the identity always carries the nine.
"""

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid

API_PATTERN = re.compile(r"^\+?[1-9]\d{1,14}$")
_BR_MOBILE = re.compile(r"^\+55([1-9][1-9])9([6-9]\d{7})$")
_BR_SHORT_MOBILE = re.compile(r"^\+55([1-9][1-9])([6-9]\d{7})$")


def phone_normalise(raw: str, *, region: str = "BR") -> str:
    """Any way a person writes a phone → E.164 with `+`. Raises Invalid."""
    text = (raw or "").strip()
    for candidate in _candidates(text):
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Invalid(_("This phone number is not valid."), code="invalid_phone", fields={"phone": _("Invalid phone.")})


def _candidates(text: str) -> list[str]:
    """`5511998123340` is both a national and an international reading: the country code wins when it fits."""
    digits = re.sub(r"\D", "", text)
    if not digits or len(digits) > 16:
        return []
    if text.startswith("+"):
        return [text]
    if digits.startswith("55") and len(digits) in (12, 13):
        return ["+" + digits]
    if len(digits) in (10, 11) or digits.startswith("0"):
        return [text]
    return ["+" + digits, text]


def phone_identity(e164: str) -> str:
    """The key under which a phone is one person: Brazil's ninth digit put in where it is missing."""
    match = _BR_SHORT_MOBILE.match(e164)
    return f"+55{match[1]}9{match[2]}" if match else e164


def phone_display(e164: str) -> str:
    """`+55 11 99812-3340`; whatever cannot be read comes back as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def phone_forms(e164: str) -> tuple[str, ...]:
    """The phone as it may stand anywhere: a Brazilian mobile with its ninth digit and without."""
    whole = phone_identity(e164)
    match = _BR_MOBILE.match(whole)
    return tuple(dict.fromkeys([e164, whole, *([f"+55{match[1]}{match[2]}"] if match else [])]))
