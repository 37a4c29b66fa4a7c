"""What an erasure would take, and what speaks against doing it right now."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agent.models import Simulation, Turn
from conversations.models import Conversation, MediaState, Message, MessageState, ScheduledMessage, ScheduledState
from crm.core.clock import now
from crm.core.privacy import Subject
from leads.models import Attendance, Lead, LeadFile, Note, Task, TaskState

_LIVE = timedelta(hours=1)


@dataclass(frozen=True)
class Preview:
    """`goes` and `stays` are sentences with a number, `live` says what is going on with the client now."""

    goes: list[str]
    live: list[str]


def preview_of(subject: Subject) -> Preview:
    return Preview(goes=[text for text in _goes(subject) if text], live=_live(subject))


def _goes(subject: Subject) -> list[str]:
    messages = Message.objects.filter(conversation__in=subject.conversation_ids)
    files = messages.filter(media_state=MediaState.STORED).count()
    files += LeadFile.objects.filter(lead__in=subject.lead_ids, removed_at=None).count()
    tasks = Task.objects.filter(lead__in=subject.lead_ids)
    return [
        _some(len(subject.lead_ids) - 1, lambda n: ngettext("%(n)s merged lead", "%(n)s merged leads", n)),
        _some(
            len(subject.conversation_ids),
            lambda n: ngettext("the words of %(n)s conversation", "the words of %(n)s conversations", n),
        ),
        _some(messages.count(), lambda n: ngettext("%(n)s message", "%(n)s messages", n)),
        _some(files, lambda n: ngettext("%(n)s file", "%(n)s files", n)),
        _some(
            Note.objects.filter(lead__in=subject.lead_ids, removed_at=None).count(),
            lambda n: ngettext("%(n)s note", "%(n)s notes", n),
        ),
        _some(
            tasks.filter(state=TaskState.OPEN).count(),
            lambda n: ngettext("%(n)s open task, which is cancelled", "%(n)s open tasks, which are cancelled", n),
        ),
        _some(
            Turn.objects.filter(conversation__in=subject.conversation_ids).count(),
            lambda n: ngettext("what Lívia understood in %(n)s turn", "what Lívia understood in %(n)s turns", n),
        ),
        _some(
            Simulation.objects.filter(lead__in=subject.lead_ids).count(),
            lambda n: ngettext("the name on %(n)s simulation", "the name on %(n)s simulations", n),
        ),
    ]


def _some(n: int, words: Any) -> str:
    return words(n) % {"n": n} if n > 0 else ""


def _live(subject: Subject) -> list[str]:
    threads = Conversation.objects.filter(pk__in=subject.conversation_ids)
    messages = Message.objects.filter(conversation__in=subject.conversation_ids)
    leaving = messages.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).count()
    planned = ScheduledMessage.objects.filter(conversation__in=threads, state=ScheduledState.WAITING).count()
    found = []
    if threads.filter(last_message_at__gte=now() - _LIVE).exists():
        found.append(_("There were messages within the last hour."))
    if threads.filter(attended_by=Attendance.LIVIA).exclude(awaiting_since=None).exists():
        found.append(_("Lívia is about to answer; she will not."))
    if leaving:
        text = ngettext(
            "%(n)s message is about to leave; it will not.",
            "%(n)s messages are about to leave; they will not.",
            leaving,
        )
        found.append(text % {"n": leaving})
    if planned:
        text = ngettext(
            "%(n)s scheduled message will not be sent.", "%(n)s scheduled messages will not be sent.", planned
        )
        found.append(text % {"n": planned})
    if Lead.objects.filter(pk__in=subject.lead_ids, status="WON").exists():
        found.append(_("This client has a closed deal: the law may oblige you to keep its papers elsewhere."))
    return found
