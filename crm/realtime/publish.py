"""Writing events: numbered, rendered and stored in the transaction of their change, rung after its commit."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from crm.core.tracing import current
from crm.core.work import before_commit
from crm.realtime import bell
from crm.realtime.frames import FORGOTTEN
from crm.realtime.telling import Told, notifications_store

Render = Callable[[], str]
RenderRooms = Callable[[list[str]], dict[str, str]]
Html = dict[str, str]


class Wordless(str):
    """A fragment with no words of ours in it: the same in every language, so it is rendered once."""


@dataclass
class _Change:
    kind: str
    object_id: str
    render: Render | None = None
    cached: Html | None = None

    def html(self) -> Html:
        if self.cached is None and self.render is not None:
            self.cached = in_every_language(self.render)
        return self.cached or {}

    def html_in(self, room: str) -> Html:
        return self.html()


@dataclass
class _LateChange(_Change):
    rooms: list[str] = field(default_factory=list)
    render_rooms: RenderRooms | None = None
    rendered: dict[str, str] | None = None

    def html_in(self, room: str) -> Html:
        if self.rendered is None:
            assert self.render_rooms is not None
            self.rendered = self.render_rooms(self.rooms)
        return {code: self.rendered[room] for code, _name in settings.LANGUAGES}


class _Pending:
    """What one transaction wants to tell, by room and object: of several changes of an object the last one stays.

    Called last in the transaction: numbers, renders and stores everything; counters are taken in room order.
    """

    def __init__(self) -> None:
        self.changes: dict[str, dict[str, _Change]] = {}

    def add(self, room: str, change: _Change) -> None:
        objects = self.changes.setdefault(room, {})
        objects.pop(change.object_id, None)
        objects[change.object_id] = change

    def __call__(self) -> None:
        rooms = sorted(self.changes)
        for objects in self.changes.values():
            for change in objects.values():
                change.html()
        with connection.cursor() as cursor:
            cursor.execute(_BUMP, [rooms, [len(self.changes[room]) for room in rooms]])
            last = dict(cursor.fetchall())
            rows = [row for room in rooms for row in _rows(room, last[room], list(self.changes[room].values()))]
            trace = current()
            cursor.execute(_INSERT, [trace, json.dumps([dict(zip(_COLUMNS, row, strict=True)) for row in rows])])
        transaction.on_commit(lambda: bell.ring(rows, trace), robust=True)


def publish(rooms: Iterable[str], *, kind: str, object_id: str, render: Render) -> None:
    """Tell rooms that an object looks different now. Call it inside a service; `render` runs at its end."""
    pending = before_commit("realtime", _Pending)
    change = _Change(kind, object_id, render)
    for room in rooms:
        pending.add(room, change)


def publish_late(rooms: Iterable[str], *, kind: str, object_id: str, render: RenderRooms) -> None:
    """Tell each room a figure of its own, such as totals. `render` is given the rooms and runs once their counters are
    held, so it sees every change numbered before it. It is the same in every language: figures, no words."""
    pending = before_commit("realtime", _Pending)
    change = _LateChange(kind, object_id, rooms=list(rooms), render_rooms=render)
    for room in change.rooms:
        pending.add(room, change)


def publish_gone(rooms: Iterable[str], *, object_id: str, revision: int) -> None:
    """Tell rooms that an object is no longer theirs; browsers keep it if they hold a newer revision."""
    html = f'<div id="{object_id}" data-gone data-revision="{revision}"></div>'
    publish(rooms, kind="gone", object_id=object_id, render=lambda: html)


def publish_stale(rooms: Iterable[str], *, object_id: str) -> None:
    """Tell rooms that an object changed without rendering it: whoever has it open fetches it.

    For regions that few have open and that cost more to render than the change itself.
    """
    pending = before_commit("realtime", _Pending)
    for room in rooms:
        pending.add(room, _Change("stale", object_id, cached={}))


def publish_forgotten(rooms: Iterable[str]) -> None:
    """Tell rooms that events of theirs were emptied: every process drops what it keeps of them, and their regions fetch
    themselves."""
    pending = before_commit("realtime", _Pending)
    for room in rooms:
        pending.add(room, _Change(FORGOTTEN, FORGOTTEN, cached={}))


def notify(
    user_ids: Iterable[int],
    *,
    kind: str,
    title: str,
    body: str = "",
    url: str = "",
    data: dict[str, object] | None = None,
    once: str = "",
) -> None:
    """Store a notification for each person and ring their bell. `title` and `body` are message ids for gettext,
    with `%(name)s` places filled from `data`. Whoever was told of the same `once` before is not told again.

    `kind` decides the topic (crm.realtime.topics), and each person's choices how it goes: bell, screen, sound, devices.
    """
    for told in notifications_store(user_ids, kind=kind, title=title, body=body, url=url, data=data or {}, once=once):
        publish_bell(told.notification.user_id)
        if told.ways:
            _publish_toast(told)


def publish_bell(user_id: int) -> None:
    """Show the current number of unread notifications on every page of a person."""

    @cache
    def unread() -> int:
        with connection.cursor() as cursor:
            cursor.execute(_UNREAD, [user_id])
            return int(cursor.fetchone()[0])

    def render() -> str:
        return render_to_string("notifications/_bell.html", {"unread_notifications": unread()})

    publish([f"user.{user_id}"], kind="bell", object_id="bell", render=render)


def _publish_toast(told: Told) -> None:
    def render() -> str:
        context = {"notification": told.notification, "ways": " ".join(sorted(told.ways))}
        return render_to_string("notifications/_toast.html", context)

    room = f"user.{told.notification.user_id}"
    publish([room], kind="toast", object_id=toast_id(told.notification.pk), render=render)


def publish_toast_gone(user_id: int, notification_id: int) -> None:
    """Take a notification that was read off every open page of its reader."""
    publish_gone([f"user.{user_id}"], object_id=toast_id(notification_id), revision=1)


def toast_id(notification_id: int) -> str:
    return f"toast-{notification_id}"


def in_every_language(render: Render) -> Html:
    html = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            html[code] = render()
        if isinstance(html[code], Wordless):
            return dict.fromkeys((known for known, _name in settings.LANGUAGES), html[code])
    return html


_UNREAD = "SELECT count(*) FROM realtime_notification WHERE user_id = %s AND read_at IS NULL"
_BUMP = """
INSERT INTO realtime_room (name, seq)
SELECT name, n FROM unnest(%s::text[], %s::bigint[]) AS t(name, n) ORDER BY name
ON CONFLICT (name) DO UPDATE SET seq = realtime_room.seq + excluded.seq
RETURNING name, seq
"""
_COLUMNS = ("room", "seq", "kind", "object_id", "html")
_INSERT = """
INSERT INTO realtime_event (room, seq, kind, object_id, html, trace_id, created_at)
SELECT room, seq, kind, object_id, html, %s, now()
FROM jsonb_to_recordset(%s::jsonb) AS t(room text, seq bigint, kind text, object_id text, html jsonb)
"""


def _rows(room: str, last: int, changes: list[_Change]) -> list[bell.Row]:
    first = last - len(changes) + 1
    return [
        (room, seq, change.kind, change.object_id, change.html_in(room))
        for seq, change in enumerate(changes, start=first)
    ]
