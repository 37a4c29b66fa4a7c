"""What a model answers: the schema it is asked for, and reading whatever it really sent.

Nothing in an answer is trusted. A field that is not as asked is dropped and named; without usable words there is no
answer at all, and never half a sentence.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, ValidationError, field_validator

from agent.brain.choices import PRODUCTS
from agent.brain.intents import INTENTS
from agent.brain.roles import MONEY_SLOTS
from agent.brain.stages import Stage
from agent.brain.summary import OCCUPATIONS, PURPOSES

MAX_READ = 20_000  # characters of an answer that are looked at
_MAX_FAULTS = 40
_DEEPEST = 6  # levels of an answer; what lies below is none of it
# No database holds NUL or half a surrogate; the others hide what a line says, or turn it round.
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_URGENCY = ("high", "medium", "low")
_TEXTS = ("name", "city", "uf", "cpf", "email", "phone")
_CHOICES: dict[str, tuple[str, ...]] = {
    "product": PRODUCTS,
    "occupation": tuple(OCCUPATIONS),
    "purpose": tuple(PURPOSES),
    "urgency": _URGENCY,
}


def _nullable(kind: str, choices: tuple[str, ...] = ()) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": [kind, "null"]}
    return {**schema, "enum": [*choices, None]} if choices else schema


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


REPLY_SCHEMA: dict[str, Any] = _object(
    {
        "reply": {"type": "string"},
        "intent": {"type": "string", "enum": list(INTENTS)},
        "slots": _object(
            {
                **{slot: _nullable("string") for slot in _TEXTS},
                **{slot: _nullable("integer") for slot in (*MONEY_SLOTS, "term_months")},
                "collateral_paid_off": _nullable("boolean"),
                **{slot: _nullable("string", choices) for slot, choices in _CHOICES.items()},
            }
        ),
        "next_stage": _nullable("string", tuple(stage.value for stage in Stage)),
        "confidence": {"type": ["number", "null"]},
        "handoff": {"type": "boolean"},
        "handoff_reason": _nullable("string"),
    }
)


class ProposedSlots(BaseModel):
    """Money in cents, terms in months; None says nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None = Field(default=None, max_length=120)
    city: str | None = Field(default=None, max_length=120)
    uf: str | None = Field(default=None, max_length=2)
    product: str | None = None
    credit_amount: StrictInt | None = None
    property_value: StrictInt | None = None
    vehicle_value: StrictInt | None = None
    monthly_income: StrictInt | None = None
    down_payment: StrictInt | None = None
    max_installment: StrictInt | None = None
    term_months: StrictInt | None = None
    occupation: str | None = None
    purpose: str | None = None
    collateral_paid_off: StrictBool | None = None
    urgency: str | None = None
    cpf: str | None = Field(default=None, max_length=20)
    email: str | None = Field(default=None, max_length=120)
    phone: str | None = Field(default=None, max_length=30)

    @field_validator(*_CHOICES)
    @classmethod
    def _is_listed(cls, value: str | None, info: Any) -> str | None:
        if value is not None and value not in _CHOICES[info.field_name]:
            raise ValueError("not one of the choices")
        return value

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class ModelReply(BaseModel):
    """An answer whose every field is as asked for, or absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reply: str
    intent: Literal[INTENTS] | None = None  # type: ignore[valid-type]
    slots: ProposedSlots = ProposedSlots()
    next_stage: Stage | None = None
    confidence: StrictFloat | StrictInt | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    handoff: StrictBool = False
    handoff_reason: str | None = Field(default=None, max_length=400)
    repaired: bool = False

    @field_validator("reply")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not re.search(r"\w", value):
            raise ValueError("says nothing")
        return value.strip()


@dataclass(frozen=True)
class Parsed:
    """`how`: "strict" as asked for, "repaired", or "" without a usable answer."""

    value: ModelReply | None
    how: Literal["strict", "repaired", ""] = ""
    errors: tuple[str, ...] = ()


def parse(text: str | None) -> Parsed:
    """Read a model's answer. Never raises."""
    if not isinstance(text, str) or not text.strip():
        return Parsed(None, errors=("empty",))
    text = text[:MAX_READ]
    whole = _loads(text)
    data = whole if isinstance(whole, dict) else _recovered(text, whole)
    if data is None:
        return Parsed(None, errors=("no JSON object",))
    plain = data is whole and "reply" in data and _loads(text, strict=True) is not None
    shown = _cleaned(data)
    value, errors = _validated(shown if "reply" in shown else _unwrapped(shown))
    errors = errors if shown == data else ("hidden characters", *errors)
    errors = errors if plain else ("not plain JSON", *errors)
    if value is None:
        return Parsed(None, errors=errors)
    if plain and not errors:
        return Parsed(value, "strict")
    return Parsed(value.model_copy(update={"repaired": True}), "repaired", errors)


def _cleaned(value: Any, levels: int = _DEEPEST) -> Any:
    """Without hidden characters, in names and in values: escapes smuggle them past whoever cleaned the text."""
    if isinstance(value, str):
        return _HIDDEN.sub("", value)
    if isinstance(value, dict | list | tuple) and not levels:
        return None
    if isinstance(value, dict):
        return {_HIDDEN.sub("", str(key)): _cleaned(item, levels - 1) for key, item in value.items()}
    return [_cleaned(item, levels - 1) for item in value] if isinstance(value, list | tuple) else value


def _validated(data: dict[str, Any]) -> tuple[ModelReply | None, tuple[str, ...]]:
    """The answer without the fields that are not as asked for, and what was wrong with them."""
    data = {key: value for key, value in data.items() if key != "repaired"}
    if isinstance(data.get("slots"), dict):
        data["slots"] = dict(data["slots"])
    errors = [f"{key}: missing" for key in REPLY_SCHEMA["required"] if key not in data]
    for _ in range(_MAX_FAULTS):
        try:
            return ModelReply.model_validate(data), tuple(errors)
        except ValidationError as refused:
            fault = refused.errors(include_url=False, include_input=False, include_context=False)[0]
        path = [str(step) for step in fault["loc"]]
        errors.append(f"{'.'.join(path[:2])}: {fault['msg'][:80]}")
        if path[0] == "reply" or not _dropped(data, path):
            break
    return None, tuple(errors)


def _dropped(data: dict[str, Any], path: list[str]) -> bool:
    if path[0] == "slots" and len(path) > 1 and isinstance(data.get("slots"), dict):
        return data["slots"].pop(path[1], _dropped) is not _dropped
    return data.pop(path[0], _dropped) is not _dropped


def _unwrapped(data: dict[str, Any]) -> dict[str, Any]:
    """{"response": {…}} holds the answer one level down."""
    inner = [value for value in data.values() if isinstance(value, dict) and "reply" in value]
    return inner[0] if len(inner) == 1 else data


def _recovered(text: str, whole: Any) -> dict[str, Any] | None:
    """The one object in fences, prose, a list or a string."""
    if isinstance(whole, str):
        again = _loads(whole)
        return again if isinstance(again, dict) else None
    if isinstance(whole, list):
        found = [item for item in whole if isinstance(item, dict)]
        return found[0] if len(found) == 1 else None
    objects = [found for found in _objects(text) if "reply" in found]
    if objects:
        return objects[0] if len({json.dumps(found, sort_keys=True) for found in objects}) == 1 else None
    start = text.find("{")
    return _mended(text[start:]) if start >= 0 else None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Complete JSON objects, none inside another."""
    decoder, position = json.JSONDecoder(strict=False), 0
    while (position := text.find("{", position)) >= 0:
        try:
            found, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            position += 1
            continue
        if isinstance(found, dict):
            yield found


def _mended(text: str) -> dict[str, Any] | None:
    """Trailing commas, Python's quotes and words, or an object cut after its last complete field."""
    body = text[: text.rfind("}") + 1] or text
    tidy = re.sub(r",(\s*[}\]])", r"\1", body)
    for candidate in (tidy, _closed(text)):
        found = _loads(candidate) if candidate else None
        if isinstance(found, dict):
            return found
    try:
        found = ast.literal_eval(tidy)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def _closed(text: str) -> str | None:
    """A cut object up to its last complete field, with its brackets closed; never half a string."""
    stack: list[str] = []
    in_string = escaped = False
    best: tuple[int, str] | None = None
    for position, char in enumerate(text):
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "{[":
            stack.append("}" if char == "{" else "]")
        elif char in "}]":
            if not stack or stack.pop() != char:
                return None
            best = (position + 1, "".join(reversed(stack)))
        elif char == ",":
            best = (position, "".join(reversed(stack)))
        if best and not stack:
            break
    return text[: best[0]] + best[1] if best else None


def _loads(text: str, *, strict: bool = False) -> Any:
    """`strict` refuses line ends inside strings, as JSON does."""
    try:
        return json.loads(text, strict=strict)
    except (ValueError, RecursionError):
        return None
