"""The ground truth of a load: what each phone sent and shows, beside what the product has of it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from conversations.models import Direction, Message, MessageState
from crm.rehearsal import watching
from crm.rehearsal.clients import Client
from crm.rehearsal.watching import Said, chunks
from whatsapp.simulator.keys import SERVER
from whatsapp.simulator.network import Network

LEFT = (MessageState.SENT, MessageState.DELIVERED, MessageState.READ, MessageState.PLAYED)


@dataclass
class Verdict:
    """`lost` and `doubled` must be 0.

    `unknown`: answers caught inside the send itself, shown to a person to judge. `failed`: given up, as a person is
    told. `pending`: still in the outbox, as a number's pace has it.
    """

    sent: int = 0
    stored: int = 0
    answered: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    failed: int = 0
    pending: int = 0
    findings: list[str] = field(default_factory=list)  # what was lost or doubled, by provider id

    @property
    def clean(self) -> bool:
        return not self.lost and not self.doubled

    def lose(self, what: str) -> None:
        self.lost += 1
        self.findings.append(f"lost: {what}")

    def double(self, what: str) -> None:
        self.doubled += 1
        self.findings.append(f"doubled: {what}")


def count(network: Network, said: Sequence[Said], clients: Sequence[Client]) -> Verdict:
    """Count once everything has settled: a message that is not stored by then counts as lost."""
    verdict = Verdict(sent=len(said))
    message_ids = _stored(verdict, said)
    threads = _threads(message_ids)
    read = Counter(pk for ids in watching.turns_of(threads) for pk in ids)
    verdict.answered = sum(1 for pk in message_ids if read[pk])
    for pk, provider_id in message_ids.items():
        if read[pk] > 1:
            verdict.double(f"{provider_id} was answered by {read[pk]} turns")
    _answers(verdict, network, threads, [client.phone for client in clients])
    return verdict


def _stored(verdict: Verdict, said: Sequence[Said]) -> dict[int, str]:
    """The messages found, id to provider id. A second thread of the client would hold a second one."""
    found = []
    for some in chunks(one.provider_id for one in said):
        rows = Message.objects.filter(provider_id__in=some, direction=Direction.IN)
        found += list(rows.values_list("pk", "provider_id"))
    times = Counter(provider_id for _pk, provider_id in found)
    for one in said:
        if not times[one.provider_id]:
            verdict.lose(f"{one.provider_id} is not stored")
        elif times[one.provider_id] > 1:
            verdict.double(f"{one.provider_id} is stored {times[one.provider_id]} times")
    verdict.stored = len(times)
    return dict(found)


def _threads(message_ids: Iterable[int]) -> dict[int, str]:
    """The threads of these messages, id to chat."""
    found: dict[int, str] = {}
    for ids in chunks(message_ids):
        rows = Message.objects.filter(pk__in=ids).order_by()
        found.update(rows.values_list("conversation_id", "conversation__chat").distinct())
    return found


def _answers(verdict: Verdict, network: Network, threads: dict[int, str], phones: Sequence[str]) -> None:
    """Every answer marked as sent is on the phone, and the phone has nothing that is not one of them.

    What is unconfirmed may be there once: nobody knows, so it is neither lost nor doubled.
    """
    ours: dict[str, set[str]] = {chat: set() for chat in threads.values()}
    unsure: Counter[str] = Counter()
    for ids in chunks(threads):
        rows = Message.objects.filter(conversation_id__in=ids, direction=Direction.OUT)
        for thread, state, provider_id in rows.values_list("conversation_id", "state", "provider_id"):
            if state in LEFT:
                ours[threads[thread]].add(provider_id)
            elif state == MessageState.UNKNOWN:
                unsure[threads[thread]] += 1
            elif state == MessageState.FAILED:
                verdict.failed += 1
            elif state in watching.ON_ITS_WAY:
                verdict.pending += 1
    verdict.unknown = sum(unsure.values())
    for chat, shown in _shown(network, [f"{phone}@{SERVER}" for phone in phones]):
        for provider_id in ours.get(chat, set()) - set(shown):
            verdict.lose(f"answer {provider_id} is not on the phone")
        strange = [line for line in shown if line not in ours.get(chat, set())]
        for line in strange[unsure[chat] :]:
            verdict.double(f"{line} on the phone is nobody's answer")


def _shown(network: Network, chats: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The provider ids of Lívia's lines on each phone."""
    for some in chunks(chats, 500):
        with network.redis.pipeline(transaction=False) as pipe:
            for chat in some:
                pipe.lrange(network.key("lines", chat), 0, -1)
            rows = pipe.execute()
        for chat, lines in zip(some, rows, strict=True):
            yield chat, [line["id"] for line in map(json.loads, lines) if not line["mine"] and not line["own_phone"]]
