"""Asking something that may never answer: each question has a thread and a time, and who asks goes on after that.

A thread that hangs stays, and the same question is not asked a second time meanwhile: there are never more such threads
than questions.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")

# Few of the pool's connections at once: pages want them too.
_DATABASE_PLACES = threading.BoundedSemaphore(3)


@dataclass(frozen=True)
class Question(Generic[T]):
    """`is_first`: it waits for no place, however many others hang."""

    name: str
    ask: Callable[[], T]
    asks_database: bool = False
    is_first: bool = False


@dataclass(frozen=True)
class Answer(Generic[T]):
    """`value` is None where there was none: then `error` names the exception, or is "" for silence."""

    value: T | None
    seconds: float
    error: str = ""


class _Asking(Generic[T]):
    def __init__(self, question: Question[T]) -> None:
        self.question = question
        self.answer: Answer[T] | None = None
        self.began = time.monotonic()
        self.thread = threading.Thread(target=self._run, name=f"look-{question.name}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        if not self.question.asks_database:
            self._ask()
            return
        with nullcontext() if self.question.is_first else _DATABASE_PLACES:
            try:
                self._ask()
            finally:
                connection.close()  # back into the pool

    def _ask(self) -> None:
        began = time.monotonic()
        try:
            self.answer = Answer(self.question.ask(), time.monotonic() - began)
        except Exception as error:  # whatever it is, it is the answer
            self.answer = Answer(None, time.monotonic() - began, type(error).__name__)


_lock = threading.Lock()
_asking: dict[str, _Asking] = {}


def ask_all(questions: Sequence[Question[T]], *, seconds: float) -> list[Answer[T]]:
    """The answers in the order of the questions, all of them within `seconds`."""
    until = time.monotonic() + seconds
    with _lock:
        asked = [_begun(question) for question in questions]
    for one in asked:
        one.thread.join(max(0.0, until - time.monotonic()))
    return [one.answer or Answer(None, time.monotonic() - one.began) for one in asked]


def _begun(question: Question[T]) -> _Asking[T]:
    before = _asking.get(question.name)
    if before is None or not before.thread.is_alive():
        _asking[question.name] = _Asking(question)
    return _asking[question.name]
