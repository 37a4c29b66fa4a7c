"""All under which one person is known here, found from any of their leads."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from agent.models import ContactProfile, Dialogue
from conversations.models import Contact, Conversation
from crm.core.errors import NotFound
from crm.core.phones import phone_forms, phone_identity
from crm.core.privacy import Subject
from leads.models import Interaction, InteractionKind, Lead

_SERVERS = ("s.whatsapp.net", "c.us")


def subject_of(lead_id: int) -> Subject:
    """The person behind a lead: leads merged into it, other leads of the same threads, contacts, and what all of these
    are or were called. An erased one is known by keys alone. Raises NotFound."""
    lead_ids, contact_ids, conversation_ids = _everywhere(lead_id)
    leads = list(Lead.objects.filter(pk__in=lead_ids).order_by("pk"))
    contacts = list(Contact.objects.filter(pk__in=contact_ids).order_by("pk"))
    earlier = _theirs(list(_earlier(lead_ids)), lead_ids, contact_ids)
    phones = [form for phone in _phones(leads, contacts, earlier) for form in phone_forms(phone)]
    return Subject(
        lead_ids=tuple(lead_ids),
        contact_ids=tuple(contact_ids),
        conversation_ids=tuple(conversation_ids),
        phones=_once(phones),
        addresses=_once(_addresses(contacts, conversation_ids, phones)),
        emails=_once([*(lead.email for lead in leads), *_said(earlier, "email")]),
        names=_once(_names(leads, contacts, conversation_ids, earlier)),
    )


def root_of(lead_id: int) -> int:
    """The lead that stayed. Raises NotFound."""
    row = Lead.objects.filter(pk=lead_id).values_list("merged_into_id", flat=True).first()
    if row is None and not Lead.objects.filter(pk=lead_id).exists():
        raise NotFound
    return row or lead_id


def _everywhere(lead_id: int) -> tuple[list[int], list[int], list[int]]:
    """Leads, contacts and threads of the person, each found through the others until nothing new is."""
    leads, contacts = {root_of(lead_id)}, set[int]()
    while True:
        merged = Q(merged_into__in=leads) | Q(merged__in=leads)
        threads = Conversation.objects.filter(Q(lead__in=leads) | Q(contact__in=contacts))
        rows = list(threads.values_list("pk", "lead_id", "contact_id"))
        keys = Lead.objects.filter(pk__in=leads).exclude(phone_key="").values("phone_key")
        found_leads = leads | {lead for _pk, lead, _contact in rows}
        numbers = Contact.objects.filter(pk__in=contacts).exclude(phone_key=None).values("phone_key")
        found_leads |= set(Lead.objects.filter(merged | Q(phone_key__in=numbers)).values_list("pk", flat=True))
        found_contacts = contacts | {contact for _pk, _lead, contact in rows}
        found_contacts |= set(Contact.objects.filter(phone_key__in=keys).values_list("pk", flat=True))
        if (found_leads, found_contacts) == (leads, contacts):
            return sorted(leads), sorted(contacts), sorted(pk for pk, _lead, _contact in rows)
        leads, contacts = found_leads, found_contacts


def _earlier(lead_ids: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Names, phones and addresses that stood on the leads before, as (field, value)."""
    changed = Interaction.objects.filter(lead__in=list(lead_ids), kind=InteractionKind.UPDATED)
    for changes in changed.values_list("data__changes", flat=True):
        for field in ("name", "phone", "email"):
            for value in (changes or {}).get(field, ()):
                yield field, str(value or "")


def _theirs(earlier: list[tuple[str, str]], lead_ids: list[int], contact_ids: list[int]) -> list[tuple[str, str]]:
    """Without phones that are somebody else's today: they were mistyped, or handed on."""
    keys = {phone_identity(phone) for phone in _said(earlier, "phone") if phone}
    leads = Lead.objects.filter(phone_key__in=keys).exclude(pk__in=lead_ids)
    contacts = Contact.objects.filter(phone_key__in=keys).exclude(pk__in=contact_ids)
    taken = {*leads.values_list("phone_key", flat=True), *contacts.values_list("phone_key", flat=True)}
    return [(field, value) for field, value in earlier if field != "phone" or phone_identity(value) not in taken]


def _said(earlier: Iterable[tuple[str, str]], field: str) -> list[str]:
    return [value for name, value in earlier if name == field]


def _phones(leads: list[Lead], contacts: list[Contact], earlier: list[tuple[str, str]]) -> list[str]:
    said = [*(lead.phone for lead in leads), *(contact.phone for contact in contacts), *_said(earlier, "phone")]
    return [phone for phone in said if phone.startswith("+")]


def _addresses(contacts: list[Contact], conversation_ids: list[int], phones: list[str]) -> list[str]:
    lids = [contact.lid for contact in contacts if contact.lid]
    chats = Conversation.objects.filter(pk__in=conversation_ids).values_list("chat", flat=True)
    return [
        *chats,
        *(contact.whatsapp_jid for contact in contacts),
        *(form for lid in lids for form in (f"{lid}@lid", lid)),
        *(f"{phone[1:]}@{server}" for phone in phones for server in _SERVERS),
    ]


def _names(
    leads: list[Lead], contacts: list[Contact], conversation_ids: list[int], earlier: list[tuple[str, str]]
) -> list[str]:
    slots = Dialogue.objects.filter(conversation__in=conversation_ids).values_list("slots", flat=True)
    preferred = ContactProfile.objects.filter(contact__in=contacts).values_list("preferred_name", flat=True)
    return [
        *(lead.name for lead in leads),
        *(name for contact in contacts for name in (contact.name, contact.push_name)),
        *(str(known.get("name") or "") for known in slots),
        *preferred,
        *_said(earlier, "name"),
    ]


def _once(words: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word and word.strip()))
