"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_STEP_SECONDS = 0.01


def eventually(condition: Callable[[], T], *, seconds: float = 10.0) -> T:
    """The first true answer of a condition; AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        time.sleep(_STEP_SECONDS)
    return answer
