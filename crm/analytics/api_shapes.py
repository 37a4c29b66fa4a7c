"""Figures as plain JSON, and the JSON schema of it: both from the shapes, so that they cannot differ."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from crm.analytics.shapes import Figures, Standing

# Name in an answer → name in Figures.
BLOCKS = {
    "headline": "headline",
    "funnel": "funnel",
    "conversion": "conversion",
    "response": "response",
    "stages": "stage_times",
    "losses": "losses",
    "livia": "livia",
    "hours": "hours",
    "consultants": "consultants",
}
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "format": "decimal"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def plain(value: Any) -> Any:
    """Dataclasses as objects, decimals as text, moments in UTC, lazy texts in the reader's language."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | float) else str(value)


def schema() -> dict[str, Any]:
    """Of an answer: what was asked, how fresh it is, and the blocks."""
    hints = get_type_hints(Figures)
    blocks = {name: _described(hints[attribute]) for name, attribute in BLOCKS.items()}
    period = {"first": _PLAIN[date], "last": _PLAIN[date]}
    head = {
        "period": {**_object(period), "description": "Local days, both included."},
        **{name: _schema(hint) for name, hint in get_type_hints(Standing).items()},
    }
    text = (
        "Money is in cents, times in seconds, shares from 0 to 1; null: nothing to measure. `as_of`: everything up to "
        "then is in the figures; null before they were first counted; `rebuilding`: more is coming."
    )
    return {"type": "object", "description": text, "required": list(head), "properties": {**head, **blocks}}


def _schema(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint):
        return _described(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        known = _schema(next(one for one in inner if one is not NoneType))
        return {**known, "type": [known["type"], "null"]}
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin is tuple:  # of equal parts, as many as it says
        many = {} if inner[-1] is Ellipsis else {"minItems": len(inner), "maxItems": len(inner)}
        return {"type": "array", "items": _schema(inner[0]), **many}
    return {"type": "object", "additionalProperties": _schema(inner[1])}  # a mapping


def _described(shape: Any) -> dict[str, Any]:
    told = _object({name: _schema(hint) for name, hint in get_type_hints(shape).items()})
    doc = cleandoc(shape.__doc__ or "")
    return told if doc.startswith(f"{shape.__name__}(") else {**told, "description": doc}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
