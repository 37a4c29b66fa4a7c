"""Ports: places where a lower layer asks something a higher one answers, without knowing it."""

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Port(Generic[P, R]):
    """Calls whatever was plugged in last, else its default.

    describe = Port(lambda lead: {})
    describe.plug(function_of_a_higher_layer)
    describe(lead)
    """

    def __init__(self, default: Callable[P, R]) -> None:
        self._answer = default

    def plug(self, answer: Callable[P, R]) -> Callable[P, R]:
        self._answer = answer
        return answer

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._answer(*args, **kwargs)


class Gathering(Generic[P]):
    """Calls everything that was plugged in and joins the answers; without any it is empty.

    more = Gathering()
    more.plug(function_of_a_higher_layer)
    more(lead)
    """

    def __init__(self) -> None:
        self._answers: list[Callable[P, dict[str, Any]]] = []

    def plug(self, answer: Callable[P, dict[str, Any]]) -> Callable[P, dict[str, Any]]:
        self._answers.append(answer)
        return answer

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        for answer in self._answers:
            joined |= answer(*args, **kwargs)
        return joined
