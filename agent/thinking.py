"""What Lívia makes of a client's messages: her rules first, and a model's words where they leave room.

Nothing is written and no transaction is open: the model may take seconds, and the thread may change meanwhile.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from django.conf import settings

from agent import catalogue
from agent.brain.dialogue import Decision, DialogueState, Heard, Incoming, decide, hear
from agent.brain.known import known_simulation, known_texts
from agent.brain.model_reply import Parsed
from agent.brain.policies import StagePolicy, policy_of
from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage
from agent.catalogue import Catalogue
from agent.consulting import Consultation, consult
from agent.contexts import history_of, local_now, names_of
from agent.llm import client as llm
from agent.models import Dialogue, Simulation
from agent.states import dialogue_of, state_of
from conversations.models import Conversation, Direction, Message

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Thought:
    """What one turn read and decided. `revision` is the thread's; `had_left`: the client had asked for no more
    messages; `shown`: the simulation they saw last; `started` is of time.perf_counter."""

    conversation_id: int
    revision: int
    had_left: bool
    messages: list[Message]
    dialogue: Dialogue
    before: DialogueState
    decision: Decision
    catalogue: Catalogue
    shown: Simulation | None
    started: float
    prompt_version_id: int | None
    consultation: Consultation | None

    def elapsed_ms(self) -> int:
        """Since the turn began."""
        return round((time.perf_counter() - self.started) * 1000)

    def sources(self) -> dict[str, int]:
        """The message each new value came from."""
        places = self.decision.slot_sources.items()
        return {slot: self.messages[place].pk for slot, place in places if place < len(self.messages)}


def think(conversation: Conversation, messages: list[Message], consultation: Consultation | None = None) -> Thought:
    """Read, ask and decide. Whatever is wrong with the model's answer, the rules' own stands. With a `consultation`
    that was made already, nobody is asked."""
    started = time.perf_counter()
    dialogue = dialogue_of(conversation)
    had_left, before = bool(conversation.contact.opted_out_at), _before(conversation, dialogue)
    shop, local = catalogue.in_force(), local_now()
    incoming = [Incoming(text=message.words, kind=message.kind, id=message.pk) for message in messages]
    setting: dict[str, Any] = {"products": shop.products, "business": shop.business, "policies": shop.policies}
    setting["today"] = local.date()
    heard = hear(before, incoming, **setting)
    policy = policy_of_turn(before, heard, shop.policies)
    shown = Simulation.objects.filter(conversation=conversation).order_by("-pk").first()
    known = known_simulation(SimulationResult.from_dict(shown.result)) if shown else []
    if consultation is None and not heard.hard and llm.enabled():
        history = history_of(conversation, messages[0])
        known += known_texts(message.words for message in history if message.direction == Direction.IN)
        left = settings.GROQ_TURN_SECONDS - (time.perf_counter() - started)
        consultation = consult(
            conversation, messages, history, heard=heard, policy=policy, shop=shop, known=known, seconds=left
        )
    setting |= {"heard": heard, "known": known, "names": names_of(conversation)}
    setting |= {"open_now": shop.opening.is_open(local), "next_open": shop.opening.next_open_text(local)}
    decision, consultation = _decide(before, incoming, setting, consultation)
    prompt_version_id = policy.version_id if consultation or decision.default else None
    return Thought(
        conversation.pk, conversation.revision, had_left, messages, dialogue, before, decision, shop, shown, started,
        prompt_version_id, consultation,
    )  # fmt: skip


def policy_of_turn(before: DialogueState, heard: Heard, policies: Mapping[Stage, StagePolicy]) -> StagePolicy:
    """A first turn greets by the introduction's prompt, although it ends in the stage after it."""
    return policy_of(before.stage if before.stage == Stage.INTRO else heard.state.stage, policies)


def _decide(
    before: DialogueState, incoming: Sequence[Incoming], setting: dict[str, Any], consultation: Consultation | None
) -> tuple[Decision, Consultation | None]:
    """With the model's proposal if there is one. What nobody foresaw in it must not cost the client the answer."""
    if consultation is None or consultation.parsed.value is None:
        return decide(before, incoming, **setting), consultation
    try:
        return decide(before, incoming, **setting, proposal=consultation.parsed.value), consultation
    except Exception as error:
        log.exception("proposal_failed", error=type(error).__name__)
        broken = Parsed(None, errors=(*consultation.parsed.errors, f"proposal: {type(error).__name__}"))
        return decide(before, incoming, **setting), replace(consultation, parsed=broken)


def _before(conversation: Conversation, dialogue: Dialogue) -> DialogueState:
    before = state_of(dialogue)
    if conversation.contact.opted_out_at:  # perhaps in another thread: it holds for the person, not for a number
        return replace(before, stage=Stage.OPTED_OUT)
    if before.stage == Stage.OPTED_OUT:  # and so does the return
        return replace(before, stage=Stage.QUALIFICATION)
    return before
