"""Machines that answer Lívia: she falls silent there, says so in the thread and leaves the rest to people."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_noop

from agent.brain.loops import Line, LoopLimits, loop_sign
from agent.leaving import thread_leave
from agent.models import Turn
from agent.reading import consent_honour
from conversations.models import Conversation, Direction, Message
from conversations.states import ASIDE
from crm.core.clock import now
from crm.core.work import service

_LINES = 40
_DAY = timedelta(days=1)
# What a client says who moves nothing on and asks nothing: two machines being polite.
_IDLE = frozenset({"other", "greet", "thanks", "bye", "smalltalk", "affirm"})


def loop_seen(conversation: Conversation, messages: list[Message]) -> bool:
    """Whether the other side of this thread is a machine, as far as the messages now to be answered show."""
    if not messages:
        return False
    since = max(filter(None, (now() - _DAY, conversation.attended_since)))
    rows = conversation.messages.filter(created_at__gte=since, revoked_at=None).exclude(kind__in=ASIDE)
    newest = list(rows.order_by("-pk").values_list("text", "transcript", "direction", "created_at")[:_LINES])
    lines = [Line(text or spoken, mine=side == Direction.OUT) for text, spoken, side, _at in reversed(newest)]
    limits = LoopLimits(settings.LOOP_REPEATS, settings.LOOP_AUTO_REPLIES)
    heard_at = [at for _text, _spoken, side, at in newest if side == Direction.IN]
    return bool(loop_sign(lines, limits)) or _goes_in_circles(conversation, heard_at)


def _goes_in_circles(conversation: Conversation, heard_at: list[datetime]) -> bool:
    """Turn after turn within a short time, and nothing learned, asked or moved in any of them."""
    started = now() - timedelta(seconds=settings.LOOP_SECONDS)
    came = sum(at >= started for at in heard_at)
    if came <= settings.LOOP_TURNS:
        return False
    turns = Turn.objects.filter(conversation=conversation, created_at__gte=started).order_by("-pk")
    last = list(turns[: settings.LOOP_TURNS])
    return len(last) == settings.LOOP_TURNS and all(_is_idle(turn) for turn in last)


def _is_idle(turn: Turn) -> bool:
    moved = turn.stage_before != turn.stage_after or turn.slots_before != turn.slots_after
    return turn.outcome == "continue" and turn.intent in _IDLE and not moved


@service
def loop_stop(*, conversation_id: int) -> bool:
    """Lívia leaves the thread to people; a wish to leave is read all the same.

    False if she attends no more. Raises NotFound.
    """
    left = thread_leave(
        conversation_id=conversation_id,
        kind="loop",
        line=gettext_noop("Lívia stopped answering: a machine seems to write here"),
        title=gettext_noop("Lívia stopped answering %(name)s: a machine seems to write there"),
        reason="loop",
    )
    if left:
        consent_honour(conversation_id=conversation_id)
    return left
