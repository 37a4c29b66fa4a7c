"""One id from what WhatsApp handed over to what a browser is shown: in rows, task headers and every log line.

It is a trace id as the W3C writes it (https://www.w3.org/TR/trace-context/: 32 hex digits, not all zero), so that any
tracer can go by it too. Where nobody traces (crm.otel), a span costs nothing.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

_ID = re.compile(r"[0-9a-f]{32}")
_PARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
SHORT = 8  # of an id, for people to quote


@dataclass(frozen=True)
class Place:
    """Where we are: the trace, and the span that the next one belongs to, "" where none is known."""

    trace: str = ""
    span: str = ""


class Span(Protocol):
    def note(self, **attributes: Any) -> None:
        """Add what is only known later. Never anything of a client's."""

    def rename(self, name: str) -> None: ...


class _NoSpan:
    def note(self, **attributes: Any) -> None:
        pass

    def rename(self, name: str) -> None:
        pass


Spans = Callable[[str, dict[str, Any]], AbstractContextManager[Span]]

_NOWHERE = Place()
_here: ContextVar[Place] = ContextVar("trace", default=_NOWHERE)
_nothing: AbstractContextManager[Span] = nullcontext(_NoSpan())
_spans: Spans | None = None


def trace_new() -> str:
    return secrets.token_hex(16)


def here() -> Place:
    return _here.get()


def current() -> str:
    """The id of what is being done, "" outside of everything."""
    return _here.get().trace


def carried() -> str:
    """What to hand on, to another thread or process, for `traced` there: a `traceparent`, or "" outside."""
    place = _here.get()
    return f"00-{place.trace}-{place.span}-01" if place.span else place.trace


@contextmanager
def traced(carrier: str = "") -> Iterator[str]:
    """Inside, everything is of this trace: what `carried` gave, a trace id, or a new one where it is neither.

    Its own trace again changes nothing: spans stay where they belong.
    """
    place = place_of(carrier)
    if place.trace == current() and not place.span:
        yield place.trace
        return
    with at(place):
        yield place.trace


@contextmanager
def at(place: Place) -> Iterator[None]:
    """Inside, `place` is where we are. For tracers; anybody else calls `traced`."""
    token = _here.set(place)
    try:
        yield
    finally:
        _here.reset(token)


def place_of(carrier: str) -> Place:
    """What `traced` makes of a carrier."""
    if _ID.fullmatch(carrier) and int(carrier, 16):
        return Place(carrier)
    found = _PARENT.fullmatch(carrier)
    if found and not carrier.startswith("ff") and int(found[1], 16) and int(found[2], 16):
        return Place(found[1], found[2])
    return Place(trace_new())


def span(name: str, **attributes: Any) -> AbstractContextManager[Span]:
    """A piece of work, for a tracer. Names are few and fixed; neither they nor attributes tell anything of a client."""
    return _spans(name, attributes) if _spans else _nothing


def spans_by(spans: Spans | None) -> None:
    """Have spans opened by a tracer, or by none."""
    global _spans
    _spans = spans
