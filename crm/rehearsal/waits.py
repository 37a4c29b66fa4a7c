"""How long people waited, and from when on that was normal again. Moments are seconds of the wall clock."""

from collections.abc import Iterable
from dataclasses import dataclass

SHORTEST_NORMAL_SECONDS = 2.0
NORMAL_FACTOR = 1.5


@dataclass(frozen=True)
class Wait:
    begun: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


def normal(waits: Iterable[Wait], until: float) -> float:
    """Seconds within which everybody had what they waited for before the fault, with some room."""
    before = (wait.seconds for wait in waits if wait.ended <= until)
    return max(NORMAL_FACTOR * max(before, default=0.0), SHORTEST_NORMAL_SECONDS)


def recovered_after(waits: Iterable[Wait], struck: float, within: float) -> float:
    """Seconds from the strike until the last one who waited longer than normal had what they waited for."""
    late = (wait.ended - struck for wait in waits if wait.seconds > within)
    return max((0.0, *late))


def longest(waits: Iterable[Wait], struck: float) -> float:
    """Of those that ended after the strike, in seconds."""
    return max((wait.seconds for wait in waits if wait.ended > struck), default=0.0)
