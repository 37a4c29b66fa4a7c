"""Who is where: kept in Redis, each statement for `PRESENCE_SECONDS`, and gone with Redis.

A room holds its pages as members `<user>:<line>:<name>`, scored by when they end. Two tabs of one person are two
members and one person. Times are the servers' own: no browser's clock is asked.
"""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from crm.accounts.models import User
from crm.core.redis import brief, key

TYPING_SECONDS = 5.0  # a browser repeats it while the person goes on
MOST_SHOWN = 20


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    typing: bool


@dataclass(frozen=True)
class Seen:
    """One page in one room: since `heard` (seconds since the epoch) nothing else was said."""

    room: str
    member: str
    heard: float
    typed: float = 0.0


@dataclass(frozen=True)
class Present:
    """The people of a room, and when the first of these statements ends."""

    people: tuple[Person, ...] = ()
    until: float = float("inf")


def as_data(people: Iterable[Person]) -> list[dict[str, int | str | bool]]:
    return [asdict(person) for person in people]


def member(user: User, line: str) -> str:
    return f"{user.pk}:{line}:{user}"


def presence_write(
    seen: Iterable[Seen] = (), *, left: Iterable[tuple[str, str]] = (), online: Iterable[int] = ()
) -> None:
    """State who is where, in one exchange. `left` are rooms with members. Raises RedisError while Redis is away."""
    at, keep = time.time(), int(settings.PRESENCE_SECONDS) + 1
    with brief().pipeline(transaction=False) as pipe:
        for room, name in left:
            pipe.zrem(_viewing(room), name)
            pipe.zrem(_typing(room), name)
        for one in seen:
            pipe.zadd(_viewing(one.room), {one.member: one.heard + settings.PRESENCE_SECONDS})
            pipe.zremrangebyscore(_viewing(one.room), "-inf", at)
            pipe.expire(_viewing(one.room), keep)
            if one.typed + TYPING_SECONDS > at:
                pipe.zadd(_typing(one.room), {one.member: one.typed + TYPING_SECONDS})
                pipe.expire(_typing(one.room), keep)
            else:
                pipe.zrem(_typing(one.room), one.member)
        if members := {str(user_id): at + settings.PRESENCE_SECONDS for user_id in online}:
            pipe.zadd(_online(), members)
            pipe.zremrangebyscore(_online(), "-inf", at)
        if pipe.command_stack:
            pipe.execute()


def presence_enter(user: User, *, line: str, rooms: Iterable[str], typing: str) -> None:
    """One page is in these rooms. Raises RedisError while Redis is away."""
    at, name = time.time(), member(user, line)
    presence_write([Seen(room, name, at, at if room == typing else 0.0) for room in rooms])


def presence_read(rooms: Iterable[str]) -> dict[str, Present]:
    """Who is in each room now. Raises RedisError while Redis is away."""
    wanted, at = list(rooms), time.time()
    with brief().pipeline(transaction=False) as pipe:
        for room in wanted:
            pipe.zrangebyscore(_viewing(room), f"({at}", "+inf", withscores=True)
            pipe.zrangebyscore(_typing(room), f"({at}", "+inf", withscores=True)
        answers = pipe.execute() if wanted else []
    pairs = zip(answers[::2], answers[1::2], strict=True)
    return {room: _present(viewing, typing) for room, (viewing, typing) in zip(wanted, pairs, strict=True)}


def online_ids() -> set[int]:
    """The people who have a page open anywhere, or had a moment ago. Raises RedisError while Redis is away."""
    members: Any = brief().zrangebyscore(_online(), f"({time.time()}", "+inf")
    return {int(user_id) for user_id in members}


def _present(viewing: list[tuple[bytes, float]], typing: list[tuple[bytes, float]]) -> Present:
    names = dict(_who(name) for name, _until in viewing)
    typists = {_who(name)[0] for name, _until in typing}
    people = [Person(user_id, name, user_id in typists) for user_id, name in names.items()]
    shown = tuple(sorted(people, key=lambda person: (person.name, person.id))[:MOST_SHOWN])
    return Present(shown, min((until for _name, until in [*viewing, *typing]), default=float("inf")))


def _who(name: bytes) -> tuple[int, str]:
    user_id, _line, called = name.decode("utf-8", "replace").split(":", 2)
    return int(user_id), called


def _viewing(room: str) -> str:
    return key("here", room)


def _typing(room: str) -> str:
    return key("typing", room)


def _online() -> str:
    return key("online")
