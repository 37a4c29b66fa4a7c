"""Two contacts that turn out to be one person become one, with their threads and leads.

The caller holds the person's names. Then locks are taken in the order of everybody: threads, contacts, leads, each
kind by ascending key.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from django.db.models import F, Q
from django.template.loader import render_to_string

from conversations.events import ContactsMerged, ConversationsMerged
from conversations.lines import thread_joined
from conversations.models import Contact, Conversation, Direction, Message, MessageState
from conversations.realtime import chat_room, publish_attendance, publish_row, publish_side
from conversations.selectors import rooms_of_list
from conversations.threads import copies_settle, livia_leave, thread_combine
from conversations.upkeep import livia_hush
from crm.core.facts import publish as publish_fact
from crm.core.repoint import repoint
from crm.realtime.publish import publish, publish_gone, publish_stale
from crm.realtime.services import notifications_readdress
from leads.actors import SYSTEM
from leads.merge import leads_unite
from leads.models import Attendance, Lead
from leads.services import lead_of_phone, lead_update

log = structlog.get_logger(__name__)


def contact_learn(contact: Contact, news: Mapping[str, str], twin: Contact | None) -> Contact:
    """Write what a message tells of a contact; `twin` is the same person under another name, and goes.

    The contact as it is now. Call it inside a service, with the names of both held (conversations.contacts).
    """
    joins = twin is not None or "phone" in news
    phone_key = news.get("phone_key") or contact.phone_key
    known = lead_of_phone(phone_key) if joins and phone_key else None
    threads, contact, twin = _lock(contact, twin, known)
    strangers = [thread.pk for thread in threads if thread.lead.consultant_id is None]
    own = [thread for thread in threads if thread.contact_id in (contact.pk, twin and twin.pk)]
    values: dict[str, Any] = dict(news)
    if twin is not None:
        values = {**_known_of(contact, twin), **news, "lid": twin.lid}
        _silence(contact, twin)
        _join_threads(contact, twin, own)
        publish_fact(ContactsMerged(kept_id=contact.pk, gone_id=twin.pk))
        twin.delete()
    for name, value in values.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(values))
    if own and joins:
        _one_lead(contact, {thread.lead_id for thread in own} | ({known} if known else set()))
        livia_leave(strangers)
        _show(contact)
    return contact


def _lock(
    contact: Contact, twin: Contact | None, known: int | None
) -> tuple[list[Conversation], Contact, Contact | None]:
    """The threads of both, and of whoever else writes to one of their leads: a lead that goes takes these along."""
    people = [contact.pk, *([twin.pk] if twin else [])]
    leads = Conversation.objects.filter(contact_id__in=people).values_list("lead_id", flat=True)
    threads = Conversation.objects.select_for_update(of=("self",)).select_related("lead")
    wanted = Q(contact_id__in=people) | Q(lead_id__in=[*leads, *([known] if known else [])])
    locked = list(threads.filter(wanted).order_by("pk"))
    rows = {row.pk: row for row in Contact.objects.select_for_update().filter(pk__in=people).order_by("pk")}
    return locked, rows[contact.pk], rows[twin.pk] if twin else None


def _known_of(contact: Contact, twin: Contact) -> dict[str, Any]:
    """What only the twin knows. Whoever asked for no messages did so for both."""
    values: dict[str, Any] = {
        name: getattr(twin, name)
        for name in ("name", "push_name")
        if not getattr(contact, name) and getattr(twin, name)
    }
    if twin.opted_out_at and not contact.opted_out_at:
        values["opted_out_at"] = twin.opted_out_at
    if twin.whatsapp_checked_at and not contact.whatsapp_checked_at:
        values |= {"whatsapp_checked_at": twin.whatsapp_checked_at, "whatsapp_jid": twin.whatsapp_jid}
    return values


def _silence(contact: Contact, twin: Contact) -> None:
    """What still waits for the one who did not ask for silence under that name is not sent."""
    if bool(contact.opted_out_at) == bool(twin.opted_out_at):
        return
    free = twin if contact.opted_out_at else contact
    waiting = Message.objects.filter(conversation__contact=free, direction=Direction.OUT)
    waiting.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).update(
        state=MessageState.CANCELLED, revision=F("revision") + 1
    )


def _join_threads(contact: Contact, twin: Contact, threads: list[Conversation]) -> None:
    """In one inbox a person has one thread; a thread elsewhere only changes its contact."""
    own = {thread.inbox_id: thread for thread in threads if thread.contact_id == contact.pk}
    for other in [thread for thread in threads if thread.contact_id == twin.pk]:
        if other.inbox_id in own:
            _join(own[other.inbox_id], other)
        else:
            other.contact, other.revision = contact, other.revision + 1
            other.save(update_fields=["contact", "revision"])


def _join(kept: Conversation, gone: Conversation) -> None:
    """Messages and everything else of `gone` move to `kept`; pages that show it are led there."""
    thread_combine(kept, gone)
    if kept.attended_by != Attendance.LIVIA:
        livia_hush(kept, gone)
    copies_settle(kept, gone)
    publish_fact(ConversationsMerged(kept_id=kept.pk, gone_id=gone.pk))
    repoint(gone, kept)
    kept.save()
    thread_joined(kept, gone)
    log.info("threads_joined", kept=kept.pk, gone=gone.pk)
    _lead_away(kept, gone)
    Conversation.objects.filter(pk=gone.pk).delete()


def _lead_away(kept: Conversation, gone: Conversation) -> None:
    context = {"gone_id": gone.pk, "conversation_id": kept.pk}
    owners = {kept.lead.consultant_id, gone.lead.consultant_id} - {None}
    notifications_readdress(user_ids=owners, old=f"/conversations/{gone.pk}/", new=f"/conversations/{kept.pk}/")
    publish_gone(rooms_of_list(gone.lead.consultant_id), object_id=f"conv-{gone.pk}", revision=gone.revision + 1)
    publish(
        [chat_room(gone.pk)],
        kind="joined",
        object_id=f"thread-{gone.pk}",
        render=lambda: render_to_string("conversations/_joined.html", context),
    )


def _one_lead(contact: Contact, lead_ids: set[int]) -> None:
    """The person's leads, by thread and by phone, become one, which then knows the phone."""
    lead_id = leads_unite(lead_ids=lead_ids)
    if lead_id and contact.phone and Lead.objects.filter(pk=lead_id, phone="").exists():
        lead_update(lead_id=lead_id, values={"phone": contact.phone}, actor=SYSTEM)


def _show(contact: Contact) -> None:
    threads = contact.conversations.select_related("contact", "inbox", "lead__consultant__user", "taken_by")
    for thread in threads:
        publish_row(thread)
        publish_attendance(thread)
        publish_side(thread)
        publish_stale([chat_room(thread.pk)], object_id=f"thread-{thread.pk}")
