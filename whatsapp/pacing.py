"""How fast messages leave a number, so that WhatsApp does not take it for a spammer's. Figures are settings."""

import time
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

DAY = timedelta(days=1)


class Bucket:
    """So many a minute, so many of them at once. It starts empty, so that a process that starts over gains nothing.

    `full_at` is the moment from which nothing would be owed any more (the generic cell rate algorithm, ITU-T I.371).
    """

    def __init__(self, *, per_minute: float, burst: int = 1) -> None:
        self.every, self.burst = 60 / per_minute, burst
        self.full_at = self._owed(time.monotonic())

    @property
    def look_back(self) -> float:
        """Seconds of history that decide what may be taken now."""
        return max(2 * self.burst * self.every, 60.0)

    def recall(self, ages: Iterable[float]) -> None:
        """What was taken within `look_back`, in seconds before now."""
        at = time.monotonic()
        self.full_at = self._owed(at - self.look_back)
        for age in sorted(ages, reverse=True):
            self._note(at - max(age, 0))

    def wait(self) -> float:
        """Seconds until the next one may be taken; 0 if it may now."""
        return max(self.full_at - (self.burst - 1) * self.every - time.monotonic(), 0.0)

    def take(self) -> None:
        self._note(time.monotonic())

    def give_back(self) -> None:
        """What was taken was not used."""
        self.full_at -= self.every

    def _note(self, moment: float) -> None:
        self.full_at = min(max(self.full_at, moment) + self.every, self._owed(moment))

    def _owed(self, moment: float) -> float:
        return moment + self.burst * self.every


class DayBudget:
    """So many in any 24 hours: a list of when, oldest first, and those on their way."""

    def __init__(self, per_day: int, used: list[datetime]) -> None:
        self.per_day, self.used = per_day, used
        self.leaving: set[int] = set()

    def frees_at(self, moment: datetime, *, ahead: int = 0) -> datetime | None:
        """None if there is room at `moment`, else when there will be, with `ahead` others waiting for it too."""
        del self.used[: bisect_right(self.used, moment - DAY)]
        taken = self.used + [moment] * len(self.leaving)
        if len(taken) < self.per_day:
            return None
        if self.per_day < 1:
            return moment + DAY
        rounds, place = divmod(ahead, self.per_day)
        return taken[-self.per_day :][place] + DAY * (1 + rounds)

    def leave(self, message_id: int) -> None:
        self.leaving.add(message_id)

    def settle(self, message_id: int, left_at: datetime | None) -> None:
        """The message left (surely or perhaps), or with None it did not."""
        if message_id in self.leaving:
            self.leaving.discard(message_id)
            if left_at is not None:
                self.used.append(left_at)
