"""How long the clients of a load waited, from the product's own rows, and its account in words and figures."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from agent.models import Turn
from conversations.models import Message
from crm.rehearsal.counting import LEFT, Verdict
from crm.rehearsal.watching import Said, chunks

PARTS = (0.5, 0.95, 0.99, 1)


@dataclass(frozen=True)
class Waits:
    """Seconds, of `n` waits."""

    n: int
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    longest: float | None = None

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Waits":
        ordered = sorted(seconds)
        if not ordered:
            return cls(0)
        return cls(len(ordered), *(round(ordered[math.ceil(len(ordered) * part) - 1], 3) for part in PARTS))

    def __str__(self) -> str:
        if not self.n:
            return "none"
        return f"p50 {self.p50:.2f} s, p95 {self.p95:.2f} s, p99 {self.p99:.2f} s, longest {self.longest:.2f} s"


def waits_to_store(said: Sequence[Said]) -> Waits:
    return Waits.of(one.stored - one.at for one in said if one.stored)


def waits_to_answer(said: Sequence[Said]) -> Waits:
    """From the last message a turn read until the first of its replies left the number."""
    at = {one.message_id: one.at for one in said if one.message_id}
    turns: list[tuple[list[int], list[int]]] = []
    for ids in chunks({one.client.conversation_id for one in said if one.client.conversation_id}):
        rows = Turn.objects.filter(conversation_id__in=ids).exclude(reply_ids=[])
        turns += rows.values_list("message_ids", "reply_ids")
    left = _left_at(reply for _read, replies in turns for reply in replies)
    waits = []
    for read, replies in turns:
        heard, sent = [at[pk] for pk in read if pk in at], [left[pk].timestamp() for pk in replies if pk in left]
        if heard and sent:
            waits.append(min(sent) - max(heard))
    return Waits.of(waits)


def _left_at(message_ids: Iterable[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for ids in chunks(message_ids):
        found.update(Message.objects.filter(pk__in=ids, state__in=LEFT).values_list("pk", "sent_at"))
    return found


@dataclass(frozen=True)
class Summary:
    verdict: Verdict
    seconds: float
    chats: int
    resent: int
    held: int
    settled: bool
    to_store: Waits
    to_answer: Waits

    def as_dict(self) -> dict[str, object]:
        figures = asdict(self)
        return figures.pop("verdict") | figures | {"clean": self.verdict.clean}

    def lines(self) -> list[str]:
        verdict = self.verdict
        said = [
            f"{verdict.sent:,} messages of {self.chats:,} clients in {self.seconds:.0f} s "
            f"({verdict.sent / max(self.seconds, 1e-9):.1f} a second)",
            f"stored {verdict.stored:,}, read and answered by Lívia {verdict.answered:,}",
            f"lost {verdict.lost}, doubled {verdict.doubled}, unconfirmed {verdict.unknown}, failed {verdict.failed}",
            f"until stored: {self.to_store}",
            f"until answered: {self.to_answer}",
        ]
        if self.resent:
            said.append(f"sent again after the network forgot them: {self.resent}")
        if self.held:
            said.append(f"moments when no client was free to write: {self.held:,}; more --chats keep up the rate")
        if verdict.pending:
            said.append(f"answers still waiting to leave: {verdict.pending:,}")
        elif not self.settled:
            said.append("not everything was answered in time")
        return said + verdict.findings[:20]
