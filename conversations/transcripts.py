"""What was spoken: the words of clients' voice messages, found by a machine and shown as such. The recording stays."""

from contextlib import suppress

from conversations.models import Direction, MediaState, Message, MessageKind, TranscriptState
from conversations.states import ASIDE
from conversations.upkeep import WOKEN, conversation_lock, conversation_save, message_save, thread_retell, thread_wake
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.text import clean_text
from crm.core.work import service

MAX_WORDS = 10_000  # characters; two minutes of speech are about 2,000


@service
def transcript_await(*, message_id: int) -> bool:
    """The words of a client's voice message are wanted. False if it has none to hear, or is heard already."""
    message = _locked(message_id, TranscriptState.NONE)
    if message is None or not _is_heard(message):
        return False
    message.transcript_state = TranscriptState.AWAITED
    message_save(message, "transcript_state")
    return True


def _is_heard(message: Message) -> bool:
    spoken = message.kind == MessageKind.AUDIO and message.direction == Direction.IN
    return spoken and message.media_state == MediaState.STORED and not message.revoked_at


@service
def transcript_store(*, message_id: int, text: str) -> bool:
    """Keep the words, as if the client had written them now: an answer given meanwhile did not know them.

    False if they are not awaited any more, or the client took the message back.
    """
    message = _locked(message_id, TranscriptState.AWAITED)
    if message is None:
        return False
    words = clean_text(text, limit=MAX_WORDS).strip()
    if message.revoked_at or not words:
        _give_up(message)
        return False
    conversation = message.conversation
    message.transcript, message.transcript_state, message.state_changed_at = words, TranscriptState.DONE, now()
    message_save(message, "transcript", "transcript_state", "state_changed_at")
    thread_wake(conversation, message)
    conversation_save(conversation, *WOKEN)
    if not conversation.messages.filter(pk__gt=message.pk).exclude(kind__in=ASIDE).exists():
        thread_retell(conversation)
    return True


@service
def transcript_fail(*, message_id: int) -> bool:
    """Nobody could make out the words. False if they are not awaited any more."""
    message = _locked(message_id, TranscriptState.AWAITED)
    if message is None:
        return False
    _give_up(message)
    return True


def _give_up(message: Message) -> None:
    message.transcript_state = TranscriptState.FAILED
    message_save(message, "transcript_state")


def _locked(message_id: int, state: TranscriptState) -> Message | None:
    """The message under its thread's lock, also when that was joined with another meanwhile; None in another state."""
    rows = Message.objects.filter(pk=message_id)
    while conversation_id := rows.values_list("conversation_id", flat=True).first():
        with suppress(NotFound):
            conversation = conversation_lock(conversation_id)
            message = rows.select_related("sender").filter(transcript_state=state).first()
            if message is not None:
                message.conversation = conversation
            return message
    return None
