"""The dialogue: from what is known and what the client just said to the next words and stage.

Pure: no clock, no storage, no network. The caller gives the state in and stores the one that comes out. Rules decide;
a model, asked in between by the caller, may only put an ordinary turn into better words:

    heard = hear(state, incoming, products=…, business=…, today=…)
    proposal = None if heard.hard else parse(ask(prompt(…, heard.state, …))).value
    decision = decide(state, incoming, products=…, business=…, today=…, heard=heard, proposal=proposal)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from agent.brain import beside, replies
from agent.brain.business import BusinessInfo
from agent.brain.draft import Draft, Setting
from agent.brain.gates import asks_about_data, holds_secret, in_distress, without_other_money
from agent.brain.gleaning import Gleaned, glean
from agent.brain.grounding import reconcile
from agent.brain.handover import DATA_REQUEST, DISTRESS
from agent.brain.known import Known
from agent.brain.language import is_foreign
from agent.brain.model_reply import ModelReply
from agent.brain.policies import DEFAULT_POLICIES, StagePolicy
from agent.brain.products import ProductTerms
from agent.brain.reading import BurstReading, read_burst, shifted
from agent.brain.redaction import is_others_document
from agent.brain.roles import LAST_FILLED
from agent.brain.speaking import spoken
from agent.brain.stages import SILENT, Stage
from agent.brain.state import Decision, DialogueState, Incoming, Outcome
from agent.brain.text import fold, normalise
from agent.brain.turn import answer

__all__ = ["Decision", "DialogueState", "Heard", "Incoming", "Outcome", "decide", "hear", "wants_back"]

_UNSPOKEN = frozenset({"sticker", "reaction"})
_FILES = frozenset({"image", "document", "video"})


@dataclass(frozen=True)
class Heard:
    """What rules make of a burst. `draft` is their decision, `state` the one it leads to; where `hard`, no model is
    needed: it would not change a word."""

    draft: Decision
    texts: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()  # of the texts in the burst
    reading: BurstReading | None = None
    asides: tuple[str, ...] = ()
    shares: Mapping[str, str] = field(default_factory=dict)

    @property
    def hard(self) -> bool:
        return not self.draft.ordinary

    @property
    def state(self) -> DialogueState:
        return self.draft.state

    @property
    def intent(self) -> str:
        return self.draft.intent


def hear(
    state: DialogueState,
    incoming: Sequence[Incoming],
    *,
    products: Mapping[str, ProductTerms],
    business: BusinessInfo,
    today: date,
    policies: Mapping[Stage, StagePolicy] = DEFAULT_POLICIES,
) -> Heard:
    """One turn by rules alone. `incoming` are all unanswered messages, oldest first."""
    texts = [(i, m.text) for i, m in enumerate(incoming) if m.kind not in _UNSPOKEN and m.text.strip()]
    back = _back_since(state, texts)
    texts, state = (texts, state) if back is None else (texts[back:], _returned(state))
    said = tuple(text for _, text in texts)
    if state.stage in SILENT:
        return Heard(_while_silent(state, said))
    if not {message.kind for message in incoming} - _UNSPOKEN:
        return Heard(_silence(state))
    gleaned = _read(state, texts) if texts else None
    reading = gleaned.reading if gleaned else None
    if reading is not None and back is not None and len(texts) == 1:  # the word alone is a greeting
        reading = replace(reading, intent="greet")
    asides = (*([replies.WELCOME_BACK] if back is not None else ()), *_asides(incoming, said, reading))
    setting = Setting(products, business, today, policies)
    shares = gleaned.shares if gleaned else {}
    draft = answer(_draft(state, setting, reading, said, asides, shares))
    return Heard(draft, said, tuple(at for at, _ in texts), reading, asides, shares)


def decide(
    state: DialogueState,
    incoming: Sequence[Incoming],
    *,
    products: Mapping[str, ProductTerms],
    business: BusinessInfo,
    today: date,
    policies: Mapping[Stage, StagePolicy] = DEFAULT_POLICIES,
    proposal: ModelReply | None = None,
    heard: Heard | None = None,
    open_now: bool = True,
    next_open: str = "",
    known: Sequence[Known] = (),
    names: Sequence[str] = (),
) -> Decision:
    """One turn. `known` are more figures a reply may quote (an earlier simulation, earlier words of the client),
    `names` more names it may use (the client's in WhatsApp)."""
    if heard is None:
        heard = hear(state, incoming, products=products, business=business, today=today, policies=policies)
    if "gate" in heard.draft.path:
        return heard.draft
    state = _returned(state)
    setting = Setting(products, business, today, policies, open_now, next_open)
    reading, rejected = _with_proposed(heard, proposal, state, products)
    draft = _draft(state, setting, reading, heard.texts, heard.asides, heard.shares)
    decision = answer(draft)
    decision = spoken(draft, decision, proposal if decision.ordinary else None, known=known, names=names)
    return replace(decision, rejected=rejected)


def _with_proposed(
    heard: Heard, proposal: ModelReply | None, state: DialogueState, products: Mapping[str, ProductTerms]
) -> tuple[BurstReading | None, tuple[Mapping[str, Any], ...]]:
    """What the rules read with the values of a model that are grounded, and those that are not."""
    reading = heard.reading
    if proposal is None or reading is None or heard.hard:
        return reading, ()
    found = reconcile(reading, proposal.slots.given(), heard.texts, state.slots, state.asked, products)
    slots = {**reading.slots, **found.accepted}
    sources = {slot: _told_in(heard, str(value)) for slot, value in found.accepted.items()}
    return replace(reading, slots=slots, sources={**sources, **reading.sources}), found.rejected


def _told_in(heard: Heard, value: str) -> int:
    """The message that holds the value's words, else the last one."""
    holding = [at for at, text in zip(heard.positions, heard.texts, strict=True) if fold(value) in fold(text)]
    return holding[0] if holding else heard.positions[-1]


def wants_back(text: str) -> bool:
    """Whether a client who opted out asks to be written to again, with the word the confirmation names."""
    return normalise(text).text.strip(" .!") == "voltar"


def _back_since(state: DialogueState, texts: Sequence[tuple[int, str]]) -> int | None:
    """Where in the burst a client who left returns; what they said before no longer counts."""
    if state.stage != Stage.OPTED_OUT:
        return None
    return next((at for at in reversed(range(len(texts))) if wants_back(texts[at][1])), None)


def _returned(state: DialogueState) -> DialogueState:
    """A client who left and is back goes on where they were."""
    if state.stage != Stage.OPTED_OUT:
        return state
    return replace(state, stage=Stage.QUALIFICATION, asked=None, pending=None, last_reply="")


def _read(state: DialogueState, texts: Sequence[tuple[int, str]]) -> Gleaned:
    positions, said = zip(*((at, without_other_money(text)) for at, text in texts), strict=True)
    known = {**state.slots, LAST_FILLED: state.last_filled} if state.last_filled else state.slots
    reading = read_burst(said, asked=state.asked, last_bot=state.last_reply or None, known=known)
    name_asked = "name" in state.times_asked
    gleaned = glean(reading, said, asked=state.asked, known=state.slots, name_asked=name_asked)
    reading = shifted(gleaned.reading, positions)
    if any(is_others_document(text) for _, text in texts):
        slots = {slot: value for slot, value in reading.slots.items() if slot not in {"cpf", "phone"}}
        reading = replace(reading, slots=slots)
    return replace(gleaned, reading=reading)


def _draft(
    state: DialogueState,
    setting: Setting,
    reading: BurstReading | None,
    texts: Sequence[str],
    asides: Sequence[str],
    shares: Mapping[str, str],
) -> Draft:
    draft = Draft(state, setting, asides)
    if reading is not None:
        draft.read(reading, "\n".join(texts), shares)
    return draft


def _silence(state: DialogueState) -> Decision:
    return Decision(state, (), "other", "silent", path=("gate",))


def _while_silent(state: DialogueState, texts: Sequence[str]) -> Decision:
    """Silence, but a client may always leave, and one who left is heard in distress and about their data."""
    if not texts:
        return _silence(state)
    if state.stage == Stage.OPTED_OUT:
        return _after_leaving(state, "\n".join(texts))
    reading = read_burst(texts, asked=None, last_bot=None, known=state.slots)
    if reading.intent == "opt_out":
        left = replace(state, stage=Stage.OPTED_OUT, asked=None, pending=None, last_reply=replies.OPT_OUT)
        return Decision(left, (replies.OPT_OUT,), "opt_out", "opt_out", reason="opt_out", path=("gate", "template"))
    return _silence(state)


def _after_leaving(state: DialogueState, text: str) -> Decision:
    """The stage stays: nothing else will be written to this client."""
    if in_distress(text):
        words, reason = DISTRESS, "distress"
    elif asks_about_data(text):
        words, reason = DATA_REQUEST, "data_request"
    else:
        return _silence(state)
    told = replace(state, last_reply=words)
    return Decision(told, (words,), "other", "handoff", reason=reason, path=("gate", "template"))


def _asides(incoming: Sequence[Incoming], texts: Sequence[str], reading: BurstReading | None) -> tuple[str, ...]:
    """Sentences for what no stage is about: files, another language, somebody else's document."""
    found = [_acknowledged(incoming)]
    if any(holds_secret(text) for text in texts):
        found.append(beside.NO_SECRETS)
    if any(without_other_money(text) != text for text in texts):
        found.append(beside.IN_REAIS)
    if any(is_others_document(text) for text in texts):
        found.append(replies.OTHERS_DOCUMENT)
    if reading is not None and is_foreign("\n".join(texts)):
        found.append(replies.ANSWERS_IN_PORTUGUESE)
    return tuple(filter(None, found))


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
