"""Rooms: who may join one, and where a page starts to follow it.

A family is the part of a room's name before the first dot. Apps above register who may join; the rule is asked
again at every join, so that no list handed out earlier can outlive a changed right.
"""

import json
import re
from collections.abc import Callable, Iterable

from crm.accounts.models import User
from crm.realtime.models import Room

MayJoin = Callable[[User, str], bool]

_NAME = re.compile(r"[a-z]{1,20}(\.[a-z0-9-]{1,40}){0,2}")
_families: dict[str, MayJoin] = {}
_with_presence: set[str] = set()


def room_family(name: str, *, presence: bool = False) -> Callable[[MayJoin], MayJoin]:
    """Register who may join `name` and `name.<argument>`; the argument is "" for the bare name. With `presence`,
    those who follow such a room see who else has it open."""

    def register(rule: MayJoin) -> MayJoin:
        _families[name] = rule
        if presence:
            _with_presence.add(name)
        return rule

    return register


def may_join(user: User, room: str) -> bool:
    if not _NAME.fullmatch(room):
        return False
    family, _, argument = room.partition(".")
    rule = _families.get(family)
    return bool(rule and rule(user, argument))


def shows_presence(room: str) -> bool:
    return room.partition(".")[0] in _with_presence


@room_family("user")
def _own_room(user: User, argument: str) -> bool:
    return argument == str(user.pk)


def snapshot(user: User, names: Iterable[str] = ()) -> dict[str, int]:
    """The last number of each room a page shows, with the person's own. Read it before the page's data."""
    wanted = [f"user.{user.pk}", *names]
    known = dict(Room.objects.filter(name__in=wanted).values_list("name", "seq"))
    return {name: known.get(name, 0) for name in wanted}


def snapshots_json(user: User, *regions: Iterable[str]) -> list[str]:
    """`snapshot_json` of several regions of one page, in one query."""
    rooms = [list(names) for names in regions]
    known = snapshot(user, dict.fromkeys(name for names in rooms for name in names))
    own = f"user.{user.pk}"
    return [json.dumps({name: known[name] for name in (own, *names)}) for names in rooms]


def snapshot_json(user: User, names: Iterable[str] = ()) -> str:
    """`snapshot` as the `data-rooms` attribute of a page or region."""
    return json.dumps(snapshot(user, names))
