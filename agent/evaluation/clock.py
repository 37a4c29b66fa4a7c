"""Time as a run wants it: business hours of a plain Wednesday, and waiting takes none of it."""

import time
from datetime import UTC, datetime, timedelta
from types import TracebackType

from django.utils import timezone

WEDNESDAY = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)  # 10:00 in Brasília


class Clock:
    """Stands still, or runs on if told so, and moves by `shift`. Inside its `with`, the product's time is this."""

    def __init__(self, start: datetime = WEDNESDAY, *, runs: bool = False) -> None:
        self._at, self._runs, self._since = start, runs, time.monotonic()
        self._real = timezone.now

    def now(self) -> datetime:
        ran = time.monotonic() - self._since if self._runs else 0.0
        return self._at + timedelta(seconds=ran)

    def shift(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)

    def __enter__(self) -> "Clock":
        # crm.core.clock and the database's automatic fields both ask Django for the time.
        timezone.now = self.now
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        timezone.now = self._real
