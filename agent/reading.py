"""What of a client's messages Lívia has not read yet."""

from datetime import datetime, timedelta

from agent.brain.dialogue import wants_back
from agent.brain.gates import asks_about_data, wants_silence
from agent.brain.replies import OPT_OUT
from agent.brain.understanding import understand
from agent.gate import attends
from agent.models import Turn
from agent.states import dialogue_of
from conversations.consent import contact_opt_in, contact_opt_out
from conversations.models import Conversation, Direction, Message
from conversations.states import ASIDE
from conversations.upkeep import conversation_lock, conversation_save, messages_unanswered
from crm.core.clock import now
from crm.core.work import service
from leads.models import Interaction, InteractionKind

# A wish to leave is looked for in what came since then, should the bell that told of it have been late.
_LOOKED_BACK = timedelta(hours=1)


def messages_to_answer(conversation: Conversation) -> list[Message]:
    """The unanswered messages that no turn has read as they are now.

    What was answered counts as unanswered again once something before it was corrected, became readable or came with
    another thread.
    """
    return _unread(conversation, messages_unanswered(conversation))


def _unread(conversation: Conversation, messages: list[Message]) -> list[Message]:
    if not messages:
        return messages
    read = _read_at(conversation, since=min(message.created_at for message in messages))
    return [message for message in messages if message.pk not in read or message.state_changed_at > read[message.pk]]


def _read_at(conversation: Conversation, since: datetime) -> dict[int, datetime]:
    """When each message was last read by a turn; a message that came later than the latest turn is in none."""
    latest = dialogue_of(conversation).updated_at  # every turn writes it
    if latest is None or latest < since:
        return {}
    turns = Turn.objects.filter(conversation=conversation, created_at__gte=since).order_by("pk")
    return {message_id: at for ids, at in turns.values_list("message_ids", "created_at") for message_id in ids}


@service
def thread_rest(*, conversation_id: int) -> None:
    """Where all that waits was answered before, nobody waits. Raises NotFound."""
    conversation = conversation_lock(conversation_id)
    if not messages_to_answer(conversation):
        conversation.answered_upto_id, conversation.awaiting_since = conversation.last_inbound_id, None
        conversation_save(conversation, "answered_upto_id", "awaiting_since")


@service
def consent_honour(*, conversation_id: int) -> None:
    """A client may leave, and return, at any time, also while a person attends. Raises NotFound."""
    conversation = conversation_lock(conversation_id)
    if attends(conversation):
        return
    has_left = bool(conversation.contact.opted_out_at)
    for message in _not_looked_at(conversation):
        if has_left and wants_back(message.words):
            contact_opt_in(conversation_id=conversation.pk, said=[message])
            has_left = False
        elif not has_left and leaves(message.words):
            contact_opt_out(conversation_id=conversation.pk, confirmation=OPT_OUT, said=[message])
            has_left = True


def leaves(text: str) -> bool:
    """A wish about one's data alone is the person's to fulfil, who must be able to answer."""
    if understand(text, asked=None, last_bot=None, known={}).intent != "opt_out":
        return False
    return not asks_about_data(text) or wants_silence(text)


def _not_looked_at(conversation: Conversation) -> list[Message]:
    """Oldest first, what came since the client last left or returned, but for what Lívia herself has read."""
    changes = Interaction.objects.filter(
        lead=conversation.lead_id, kind__in=[InteractionKind.OPTED_OUT, InteractionKind.OPTED_IN]
    )
    changed_at = changes.order_by("-pk").values_list("created_at", flat=True).first()
    looked_back = now() - _LOOKED_BACK
    since = max(looked_back, changed_at or looked_back)
    rows = conversation.messages.filter(direction=Direction.IN, revoked_at=None, state_changed_at__gt=since)
    return _unread(conversation, list(rows.exclude(kind__in=ASIDE).exclude(text="", transcript="").order_by("pk")))
