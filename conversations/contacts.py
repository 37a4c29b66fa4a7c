"""Who wrote: one person, however WhatsApp names them."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from conversations.inbound import InboundMessage
from conversations.models import Contact
from crm.core.errors import Invalid
from crm.core.phones import phone_identity, phone_normalise
from crm.core.text import clean_line


def contact_resolve(inbound: InboundMessage) -> Contact:
    """The contact an inbound message belongs to, made if it is new. Call it inside a service.

    Raises Invalid if the message names neither a phone nor a LID.
    """
    phone = _phone(inbound.phone)
    if not phone and not inbound.lid:
        raise Invalid(_("A message without a sender cannot be stored."), code="no_sender")
    contact = _find_or_create(phone, inbound.lid or None)
    push_name = "" if inbound.from_me else clean_line(inbound.push_name, limit=200)
    changed = []
    if push_name and contact.push_name != push_name:
        contact.push_name = push_name
        changed.append("push_name")
    if inbound.lid and not contact.lid and not Contact.objects.filter(lid=inbound.lid).exists():
        contact.lid = inbound.lid
        changed.append("lid")
    if phone and not contact.phone_key and not Contact.objects.filter(phone_key=phone_identity(phone)).exists():
        contact.phone, contact.phone_key = phone, phone_identity(phone)
        changed += ["phone", "phone_key"]
    if changed:
        contact.save(update_fields=changed)
    return contact


def _phone(raw: str | None) -> str:
    """E.164, or "" for what is no phone."""
    if not raw:
        return ""
    try:
        return phone_normalise(raw if raw.startswith("+") else f"+{raw}")
    except Invalid:
        return ""


def _find_or_create(phone: str, lid: str | None) -> Contact:
    """By phone first: it is the identity leads are known by. The insert decides who wins a race."""
    key = phone_identity(phone) if phone else None
    contact = (Contact.objects.filter(phone_key=key).first() if key else None) or (
        Contact.objects.filter(lid=lid).first() if lid else None
    )
    if contact is not None:
        return contact
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conversations_contact (name, push_name, phone, phone_key, lid, created_at) "
            "VALUES ('', '', %s, %s, %s, now()) ON CONFLICT DO NOTHING",
            [phone, key, lid],
        )
    found = Contact.objects.filter(phone_key=key) if key else Contact.objects.filter(lid=lid)
    return found.first() or Contact.objects.get(lid=lid)
