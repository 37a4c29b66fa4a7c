"""The dialogue by rules: from what is known and what the client just said to the next words and stage.

Pure: no clock, no storage, no network. The caller gives the state in and stores the one that comes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from agent.brain import replies
from agent.brain.business import BusinessInfo
from agent.brain.products import ProductTerms
from agent.brain.reading import read_burst, shifted
from agent.brain.roles import LAST_FILLED
from agent.brain.stages import SILENT, Stage
from agent.brain.state import Decision, DialogueState, Incoming, Outcome
from agent.brain.text import normalise
from agent.brain.turn import Turn

__all__ = ["Decision", "DialogueState", "Incoming", "Outcome", "decide"]

_UNSPOKEN = frozenset({"sticker", "reaction"})
_FILES = frozenset({"image", "document", "video"})


def decide(
    state: DialogueState,
    incoming: Sequence[Incoming],
    *,
    products: Mapping[str, ProductTerms],
    business: BusinessInfo,
    today: date,
) -> Decision:
    """One turn. `incoming` are all unanswered messages, oldest first."""
    spoken = [(i, m.text) for i, m in enumerate(incoming) if m.kind not in _UNSPOKEN and m.text.strip()]
    kinds = {message.kind for message in incoming}
    if state.stage in SILENT:
        return _while_silent(state, [text for _, text in spoken])
    if not kinds - _UNSPOKEN:
        return Decision(state, (), "other", "silent", path=("gate",))
    turn = Turn(state, products, business, today)
    if spoken:
        positions, texts = zip(*spoken, strict=True)
        last_bot = state.last_reply or None
        known = {**state.slots, LAST_FILLED: state.last_filled} if state.last_filled else state.slots
        reading = read_burst(texts, asked=state.asked, last_bot=last_bot, known=known)
        turn.read(shifted(reading, positions), "\n".join(texts))
    return turn.answer(_acknowledged(incoming))


def wants_back(text: str) -> bool:
    """Whether a client who opted out asks to be written to again, with the word the confirmation names."""
    return normalise(text).text.strip(" .!") == "voltar"


def _while_silent(state: DialogueState, texts: Sequence[str]) -> Decision:
    """Silence, but a client may always leave, and one who left may always return."""
    quiet = Decision(state, (), "other", "silent", path=("gate",))
    if not texts:
        return quiet
    if state.stage == Stage.OPTED_OUT:
        if any(wants_back(text) for text in texts):
            back = replace(state, stage=Stage.QUALIFICATION, asked=None, pending=None, last_reply=replies.WELCOME_BACK)
            return Decision(back, (replies.WELCOME_BACK,), "greet", "continue", path=("gate", "template"))
        return quiet
    reading = read_burst(texts, asked=None, last_bot=None, known=state.slots)
    if reading.intent == "opt_out":
        left = replace(state, stage=Stage.OPTED_OUT, asked=None, pending=None, last_reply=replies.OPT_OUT)
        return Decision(left, (replies.OPT_OUT,), "opt_out", "opt_out", reason="opt_out", path=("gate", "template"))
    return quiet


def _acknowledged(incoming: Sequence[Incoming]) -> str:
    """A sentence for what is not text."""
    kinds = {message.kind for message in incoming}
    if kinds & _FILES:
        return replies.FILE_SEEN
    if "location" in kinds:
        return replies.LOCATION_SEEN
    if "contact" in kinds:
        return replies.CONTACT_SEEN
    if any(message.kind == "audio" and not message.text.strip() for message in incoming):
        return replies.AUDIO_UNHEARD
    return ""
