"""A whole person locked, in the order of everybody: imports, names, threads, contacts, leads."""

from conversations.models import Contact, Conversation
from crm.core.locks import locks_then
from crm.core.phones import phone_identity
from crm.core.privacy import Subject
from leads.models import Import, Lead
from leads.services import phone_lock


class Moved(Exception):
    """While we waited for the locks the person became more, or less, than was asked for."""


def subject_lock(subject: Subject) -> None:
    """A message of theirs that is being stored is waited for; one that comes now waits, and finds a stranger."""
    list(Import.objects.select_for_update().order_by("pk").values_list("pk"))  # a batch holds its import before phones
    locks_then(_names(subject), "SELECT 1")
    for model, keys in (
        (Conversation, subject.conversation_ids),
        (Contact, subject.contact_ids),
        (Lead, subject.lead_ids),
    ):
        list(model.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def keys_of(subject: Subject) -> tuple[object, ...]:
    """What of a person is locked."""
    return subject.conversation_ids, subject.contact_ids, subject.lead_ids, _names(subject)


def _names(subject: Subject) -> set[str]:
    lids = {address.removesuffix("@lid") for address in subject.addresses if address.endswith("@lid")}
    return {phone_lock(phone_identity(phone)) for phone in subject.phones} | {f"lid {lid}" for lid in lids}
