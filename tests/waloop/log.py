"""Lists that other threads append to and tests wait on."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(look: Callable[[], T], seconds: float = 20) -> T:
    """The first truthy answer of `look`."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"it did not come true in {seconds} s"
        time.sleep(0.01)
    return found


class Log(list[T]):
    """A list with a bell."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()

    def append(self, item: T) -> None:
        with self._changed:
            super().append(item)
            self._changed.notify_all()

    def wait(self, test: Callable[[T], object] = lambda item: True, seconds: float = 20) -> T:
        """The first item that passes the test, now or when it comes."""
        until = time.monotonic() + seconds
        place = 0
        with self._changed:
            while True:
                place = min(place, len(self))  # it may have been cleared
                for item in self[place:]:
                    if test(item):
                        return item
                place = len(self)
                left = until - time.monotonic()
                assert left > 0, f"nothing like that in {seconds} s; {place} others came"
                self._changed.wait(left)
