"""A thread comes back to Lívia: her dialogue goes on, with what the client told the person meanwhile."""

from agent.brain.reading import read_burst
from agent.brain.roles import MONEY_SLOTS
from agent.brain.stages import Stage
from agent.brain.state import DialogueState
from agent.models import Dialogue, Turn
from agent.states import state_of, state_write
from conversations.models import Author, Conversation, Direction, Message
from conversations.states import ASIDE
from conversations.upkeep import UNSAID
from crm.core.work import service

_MISSED = 40  # messages
# Numbers are answers to what the person asked, which nobody here has read.
_FIGURES = frozenset({*MONEY_SLOTS, "term_months"})


@service
def dialogue_resume(*, conversation_id: int) -> None:
    """Call it with the thread locked, once it is Lívia's again. What she is about to answer is left to that turn."""
    dialogue = Dialogue.objects.filter(conversation=conversation_id).first() or Dialogue(
        conversation_id=conversation_id
    )
    state = state_of(dialogue)
    words = Message.objects.filter(conversation=conversation_id, author=Author.LIVIA)
    if not words.exclude(state__in=UNSAID).exists():  # nobody has met her here: she introduces herself
        state_write(dialogue, DialogueState(slots=state.slots))
    elif dialogue.stage in (Stage.TRANSFERRED, Stage.HANDED_OVER):
        dialogue.stage = Stage.QUALIFICATION
    _read_on(dialogue)
    dialogue.save()


def _read_on(dialogue: Dialogue) -> None:
    """What the client told the person of themselves, where Lívia did not know it."""
    missed = _missed(dialogue.conversation)
    if not missed:
        return
    reading = read_burst([message.words for message in missed], asked=None, last_bot=None, known=dialogue.slots)
    known = {slot for slot, value in dialogue.slots.items() if value not in (None, "")}
    told = {slot: value for slot, value in reading.slots.items() if slot not in known | _FIGURES}
    dialogue.slots = {**dialogue.slots, **told}
    dialogue.sources = {**dialogue.sources, **{slot: missed[reading.sources[slot]].pk for slot in told}}


def _missed(conversation: Conversation) -> list[Message]:
    """Oldest first: after what her last turn read, up to what is answered."""
    last = Turn.objects.filter(conversation=conversation).order_by("-pk").values_list("message_ids", flat=True).first()
    rows = conversation.messages.filter(direction=Direction.IN, revoked_at=None, pk__gt=max(last or [0]))
    rows = rows.filter(pk__lte=conversation.answered_upto_id).exclude(kind__in=ASIDE).exclude(text="", transcript="")
    return list(reversed(rows.order_by("-pk")[:_MISSED]))
