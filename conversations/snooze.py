"""A thread put off: out of the list until then, or until the client writes."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.lines import SNOOZED, event_add, snooze_tell
from conversations.models import Conversation
from conversations.realtime import publish_state, publish_unread
from conversations.upkeep import conversation_lock, conversation_save, row_show
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Invalid, NotFound
from crm.core.work import service

LONGEST = timedelta(days=365)
_AT_ONCE = 200
_MORNING, _AFTERNOON = time(9), time(15)


def snooze_choices() -> list[tuple[str, datetime]]:
    """What is offered now, soonest first: a label and a moment."""
    here = timezone.localtime(now())
    afternoon = _at(here, 0, _AFTERNOON)
    monday = 7 - here.weekday()
    offered = [
        (_("In an hour"), here + timedelta(hours=1)),
        (_("This afternoon"), afternoon),
        (_("Tomorrow at 9:00"), _at(here, 1, _MORNING)),
        (_("Next week"), _at(here, monday, _MORNING)),
    ]
    return [(label, moment) for label, moment in offered if moment != afternoon or afternoon > offered[0][1]]


def _at(here: datetime, days: int, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(here.date() + timedelta(days=days), clock))


@service
def conversation_snooze(*, conversation_id: int, until: datetime, user: User) -> None:
    """Put a thread off. Raises Invalid for a moment that has passed or is more than a year away."""
    if not now() < until <= now() + LONGEST:
        raise Invalid(_("Choose a time in the future, within a year."))
    conversation = conversation_lock(conversation_id)
    conversation.snoozed_until, conversation.snoozed_by = until, user
    _show(conversation)


@service
def conversation_unsnooze(*, conversation_id: int) -> None:
    """Back in the list at once, by a person's word. Idempotent."""
    conversation = conversation_lock(conversation_id)
    if conversation.snoozed_until is not None:
        conversation.snoozed_until = conversation.snoozed_by = None
        _show(conversation)


def snoozes_end() -> int:
    """What was put off until now comes back, each thread in a transaction of its own; how many came."""
    due = Conversation.objects.filter(snoozed_until__lte=now()).order_by("snoozed_until")
    ids = list(due.values_list("pk", flat=True)[:_AT_ONCE])
    for conversation_id in ids:
        with suppress(NotFound):  # joined with another thread meanwhile
            _come_back(conversation_id=conversation_id)
    return len(ids)


@service
def _come_back(*, conversation_id: int) -> None:
    """Unread, so that it is seen wherever it stands in the list; whoever put it off and the owner are told, once."""
    conversation = conversation_lock(conversation_id)
    if conversation.snoozed_until is None or conversation.snoozed_until > now():
        return
    told = [conversation.snoozed_by_id, conversation.lead.consultant_id]
    conversation.snoozed_until = conversation.snoozed_by = None
    conversation.unread_count = max(conversation.unread_count, 1)
    event_add(conversation, gettext_noop("Back from snooze"))
    _show(conversation, "unread_count")
    snooze_tell(conversation, told, gettext_noop("Back from snooze: %(name)s"))


def _show(conversation: Conversation, *fields: str) -> None:
    conversation_save(conversation, *SNOOZED, *fields)
    if conversation.unread_count:
        publish_unread(conversation)
    publish_state(conversation)
    row_show(conversation, "")
