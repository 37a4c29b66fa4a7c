"""The chat index: name, last message, time and unread of the latest chats, in Redis, the same for every process.

The database stays the truth. A row is written after the commit that changed its thread, and never over a newer one.
What the index does not hold, or while it is not whole, or with Redis away, the database answers. It holds
WHATSAPP_CHAT_INDEX_SIZE chats; the one longest without a message or a question leaves first. All of it expires once
nothing is written any more, so no names outlive the product here.
"""

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete
from django.dispatch import receiver
from redis import Redis, RedisError

from conversations.index_scripts import FORGET, LATEST, PUT
from conversations.models import Conversation
from crm.core.clock import now
from crm.core.redis import brief, client, key
from crm.core.work import before_commit

log = structlog.get_logger(__name__)

MOST = 1000  # chats of one answer
_BATCH = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT = timedelta(days=2)
_BELIEVED = timedelta(hours=1)
_REBUILD_SECONDS = 300


class Away(Exception):
    """Redis does not answer."""


@dataclass(frozen=True)
class ChatEntry:
    conversation_id: int
    name: str
    last_message: str
    last_message_at: datetime | None
    unread: int


# ---- asking
def chat_get(conversation_id: int) -> ChatEntry | None:
    """One chat, None if there is no such conversation."""
    return chats_get([conversation_id]).get(conversation_id)


def chats_get(conversation_ids: Iterable[int]) -> dict[int, ChatEntry]:
    """Chats by their ids, in one question to Redis; ids of no conversation are left out."""
    ids = list(dict.fromkeys(conversation_ids))
    found = _ask(ids) if ids else {}
    missing = [pk for pk in ids if pk not in found]
    if missing:
        rows = [_row(thread) for thread in _threads().filter(pk__in=missing)]
        if not connection.in_atomic_block:  # what is not committed yet is nobody else's business
            _write(rows)
        found |= {row[0]: _entry(row) for row in rows}
    return {pk: found[pk] for pk in ids if pk in found}


def chats_latest(inbox_id: int, limit: int = 50) -> list[ChatEntry]:
    """The chats of an inbox with the latest messages first, at most `MOST`."""
    limit = min(limit, MOST)
    found = _ask_latest(inbox_id, limit)
    if found is None:
        threads = _threads().filter(inbox_id=inbox_id, last_message_at__isnull=False)
        found = [_entry(_row(thread)) for thread in threads.order_by("-last_message_at", "-id")[:limit]]
    return found


def _ask(ids: list[int]) -> dict[int, ChatEntry]:
    rows, used, state = _keys()
    pipe = brief().pipeline(transaction=False)
    pipe.hexists(state, "built")
    pipe.hmget(rows, list(map(str, ids)))
    pipe.zadd(used, dict.fromkeys(map(str, ids), _micros(now())), xx=True, gt=True)
    try:
        whole, answers, _counted = pipe.execute()
    except RedisError:
        return {}
    return {entry.conversation_id: entry for entry in map(_read, filter(None, answers))} if whole else {}


def _ask_latest(inbox_id: int, limit: int) -> list[ChatEntry] | None:
    """None where only the database knows: something older than the oldest chat here once had to leave."""
    rows, _used, state = _keys()
    try:
        answer = _script(brief(), LATEST)(keys=[rows, state, _lists() + str(inbox_id)], args=[limit])
    except RedisError:
        return None
    if answer is None or None in answer[1]:
        return None
    found = sorted(map(_read, answer[1]), key=_latest_first, reverse=True)
    floor = _time(int(answer[0]))
    if floor and not (len(found) == limit and _latest_first(found[-1])[0] > floor):
        return None
    return found


def _latest_first(chat: ChatEntry) -> tuple[datetime, int]:
    return chat.last_message_at or _EPOCH, chat.conversation_id


# ---- keeping in step
def chat_changed(conversation: Conversation) -> None:
    """Write the thread's row once the current unit of work is committed. Call it inside a service."""
    before_commit("chat-index", _Changed).threads[conversation.pk] = conversation


class _Changed:
    def __init__(self) -> None:
        self.threads: dict[int, Conversation] = {}

    def __call__(self) -> None:
        rows = [_row(thread) for thread in self.threads.values()]
        transaction.on_commit(lambda: _write(rows), robust=True)


def chat_forget(*conversation_ids: int) -> None:
    """Take chats out of the index: whoever erases a person calls it once the erasure is committed."""
    rows, used, _state = _keys()
    try:
        _script(brief(), FORGET)(keys=[rows, used], args=[_lists(), *conversation_ids])
    except RedisError:
        _behind.set()


@receiver(post_delete, sender=Conversation)
def _deleted(instance: Conversation, **_kwargs: Any) -> None:
    gone = instance.pk
    transaction.on_commit(lambda: chat_forget(gone), robust=True)


# Set while this process owes the index a change: the index is then called incomplete as soon as Redis answers.
_behind = threading.Event()


def _write(rows: list[list[Any]]) -> None:
    try:
        redis = brief()
        _put(redis, rows, used_at=str(_micros(now())))
        if _behind.is_set():
            redis.delete(_keys()[2])
            _behind.clear()
    except RedisError:
        _behind.set()


def _put(redis: Redis, rows: list[list[Any]], *, used_at: str = "") -> None:
    most, kept = settings.WHATSAPP_CHAT_INDEX_SIZE, int(_KEPT.total_seconds())
    packed = [json.dumps(row, ensure_ascii=False) for row in rows]
    _script(redis, PUT)(keys=_keys(), args=[_lists(), most, kept, used_at, *packed])


# ---- filling
def keep() -> int:
    """Rebuild the index where it is not whole, from before a restart of Redis, or old. How many chats were put in."""
    redis: Any = client()
    try:
        built, run = redis.hmget(_keys()[2], ["built", "run"])
        fresh = built and now() - datetime.fromisoformat(built.decode()) < _BELIEVED
        return 0 if fresh and run == _run(redis) else rebuild()
    except RedisError as error:
        raise Away from error


def rebuild() -> int:
    """Fill the index from the database while it is in use. Raises Away."""
    redis = client()
    try:
        with redis.lock(key("chats", "rebuilding"), timeout=_REBUILD_SECONDS, blocking_timeout=_REBUILD_SECONDS):
            return _rebuild(redis)
    except RedisError as error:
        raise Away from error


def _rebuild(redis: Redis) -> int:
    state, most = _keys()[2], settings.WHATSAPP_CHAT_INDEX_SIZE
    run, started, seen, floor = _run(redis), now(), set[int](), 0
    redis.delete(state)  # nobody believes the index until it is whole again
    threads = _threads().filter(last_message_at__isnull=False).order_by("-last_message_at", "-id")
    rows = (_row(thread) for thread in threads[: most + 1].iterator(chunk_size=_BATCH))
    for batch in _batches(rows):
        if len(seen) + len(batch) > most:
            floor = int(batch.pop()[2])
        _put(redis, batch)
        seen.update(row[0] for row in batch)
    _forget_ghosts(redis, seen)
    if floor > int(redis.hget(state, "floor") or 0):
        redis.hset(state, "floor", floor)
    redis.hset(state, mapping={"built": started.isoformat(), "run": run})
    redis.expire(state, _KEPT)
    log.info("chat_index_rebuilt", chats=len(seen))
    return len(seen)


def _forget_ghosts(redis: Redis, seen: set[int]) -> None:
    """Chats whose conversation is gone."""
    others = [int(pk) for pk in redis.hkeys(_keys()[0]) if int(pk) not in seen]
    known = set(Conversation.objects.filter(pk__in=others).values_list("pk", flat=True))
    if ghosts := [pk for pk in others if pk not in known]:
        chat_forget(*ghosts)


def _batches(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


# ---- rows
def _threads() -> QuerySet[Conversation]:
    own = ("inbox_id", "last_message_at", "last_message_text", "unread_count", "revision")
    return Conversation.objects.select_related("lead").only(*own, "lead__name", "lead__phone", "lead__revision")


def _row(thread: Conversation) -> list[Any]:
    """As `index_scripts` reads it."""
    at = _micros(thread.last_message_at) if thread.last_message_at else 0
    lead = thread.lead
    newness = [thread.revision, lead.pk, lead.revision]
    return [
        thread.pk, thread.inbox_id, str(at), *newness, thread.unread_count, lead.display_name, thread.last_message_text
    ]  # fmt: skip


def _read(packed: bytes) -> ChatEntry:
    return _entry(json.loads(packed))


def _entry(row: list[Any]) -> ChatEntry:
    pk, _inbox, at, _revision, _lead, _lead_revision, unread, name, text = row
    return ChatEntry(pk, name, text, _time(int(at)), unread)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _time(micros: int) -> datetime | None:
    return _EPOCH + timedelta(microseconds=micros) if micros else None


def _keys() -> list[str]:
    return [key("chats", "rows"), key("chats", "used"), key("chats", "state")]


def _lists() -> str:
    """An inbox's list without its number."""
    return key("chats", "latest", "")


def _script(redis: Redis, source: str) -> Any:
    return redis.register_script(source)


def _run(redis: Redis) -> bytes:
    """Which start of the server this is: after another one, its last second of writes may be lost."""
    return str(redis.info("server")["run_id"]).encode()
