"""Threads Lívia leaves to people, because of a machine there or of a turn that never comes to its end."""

import structlog
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_noop
from redis import RedisError

from agent.followups import follow_ups_cancel
from agent.gate import may_answer
from conversations.failures import turn_stumbled
from conversations.models import Conversation
from conversations.services import conversation_release
from conversations.upkeep import conversation_lock, livia_hush
from crm.accounts.models import Role, User
from crm.core import metrics
from crm.core.work import service
from crm.realtime.publish import notify
from leads.models import Attendance

log = structlog.get_logger(__name__)

# Of the servers around, not of the thread: it would be all threads at once.
_AWAY = (OperationalError, InterfaceError, RedisError)


@service
def thread_leave(*, conversation_id: int, kind: str, line: str, title: str, reason: str) -> bool:
    """Lívia leaves the thread; what came stays unread there, and people are told. Only a hand-back brings her back.

    `line` and `title` are message ids of the thread's line and the notification, `reason` is why her reminders end.
    False if she attends no more. Raises NotFound.
    """
    conversation = conversation_lock(conversation_id)
    if not may_answer(conversation):
        return False
    conversation_release(conversation_id=conversation_id, by=Attendance.NONE, text=line)
    conversation = conversation_lock(conversation_id)
    livia_hush(conversation)
    follow_ups_cancel(conversation_id=conversation_id, reason=reason)
    _tell(conversation, kind, title)
    return True


def _tell(conversation: Conversation, kind: str, title: str) -> None:
    """The client's consultant, else the managers."""
    lead = conversation.lead
    managers = User.objects.filter(is_active=True, role__in=(Role.MANAGER, Role.ADMIN)).values_list("pk", flat=True)
    notify(
        [lead.consultant_id] if lead.consultant_id else managers,
        kind=kind,
        title=title,
        data={"name": lead.display_name},
        url=f"/conversations/{conversation.pk}/",
    )


def turn_failed(conversation_id: int, error: Exception) -> float | None:
    """A turn here ended in an error nobody foresaw: seconds until the next try. None after the last one: then people
    are told, and it waits for them. An error that is not the thread's is raised on: the sweep comes back to it.
    """
    if isinstance(error, _AWAY):
        raise error
    log.exception("turn_failed", conversation=conversation_id, error=type(error).__name__)
    pause = turn_stumbled(conversation_id=conversation_id, error=type(error).__name__)
    metrics.TURNS_FAILED.labels("yes" if pause is None else "no").inc()
    if pause is None:
        _give_up(conversation_id)
    return pause


def _give_up(conversation_id: int) -> None:
    thread_leave(
        conversation_id=conversation_id,
        kind="stuck",
        line=gettext_noop("Lívia could not answer: please read on here"),
        title=gettext_noop("Lívia could not answer %(name)s: please read on there"),
        reason="not_attended",
    )
