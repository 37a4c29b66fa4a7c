"""What is learned of a client, message by message. Plain functions; nothing here remembers the words themselves."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from agent.brain.manner import emoji_count, formality, length_class
from agent.brain.mood import CLEAR, sentiment
from agent.brain.names import find_name
from agent.brain.subject import keywords, topics
from agent.brain.text import normalise

__all__ = [
    "CLEAR", "ProfileData", "emoji_count", "formality", "keywords", "learn", "length_class", "preferred_name",
    "sentiment", "topics",
]  # fmt: skip

_RECENT, _USUAL = 0.3, 0.08  # weight of the newest message in the mood of now, and in that of always
_FAINT = 0.3  # a message without mood moves either so much less
_HABIT = 0.1  # weight of the newest in habits, once there are ten
_TONE = 0.35
_BUSY, _LIVELY = 10, 3  # messages on a day of writing
_CALLED = re.compile(
    r"(?<!nao )(?<!nao precisa )(?<!nao pode )\b(?:me cham(?:ar|a|e|am)|chamar)(?: so)? de "
    r"(?!manha|tarde|noite|madrugada|novo|volta|voce|senhora?\b)"
)


@dataclass(frozen=True)
class ProfileData:
    """`average_length` in characters; `emoji_rate` the share of messages with an emoji; `formality` and the moods -1
    to 1, None before any; `topics` and `transitions` ("a>b") count; `days` the client wrote on, `last_day` as ISO."""

    messages: int = 0
    average_length: float = 0.0
    emoji_rate: float = 0.0
    formality: float = 0.0
    sentiment: float | None = None
    usual_sentiment: float | None = None
    topics: Mapping[str, int] = field(default_factory=dict)
    transitions: Mapping[str, int] = field(default_factory=dict)
    last_topic: str = ""
    days: int = 0
    last_day: str = ""

    @property
    def length(self) -> str:
        return length_class(self.average_length) if self.messages else ""

    @property
    def trend(self) -> float | None:
        """The mood of now against that of always: above 0 it grows better. None before there is one."""
        if self.sentiment is None or self.usual_sentiment is None:
            return None
        return round(self.sentiment - self.usual_sentiment, 3)

    @property
    def engagement(self) -> str:
        """ "high" above 10 messages on a day of writing, "medium" above 3, else "low"; empty before any."""
        if not self.days:
            return ""
        a_day = self.messages / self.days
        return "high" if a_day > _BUSY else "medium" if a_day > _LIVELY else "low"

    def joined(self, other: "ProfileData") -> "ProfileData":
        """Of two that turn out to be one person's: counts add up, habits weigh as much as they were seen, and what was
        spoken of last is the later one's."""
        later = max(self, other, key=lambda profile: profile.last_day)
        return ProfileData(
            messages=self.messages + other.messages,
            average_length=self._between(other, self.average_length, other.average_length) or 0.0,
            emoji_rate=self._between(other, self.emoji_rate, other.emoji_rate) or 0.0,
            formality=self._between(other, self.formality, other.formality) or 0.0,
            sentiment=self._between(other, self.sentiment, other.sentiment),
            usual_sentiment=self._between(other, self.usual_sentiment, other.usual_sentiment),
            topics=_sum(self.topics, other.topics),
            transitions=_sum(self.transitions, other.transitions),
            last_topic=later.last_topic,
            days=self.days + other.days,
            last_day=later.last_day,
        )

    def _between(self, other: "ProfileData", mine: float | None, theirs: float | None) -> float | None:
        if mine is None or theirs is None:
            return theirs if mine is None else mine
        return round((mine * self.messages + theirs * other.messages) / max(self.messages + other.messages, 1), 4)


def learn(profile: ProfileData, texts: Iterable[str], *, day: str = "") -> ProfileData:
    """The profile after these messages, oldest first, all of one `day` (ISO). One by one or together is the same."""
    for text in texts:
        profile = _learn_one(profile, text, day)
    return profile


def _learn_one(known: ProfileData, text: str, day: str) -> ProfileData:
    count = known.messages + 1
    habit, tone, mood = max(_HABIT, 1 / count), formality(text), sentiment(text)
    weight = 1.0 if abs(mood) >= CLEAR else _FAINT
    found = topics(text)
    return replace(
        known,
        messages=count,
        average_length=_nearer(known.average_length, len(text.strip()), habit),
        emoji_rate=_nearer(known.emoji_rate, float(emoji_count(text) > 0), habit),
        formality=_nearer(known.formality, tone, _TONE) if tone else known.formality,
        sentiment=mood if known.sentiment is None else _nearer(known.sentiment, mood, _RECENT * weight),
        usual_sentiment=mood
        if known.usual_sentiment is None
        else _nearer(known.usual_sentiment, mood, max(_USUAL, 1 / count) * weight),
        topics=_sum(known.topics, dict.fromkeys(found, 1)),
        transitions=_sum(known.transitions, dict.fromkeys(_transitions(known.last_topic, found), 1)),
        last_topic=found[-1] if found else known.last_topic,
        days=known.days + (day != known.last_day or not known.days),
        last_day=day or known.last_day,
    )


def _nearer(old: float, new: float, weight: float) -> float:
    return round(old + (new - old) * weight, 4)


def _sum(mine: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    return {name: mine.get(name, 0) + theirs.get(name, 0) for name in {**mine, **theirs}}


def _transitions(last: str, found: tuple[str, ...]) -> list[str]:
    """From what was spoken of last to what this message begins with, unless it stays with it."""
    return [f"{last}>{found[0]}"] if last and found and last not in found else []


def preferred_name(text: str) -> str:
    """What the client asks to be called ("pode me chamar de Zé"), or nothing."""
    norm = normalise(text[:500])
    match = _CALLED.search(norm.text)
    if match is None:
        return ""
    return find_name(normalise(f"pode me chamar de {norm.origin(match.end(), len(norm.text))}"), None) or ""
