"""What threads add to leads: the chat on the lead page, and what becomes of them when two leads become one."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from conversations.models import Author, Conversation, Direction, Message
from conversations.realtime import chat_room
from conversations.selectors import messages_page
from conversations.threads import livia_leave
from crm.realtime.models import Room
from leads.merge import threads_hold
from leads.models import Lead
from leads.realtime import more_of_lead
from leads.unmerge import thread_figures

SHOWN = 30


@dataclass(frozen=True)
class Chat:
    """The latest thread of a lead as its page shows it; `rooms_json` is where the page starts to follow it."""

    conversation: Conversation
    others: list[Conversation]
    rooms_json: str
    messages: list[Message]
    has_older: bool


@more_of_lead.plug
def chat_of_lead(lead: Lead) -> dict[str, Any]:
    threads = Conversation.objects.filter(lead=lead).select_related("inbox", "contact")
    latest, *others = [*threads.order_by(F("last_message_at").desc(nulls_last=True), "-pk")] or [None]
    if latest is None:
        return {"chat": None}
    room = chat_room(latest.pk)
    seq = Room.objects.filter(name=room).values_list("seq", flat=True).first() or 0  # before the messages are read
    messages, has_older = messages_page(latest, most=SHOWN)
    return {"chat": Chat(latest, others, json.dumps({room: seq}), messages, has_older)}


@threads_hold.plug
def hold(lead_ids: Collection[int]) -> Callable[[], None]:
    """Lock the threads of leads that become one; what is done then: where a consultant has come, Lívia leaves."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("lead").filter(lead_id__in=lead_ids)
    strangers = [thread.pk for thread in rows.order_by("pk") if thread.lead.consultant_id is None]
    return lambda: livia_leave(strangers)


@thread_figures.plug
def figures(lead_id: int) -> dict[str, Any]:
    """What a lead's card says of its threads: the latest one's last line, and what is unread in any."""
    threads = Conversation.objects.filter(lead_id=lead_id)
    latest = threads.order_by(F("last_message_at").desc(nulls_last=True), "-pk").first()
    if latest is None:
        return {}
    inbound = latest.last_message_author == Author.CLIENT
    return {
        "unread_count": sum(threads.values_list("unread_count", flat=True)),
        "attended_by": latest.attended_by,
        "last_message_text": latest.last_message_text,
        "last_message_direction": (Direction.IN if inbound else Direction.OUT) if latest.last_message_at else "",
        "last_message_at": latest.last_message_at,
    }
