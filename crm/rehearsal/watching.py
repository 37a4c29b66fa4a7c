"""What became of what the clients said: asked of the product's database and of the phones' screens."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from agent.models import Turn
from conversations.models import Conversation, Direction, Message, MessageState
from crm.rehearsal.clients import Client
from leads.models import Attendance
from whatsapp.simulator.keys import SERVER
from whatsapp.simulator.network import Network

T = TypeVar("T")
CHUNK = 2000
ON_ITS_WAY = (MessageState.QUEUED, MessageState.SENDING)


@dataclass(eq=False)
class Said:
    """One message of a client. Moments are seconds of the wall clock, None while it has not happened."""

    number: int
    provider_id: str
    client: Client
    text: str
    at: float
    taken: float | None = None  # by the network
    stored: float | None = None
    answered: float | None = None  # Lívia's next words were on the phone
    message_id: int | None = None


@dataclass(frozen=True)
class Standing:
    """Of a thread: who attends, and whether everything said has been dealt with and has left."""

    livia: bool
    settled: bool


def stored(said: Sequence[Said]) -> None:
    """Fill in which of these are in the database."""
    by_id = {one.provider_id: one for one in said}
    for ids in chunks(by_id):
        rows = Message.objects.filter(provider_id__in=ids, direction=Direction.IN)
        for provider_id, pk, conversation_id, at in rows.values_list(
            "provider_id", "pk", "conversation_id", "created_at"
        ):
            one = by_id[provider_id]
            one.message_id, one.stored = pk, at.timestamp()
            one.client.conversation_id = conversation_id


def answers(network: Network, clients: Sequence[Client]) -> dict[Client, float]:
    """Who has new words of Lívia on the screen, and since when."""
    found: dict[Client, float] = {}
    for some in chunks(clients):
        lengths = _asked(network, [("llen", screen(network, client)) for client in some])
        grown = [(client, length) for client, length in zip(some, lengths, strict=True) if length > client.lines_seen]
        asked = [("lrange", screen(network, client), client.lines_seen, length - 1) for client, length in grown]
        for (client, length), rows in zip(grown, _asked(network, asked), strict=True):
            client.lines_seen = length
            lines = [json.loads(row) for row in rows]
            at = [datetime.fromisoformat(line["at"]).timestamp() for line in lines if not line["mine"]]
            since = [moment for moment in at if moment >= (client.waits_since or 0)]  # not what came while they thought
            if since:
                found[client] = since[0]
    return found


def screen(network: Network, client: Client) -> str:
    return network.key("lines", f"{client.phone}@{SERVER}")


def _asked(network: Network, commands: Sequence[tuple]) -> list:
    if not commands:
        return []
    with network.redis.pipeline(transaction=False) as pipe:
        for command in commands:
            pipe.execute_command(*command)
        return pipe.execute()


def standings(conversation_ids: Iterable[int]) -> dict[int, Standing]:
    found: dict[int, Standing] = {}
    for ids in chunks(conversation_ids):
        busy = set(
            Message.objects.filter(conversation_id__in=ids, state__in=ON_ITS_WAY).values_list(
                "conversation_id", flat=True
            )
        )
        rows = Conversation.objects.filter(pk__in=ids)
        for pk, by, awaiting in rows.values_list("pk", "attended_by", "awaiting_since"):
            livia = by == Attendance.LIVIA
            found[pk] = Standing(livia, settled=pk not in busy and not (livia and awaiting))
    return found


def turns_of(conversation_ids: Iterable[int]) -> Iterator[list[int]]:
    """The messages each of Lívia's turns read."""
    for ids in chunks(conversation_ids):
        yield from Turn.objects.filter(conversation_id__in=ids).values_list("message_ids", flat=True)


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
