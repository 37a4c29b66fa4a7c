"""Who wrote: one person, however WhatsApp names them.

A phone, written with or without Brazil's ninth digit, and a LID are two names of one person once a message carries
both. A phone is the identity leads are known by: two phones are two people, whatever LID they share, because numbers
are handed on. Of a person's LIDs the newest counts.
"""

import re

from django.utils.translation import gettext_lazy as _

from conversations.inbound import InboundMessage
from conversations.merge import contact_learn
from conversations.models import Contact
from crm.core.errors import Invalid
from crm.core.locks import locks_then
from crm.core.phones import phone_identity, phone_normalise
from crm.core.text import clean_line
from leads.services import phone_lock

_PHONE = re.compile(r"\+?\d{5,16}")
_LID = re.compile(r"(\d{1,30})(:\d+)?(@lid)?")
_FIELDS = [field.attname for field in Contact._meta.concrete_fields]
_KNOWN = f"SELECT {', '.join(_FIELDS)} FROM conversations_contact WHERE phone_key = %s OR lid = %s"


def contact_resolve(inbound: InboundMessage) -> Contact:
    """The contact an inbound message belongs to, made if it is new. Call it first in a service: it takes locks.

    Raises Invalid if the message names neither a phone nor a LID.
    """
    phone, lid = _phone(inbound.phone), _lid(inbound.lid)
    key = phone_identity(phone) if phone else None
    if not phone and not lid:
        raise Invalid(_("A message without a sender cannot be stored."), code="no_sender")
    push_name = "" if inbound.from_me else clean_line(inbound.push_name, limit=200)
    by_phone, by_lid = _known(key, lid)
    if key and by_phone is None and by_lid is not None and by_lid.phone_key:
        by_lid = lid = None  # another phone's, whatever this message says
    contact = by_phone or by_lid
    if contact is None:
        return Contact.objects.create(push_name=push_name, phone=phone, phone_key=key, lid=lid)
    news: dict[str, str] = {}
    if push_name and push_name != contact.push_name:
        news["push_name"] = push_name
    if key and by_phone is None and not contact.phone_key:
        news |= {"phone": phone, "phone_key": key}
    if lid and by_lid is None:
        news["lid"] = lid
    twin = by_lid if by_lid is not None and by_lid.pk != contact.pk and not by_lid.phone_key else None
    return contact_learn(contact, news, twin) if news or twin else contact


def _known(key: str | None, lid: str | None) -> tuple[Contact | None, Contact | None]:
    """Who has the phone, and who has the LID. Both names are held until the commit: messages of one person, however
    named, are taken one after the other, and nobody is made twice."""
    names = [*([phone_lock(key)] if key else []), *([f"lid {lid}"] if lid else [])]
    rows = [Contact.from_db(None, _FIELDS, row) for row in locks_then(names, _KNOWN, [key, lid])]
    by_phone = next((row for row in rows if key and row.phone_key == key), None)
    return by_phone, next((row for row in rows if lid and row.lid == lid), None)


def _phone(raw: str | None) -> str:
    """E.164, or "" for what is no phone, such as the digits of a LID's address."""
    if not raw or not _PHONE.fullmatch(raw):
        return ""
    try:
        return phone_normalise(raw if raw.startswith("+") else f"+{raw}")
    except Invalid:
        return ""


def _lid(raw: str | None) -> str | None:
    """The digits of a LID, without the device and the server."""
    match = _LID.fullmatch(raw or "")
    return match[1] if match else None
