"""A turn for people: what came in, how it was understood, which way it went, what went out."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from agent import words
from agent.models import Turn
from conversations.models import Message


@dataclass(frozen=True)
class SlotRow:
    """A value before and after the turn; `is_new` if the turn changed it; `url` leads to the message it came from."""

    label: str
    before: str
    after: str
    is_new: bool
    url: str


@dataclass(frozen=True)
class Figure:
    text: str
    source: str
    is_known: bool


@dataclass(frozen=True)
class Step:
    """A step of the turn's way; `is_lost` if nothing of it reached the client."""

    code: str
    label: str
    is_lost: bool = False


@dataclass(frozen=True)
class Bubble:
    """A reply as it was decided, with the message it became, if it did."""

    text: str
    message: Message | None


@dataclass(frozen=True)
class TurnView:
    turn: Turn
    chat_url: str
    incoming: list[Message]
    lost: int  # messages read then that are not there any more
    slots: list[SlotRow]
    path: list[Step]
    bubbles: list[Bubble]
    figures: list[Figure]
    products: list[tuple[str, int]]  # label, version
    facts: list[tuple[str, str]]  # of the context, what is a word or a number
    layers: list[tuple[str, str]]
    rejected: list[tuple[str, str, str]]
    previous_id: int | None
    next_id: int | None
    breaker: str
    level: str  # ok, warn or danger


def turn_view(turn: Turn) -> TurnView:
    """Everything the page shows, in three queries whatever the turn holds."""
    chat_url = reverse("conversations:detail", args=[turn.conversation_id])
    messages = {row.pk: row for row in Message.objects.filter(pk__in=[*turn.message_ids, *turn.reply_ids])}
    incoming = [messages[pk] for pk in turn.message_ids if pk in messages]
    return TurnView(
        turn=turn,
        chat_url=chat_url,
        incoming=incoming,
        lost=len(turn.message_ids) - len(incoming),
        slots=_slots(turn, chat_url),
        path=_path(turn),
        bubbles=_bubbles(turn, messages),
        figures=list(dict.fromkeys(_figure(item) for item in turn.figures)),
        products=[(words.shown("product", code), pk) for code, pk in turn.products.items()],
        facts=[_fact(name, value) for name, value in _layers(turn.context, deep=False)],
        layers=[(words.said(words.LAYERS, name), _readable(value)) for name, value in _layers(turn.context, deep=True)],
        rejected=[_rejected(item) for item in turn.rejected],
        previous_id=_neighbour(turn, Q(pk__lt=turn.pk), "-pk"),
        next_id=_neighbour(turn, Q(pk__gt=turn.pk), "pk"),
        breaker=words.said(words.BREAKER, turn.breaker) if turn.breaker else "",
        level=_level(turn),
    )


def _path(turn: Turn) -> list[Step]:
    """The way of the words, with the model that was asked in vain and the guard where it refused something."""
    steps = [Step(code, words.said(words.PATHS, code)) for code in turn.path]
    place = next((at + 1 for at, step in enumerate(steps) if step.code in ("model", "repaired")), None)
    if place is None:
        place = next((at + 1 for at, step in enumerate(steps) if step.code == "rules"), 0)
        if turn.attempts:
            steps.insert(place, Step("model", words.said(words.PATHS, "model"), is_lost=True))
            place += 1
    if turn.guard_hits:
        steps.insert(place, Step("guard", words.said(words.PATHS, "guard")))
    return steps


def _slots(turn: Turn, chat_url: str) -> list[SlotRow]:
    """All values, the changed ones first."""
    names = dict.fromkeys([*turn.slots_after, *turn.slots_before])
    rows = [_slot(turn, name, chat_url) for name in sorted(names, key=_place)]
    return sorted(rows, key=lambda row: not row.is_new)


def _place(name: str) -> int:
    known = list(words.SLOTS)
    return known.index(name) if name in known else len(known)


def _slot(turn: Turn, name: str, chat_url: str) -> SlotRow:
    before, after = turn.slots_before.get(name), turn.slots_after.get(name)
    source = turn.slot_sources.get(name)
    return SlotRow(
        label=words.said(words.SLOTS, name),
        before=words.shown(name, before),
        after=words.shown(name, after),
        is_new=before != after,
        url=f"{chat_url}?around={source}#msg-{source}" if source else "",
    )


def _bubbles(turn: Turn, messages: dict[int, Message]) -> list[Bubble]:
    """Replies in order; a confirmation of an opt-out has no id on the turn."""
    ids: list[int | None] = [*turn.reply_ids]
    ids += [None] * (len(turn.replies) - len(ids))
    return [Bubble(text, messages.get(pk or 0)) for text, pk in zip(turn.replies, ids, strict=False)]


def _figure(item: dict[str, Any]) -> Figure:
    source = str(item.get("source", ""))
    return Figure(str(item.get("text", "")), words.source(source), bool(source))


def _rejected(item: dict[str, Any]) -> tuple[str, str, str]:
    slot = str(item.get("slot", ""))
    return (
        words.said(words.SLOTS, slot),
        words.shown(slot, item.get("value")),
        words.said(words.WHY_NOT, str(item.get("why", ""))),
    )


def _layers(context: Any, *, deep: bool) -> Iterable[tuple[str, Any]]:
    items = context.items() if isinstance(context, dict) else []
    known = list(words.LAYERS)  # the database keeps no order
    ordered = sorted(items, key=lambda pair: known.index(pair[0]) if pair[0] in known else len(known))
    return [(name, value) for name, value in ordered if isinstance(value, dict | list) == deep and value is not None]


def _fact(name: str, value: Any) -> tuple[str, str]:
    known = {"etapa": words.stages(), "proximo_dado": words.SLOTS}.get(name, {})
    return words.said(words.LAYERS, name), str(known.get(value, value))


def _readable(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _neighbour(turn: Turn, beyond: Q, order: str) -> int | None:
    rows = Turn.objects.filter(beyond, conversation_id=turn.conversation_id).order_by(order)
    return rows.values_list("pk", flat=True).first()


def _level(turn: Turn) -> str:
    if turn.model_error and turn.model_error != "off":
        return "danger"
    return "warn" if turn.guard_hits or turn.validation_errors or "default" in turn.path else "ok"
