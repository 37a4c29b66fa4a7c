"""What a thread says about itself: how long, how much, how fast it was answered, about what, in which mood."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, median

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDate

from conversations.models import Author, Conversation, Direction, Message, MessageKind
from conversations.states import ASIDE

_LOOKED_AT = 500  # of a long thread the latest messages tell how it goes
_TOPICS = 6
_MOODS = 12
_SHIFT = 0.15  # of a scale from -1 to 1: less is no trend


@dataclass(frozen=True)
class Insights:
    """Times in seconds, None where there was nothing to measure; `moods` from -1 to 1, the oldest first."""

    first_at: datetime | None
    last_at: datetime | None
    received: int
    sent: int
    days: int
    livia_seconds: float | None
    people_seconds: float | None
    topics: list[str]
    moods: list[float]
    trend: str
    engagement: str

    @property
    def total(self) -> int:
        return self.received + self.sent

    @property
    def duration(self) -> timedelta:
        return self.last_at - self.first_at if self.first_at and self.last_at else timedelta()


def thread_insights(conversation: Conversation) -> Insights:
    """Two queries, however long the thread."""
    rows = conversation.messages.exclude(kind__in=[*ASIDE, MessageKind.PENDING])
    totals = rows.aggregate(
        first_at=Min("created_at"),
        last_at=Max("created_at"),
        received=Count("pk", filter=Q(direction=Direction.IN)),
        sent=Count("pk", filter=Q(direction=Direction.OUT)),
        days=Count(TruncDate("created_at"), filter=Q(direction=Direction.IN), distinct=True),
    )
    # With the thread: the manager ties each row to it, and would fetch what is missing row by row.
    fields = ("conversation", "direction", "author", "created_at", "sentiment", "keywords")
    latest = list(rows.only(*fields).order_by("-pk")[:_LOOKED_AT])[::-1]
    waits = _waits(latest)
    moods = [message.sentiment for message in latest if message.sentiment is not None]
    return Insights(
        **totals,
        livia_seconds=_median(seconds for author, seconds in waits if author == Author.LIVIA),
        people_seconds=_median(seconds for author, seconds in waits if author != Author.LIVIA),
        topics=_topics(latest),
        moods=moods[-_MOODS:],
        trend=mood_trend(moods),
        engagement=engagement(totals["received"], totals["days"]),
    )


def _waits(messages: Iterable[Message]) -> list[tuple[str, float]]:
    """Who answered, and how long the first message of that burst of the client's had waited."""
    waits, since = [], None
    for message in messages:
        if message.direction == Direction.IN:
            since = since or message.created_at
        elif since is not None:
            waits.append((message.author, (message.created_at - since).total_seconds()))
            since = None
    return waits


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return median(known) if known else None


def _topics(messages: Iterable[Message]) -> list[str]:
    counted = Counter(word for message in messages for word in set(message.keywords or []))
    return [word for word, _times in counted.most_common(_TOPICS)]


def mood_trend(moods: Sequence[float]) -> str:
    """The later half against the earlier one: `better`, `worse`, `steady`; nothing of fewer than four."""
    if len(moods) < 4:
        return ""
    half = len(moods) // 2
    shift = mean(moods[half:]) - mean(moods[:half])
    return "better" if shift > _SHIFT else "worse" if shift < -_SHIFT else "steady"


def engagement(received: int, days: int) -> str:
    """By the client's messages on a day they write: `high`, `medium`, `low`; nothing before the first."""
    if not days:
        return ""
    a_day = received / days
    if a_day > settings.ENGAGEMENT_HIGH:
        return "high"
    return "medium" if a_day > settings.ENGAGEMENT_MEDIUM else "low"
