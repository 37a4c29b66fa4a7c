"""Recorded turns through today's code: the state, products, prompts and time of then, the model's recorded words."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from agent import catalogue
from agent.brain.dialogue import Decision, DialogueState, Incoming, decide, hear
from agent.brain.known import known_simulation, known_texts
from agent.brain.model_reply import ModelReply, parse
from agent.brain.policies import DEFAULT_POLICIES, StagePolicy
from agent.brain.products import ProductTerms
from agent.brain.prompting import prompt
from agent.brain.redaction import restore
from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage
from agent.contexts import history_of, layers_of, local_now, names_of
from agent.evaluation.clock import Clock
from agent.models import ProductVersion, PromptVersion, Simulation, Turn
from agent.prompts import policy_of_version
from agent.thinking import policy_of_turn
from conversations.models import Direction, Message
from crm.core.clock import now

_AGO = re.compile(r"(\d{1,5})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Replayed:
    """One turn again. `changes` maps what differs to (then, now); `skipped` says why it could not be played."""

    turn: Turn
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    skipped: str = ""

    def as_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {"turn": self.turn.pk, "conversation": self.turn.conversation_id}
        told["at"] = self.turn.created_at.isoformat()
        if self.skipped:
            return {**told, "skipped": self.skipped}
        return {**told, "changes": {name: {"then": then, "now": new} for name, (then, new) in self.changes.items()}}

    def lines(self) -> Iterator[str]:
        """For people; the words as a unified diff."""
        yield f"turn {self.turn.pk} of conversation {self.turn.conversation_id}, {self.turn.created_at:%Y-%m-%d %H:%M}"
        if self.skipped:
            yield f"  skipped: {self.skipped}"
        for name, (then, new) in self.changes.items():
            if name == "replies":
                then_lines, new_lines = ("\n\n".join(texts).splitlines() for texts in (then, new))
                yield from (
                    "  " + line for line in difflib.unified_diff(then_lines, new_lines, "then", "now", "", "", 1, "")
                )
            else:
                yield f"  {name}: {then!r} -> {new!r}"


@dataclass
class Summary:
    """What a replay of several turns found."""

    turns: int = 0
    same: int = 0
    skipped: int = 0
    by_field: Counter[str] = field(default_factory=Counter)

    def count(self, replayed: Replayed) -> None:
        self.turns += 1
        self.skipped += bool(replayed.skipped)
        self.same += not (replayed.skipped or replayed.changes)
        self.by_field.update(replayed.changes.keys())

    @property
    def different(self) -> int:
        return self.turns - self.same - self.skipped

    def as_dict(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("turns", "same", "different", "skipped")}
        return {**counts, "by_field": dict(self.by_field)}


def moment(text: str) -> datetime:
    """A date, a date with time, or "7d", "24h" ago. Raises ValueError."""
    if ago := _AGO.fullmatch(text.strip()):
        return now() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    if (at := parse_datetime(text)) is not None:
        return at if timezone.is_aware(at) else timezone.make_aware(at)
    if (day := parse_date(text)) is not None:
        return timezone.make_aware(datetime(day.year, day.month, day.day))
    raise ValueError(f"{text} is neither a date nor a span such as 7d")


def recorded(since: datetime | None, limit: int | None) -> QuerySet[Turn]:
    """The newest turns, newest first."""
    rows = Turn.objects.select_related("conversation__contact", "conversation__lead", "simulation").order_by("-pk")
    rows = rows.filter(created_at__gte=since) if since else rows
    return rows[:limit] if limit else rows


def replay(turn: Turn) -> Replayed:
    """Play one turn again. The database refuses every write meanwhile."""
    with transaction.atomic(), Clock(turn.created_at):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        rows = {message.pk: message for message in turn.messages()}
        messages = [rows[pk] for pk in turn.message_ids if pk in rows]
        if len(messages) < len(turn.message_ids) or not messages:
            return Replayed(turn, skipped="its messages are gone")
        try:
            return Replayed(turn, _changes(turn, _decided(turn, messages)))
        except Exception as error:  # one broken turn is a finding, not the end of the replay
            return Replayed(turn, {"error": ("", f"{type(error).__name__}: {error}")})


def _decided(turn: Turn, messages: list[Message]) -> Decision:
    state, local = DialogueState.from_dict(turn.state_before), local_now()
    opening = catalogue.opening()
    incoming = [Incoming(text=message.words, kind=message.kind, id=message.pk) for message in messages]
    setting: dict[str, Any] = {
        "products": _products_then(turn),
        "business": catalogue.business(),
        "policies": _policies_then(turn),
        "today": local.date(),
    }
    heard = hear(state, incoming, **setting)
    history = history_of(turn.conversation, messages[0])
    known = _known_then(turn)
    if not heard.hard and turn.prompt_hash:  # a model was asked
        known += known_texts(message.words for message in history if message.direction == Direction.IN)
    names = names_of(turn.conversation)
    proposal = None
    if not heard.hard and turn.raw_output:
        policy = policy_of_turn(state, heard, setting["policies"])
        layers = layers_of(turn.conversation, messages, history, slots=heard.state.slots, opening=opening)
        asked = prompt(
            policy, layers, heard.state, heard.texts, setting["products"], setting["business"], known=known, names=names
        )
        proposal = _proposed(turn, asked.placeholders)
    return decide(
        state, incoming, **setting, heard=heard, proposal=proposal, known=known, names=names,
        open_now=opening.is_open(local), next_open=opening.next_open_text(local),
    )  # fmt: skip


def _proposed(turn: Turn, placeholders: Mapping[str, str]) -> ModelReply | None:
    """The record keeps the model's words without personal data; what the client said is put back where it stood."""
    return parse(restore(turn.raw_output, placeholders)).value


def _known_then(turn: Turn) -> list[Any]:
    shown = Simulation.objects.filter(conversation=turn.conversation_id, created_at__lt=turn.created_at)
    last = shown.exclude(pk=turn.simulation_id or 0).order_by("-pk").first()  # not the one this turn made
    return known_simulation(SimulationResult.from_dict(last.result)) if last else []


def _products_then(turn: Turn) -> dict[str, ProductTerms]:
    versions = ProductVersion.objects.filter(pk__in=filter(None, turn.products.values()))
    return {version.code: version.terms() for version in versions}


def _policies_then(turn: Turn) -> dict[Stage, StagePolicy]:
    newest = PromptVersion.objects.filter(created_at__lte=turn.created_at).order_by("stage", "-version")
    return {**DEFAULT_POLICIES, **{Stage(row.stage): policy_of_version(row) for row in newest.distinct("stage")}}


def _changes(turn: Turn, decision: Decision) -> dict[str, tuple[Any, Any]]:
    slots = dict(decision.state.slots)
    differing = sorted(name for name in {*slots, *turn.slots_after} if slots.get(name) != turn.slots_after.get(name))
    pairs = {
        "outcome": (turn.outcome, decision.outcome),
        "reason": (turn.reason, decision.reason),
        "stage": (turn.stage_after, decision.state.stage.value),
        "intent": (turn.intent, decision.intent),
        "path": (turn.path, list(decision.path)),
        **{f"slot {name}": (turn.slots_after.get(name), slots.get(name)) for name in differing},
        "guard": ([hit["code"] for hit in turn.guard_hits], [hit["code"] for hit in decision.guard_hits]),
        "replies": (turn.replies, list(decision.replies)),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
