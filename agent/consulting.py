"""Asking the model for the words of a turn: what it is told, what it answered, and what of that is kept.

Personal data stays here: what goes out, and what the record keeps, carries placeholders.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.brain.dialogue import Heard
from agent.brain.known import Known
from agent.brain.model_reply import REPLY_SCHEMA, Parsed, parse
from agent.brain.policies import StagePolicy
from agent.brain.prompting import prompt
from agent.brain.redaction import redact
from agent.catalogue import Catalogue
from agent.contexts import layers_of, names_of
from agent.llm import client as llm
from conversations.models import Conversation, Message


@dataclass(frozen=True)
class Consultation:
    """What was asked and what came back. `raw_output` and `context` are without personal data."""

    answer: llm.Answer
    parsed: Parsed
    ms: int
    prompt_hash: str
    context_version: int
    context: Mapping[str, Any]
    raw_output: str


def consult(
    conversation: Conversation,
    messages: Sequence[Message],
    history: Sequence[Message],
    *,
    heard: Heard,
    policy: StagePolicy,
    shop: Catalogue,
    known: Sequence[Known],
    seconds: float,
) -> Consultation:
    """Ask within `seconds`. Never raises for what the model does; no answer is an answer too."""
    names = names_of(conversation)
    layers = layers_of(conversation, messages, history, slots=heard.state.slots, opening=shop.opening)
    asked = prompt(policy, layers, heard.state, heard.texts, shop.products, shop.business, known=known, names=names)
    started = time.perf_counter()
    answer = llm.ask(asked.messages, schema=REPLY_SCHEMA, seconds=seconds)
    ms = round((time.perf_counter() - started) * 1000)
    full_names = [*names, str(heard.state.slots.get("name", ""))]
    return Consultation(
        answer=answer,
        parsed=parse(answer.text) if answer.ok else Parsed(None),
        ms=ms,
        prompt_hash=asked.hash,
        context_version=layers.version,
        context=asked.context,
        raw_output=redact(answer.text or "", names=full_names, known=asked.placeholders).text,
    )


def unstorable(consultation: Consultation) -> Consultation:
    """That the model was asked, and nothing of what it said: some of it no database takes."""
    answer = llm.Answer(None, error="unstorable", breaker=consultation.answer.breaker)
    return replace(consultation, answer=answer, parsed=Parsed(None), context={}, raw_output="")
