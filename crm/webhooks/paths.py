"""Where a value stands in what another system sends.

`data.lead.name` goes by keys, `leads.0.name` by place in a list, `field_data[name=phone].values.0` takes the first of a
list that says so of itself. A key with signs of its own stands in quotes: `"your.name"`. `=home_equity` is no place but
the value itself.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid

CONSTANT = "="
LONGEST = 200
MOST_PATHS = 200
_STEP = re.compile(
    r'(?:^|\.)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^."\[\]|]+))|\[(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*)\]'
)
_PLAIN = re.compile(r"[^.\"\[\]|=]+")
_NAMING = ("name", "key", "field", "slug", "label", "title", "id", "ref")

Step = str | tuple[str, str]


def steps_of(path: str) -> list[Step]:
    """The way to go: keys or places, or (key, value) of an entry to look for. Raises Invalid."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None or match.end() == at:
            break
        at = match.end()
        if match["key"] is not None:
            steps.append((match["key"], match["value"]))
        else:
            steps.append(match["plain"] if match["plain"] is not None else _unquoted(match["quoted"]))
    if at < len(path) or not steps or len(path) > LONGEST:
        raise Invalid(_("“%(path)s” is not a place such as data.lead.name.") % {"path": path[:80]}, code="path")
    return steps


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def find(body: Any, path: str) -> Any:
    """The value at that place; None where there is none. Of a list the first entry. Raises Invalid for a bad path."""
    if path.startswith(CONSTANT):
        return path[1:]
    for step in steps_of(path):
        body = _next(body, step)
    while isinstance(body, list):
        body = body[0] if body else None
    return body


def _next(body: Any, step: Step) -> Any:
    if isinstance(step, tuple):
        key, value = step
        entries = body if isinstance(body, list) else []
        return next((each for each in entries if isinstance(each, dict) and str(each.get(key)) == value), None)
    if isinstance(body, dict):
        return body.get(step)
    if isinstance(body, list) and re.fullmatch(r"\d{1,6}", step):
        return body[int(step)] if int(step) < len(body) else None
    return None


def paths_of(body: Any) -> list[tuple[str, Any]]:
    """Every single value with its place, the first `MOST_PATHS` of them."""
    found = []
    for entry in _leaves(body, ""):
        found.append(entry)
        if len(found) == MOST_PATHS:
            break
    return found


def _leaves(body: Any, way: str) -> Iterator[tuple[str, Any]]:
    if isinstance(body, dict):
        for key, value in body.items():
            yield from _leaves(value, f"{way}.{_key(key)}" if way else _key(key))
    elif isinstance(body, list):
        for step, value in _entries(body):
            yield from _leaves(value, way + (step if way or step[0] == "[" else step[1:]))
    elif way and len(way) <= LONGEST:
        yield way, body


def _entries(body: list[Any]) -> Iterator[tuple[str, Any]]:
    if (names := _names(body)) is None:
        yield from ((f".{number}", value) for number, value in enumerate(body))
        return
    key, texts = names
    for text, entry in zip(texts, body, strict=True):
        yield f"[{key}={text}]", {name: value for name, value in entry.items() if name != key}


def _key(key: str) -> str:
    return key if _PLAIN.fullmatch(key) else '"' + re.sub(r'(["\\])', r"\\\1", key) + '"'


def _names(entries: list[Any]) -> tuple[str, list[str]] | None:
    """By which of their own values the entries of a list are told apart, whatever order they come in."""
    if len(entries) < 2 or not all(isinstance(each, dict) for each in entries):
        return None
    for key in _NAMING:
        values = [each.get(key) for each in entries]
        texts = [value for value in values if isinstance(value, str) and re.fullmatch(r"[^\[\]]+", value)]
        if len(set(texts)) == len(entries):  # so that the text itself tells nothing more
            return key, texts
    return None


def read_json(raw: bytes | str) -> Any:
    """A body as PostgreSQL can keep it: no NUL, no lone surrogate, no number that is none. Raises Invalid."""
    try:
        return _tidy(json.loads(raw, parse_constant=_no_number), 0)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("This is not JSON that can be read."), code="parse_error") from error


def tidy(body: Any) -> Any:
    """As `read_json`, of what was read already. Raises Invalid."""
    try:
        return _tidy(body, 0)
    except ValueError as error:
        raise Invalid(_("This is not JSON that can be read."), code="parse_error") from error


_DEEPEST = 32
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def _tidy(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        return _UNKEPT.sub("", value)
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("too large")
    if isinstance(value, list):
        return [_tidy(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {_UNKEPT.sub("", key): _tidy(each, depth + 1) for key, each in value.items()}
    return value


def _no_number(name: str) -> Any:
    raise ValueError(name)
