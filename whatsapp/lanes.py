"""Records of a batch sorted by person: within a lane order matters, between lanes it does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from whatsapp.gateways.base import MessageArrived, ReceiptArrived, Spooled


@dataclass(frozen=True)
class Record:
    """An event and where it ends in the spool."""

    end: int
    raw: bytes
    event: Spooled


Lane = list[Record]


def lanes(records: Iterable[Record]) -> list[Lane]:
    """One lane a person, however they are named. One record may tell that two names are the same person's."""
    by_name: dict[str, Lane] = {}
    for record in records:
        names = _names(record.event)
        found: list[Lane] = []
        for name in names:
            lane = by_name.get(name)
            if lane is not None and not any(lane is other for other in found):
                found.append(lane)
        lane = sorted((row for lane in found for row in lane), key=lambda row: row.end) if len(found) != 1 else found[0]
        lane.append(record)
        for name in [*names, *(name for row in lane for name in _names(row.event))] if len(found) > 1 else names:
            by_name[name] = lane
    unique = {id(lane): lane for lane in by_name.values()}
    return sorted(unique.values(), key=lambda lane: lane[0].end)


def _names(event: Spooled) -> list[str]:
    if isinstance(event, ReceiptArrived):
        return [event.chat]
    phone = [f"{event.phone.lstrip('+')}@s.whatsapp.net"] if event.phone else []
    lid = [f"{event.lid.removesuffix('@lid')}@lid"] if event.lid else []
    return [event.chat, *phone, *lid]


def runs(lane: Lane, most: int) -> Iterator[Lane]:
    """What is stored at once: messages in a row that name the person alike, and a receipt alone.

    Both for the order of locks: those of names come before a thread's, and a receipt's before any thread's too.
    """
    run: Lane = []
    for record in lane:
        if run and (len(run) == most or not _alike(run[-1].event, record.event)):
            yield run
            run = []
        run.append(record)
    if run:
        yield run


def _alike(one: Spooled, other: Spooled) -> bool:
    if not isinstance(one, MessageArrived) or not isinstance(other, MessageArrived):
        return False
    return (one.chat, one.phone, one.lid) == (other.chat, other.phone, other.lid)
