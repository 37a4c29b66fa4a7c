"""The hub of a process, seen from inside: what it keeps, what it forgets, and what may happen while it waits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from crm.accounts.models import User
from crm.asgi import application
from crm.realtime.hub import hub
from leads.services import lead_assign
from stack.valkey import Valkey
from tests.realtime.conftest import cookie_of, tell

ACCESS_CHANGED = 4403
pytestmark = pytest.mark.django_db(transaction=True)


async def opened(cookie: str) -> WebsocketCommunicator:
    headers = [(b"origin", b"http://localhost"), (b"cookie", cookie.encode())]
    communicator = WebsocketCommunicator(application, "/ws/", headers=headers)
    assert (await communicator.connect(timeout=10))[0]
    return communicator


@asynccontextmanager
async def page(cookie: str) -> AsyncIterator[WebsocketCommunicator]:
    communicator = await opened(cookie)
    try:
        yield communicator
    finally:
        await communicator.disconnect(timeout=10)


async def join(communicator: WebsocketCommunicator, rooms: dict[str, int]) -> None:
    await communicator.send_json_to({"rooms": rooms})
    await communicator.send_json_to({"ping": 1})
    while await communicator.receive_json_from(timeout=10) != {"pong": 1}:
        pass


async def soon(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())


@pytest.fixture
def room(ana: User, settings: Any) -> str:
    settings.REALTIME_PATROL_SECONDS = 0.05
    return f"user.{ana.pk}"


def test_a_room_is_followed_while_somebody_does_and_forgotten_after(ana: User, room: str) -> None:
    cookie = cookie_of(ana)

    async def story() -> None:
        async with page(cookie) as first, page(cookie) as second:
            await join(first, {room: 0})
            await join(second, {room: 0})
            assert len(hub().rooms[room].sockets) == 2
            await join(first, {})
            assert len(hub().rooms[room].sockets) == 1
        await soon(lambda: not hub().rooms)

    run(story)


def test_a_socket_that_the_server_drops_without_a_word_is_not_kept(ana: User, room: str) -> None:
    cookie = cookie_of(ana)

    async def story() -> None:
        one = await opened(cookie)
        await join(one, {room: 0})
        one.future.cancel()
        await soon(lambda: not hub().rooms)

    run(story)


def test_rights_that_change_while_a_socket_waits_to_join_are_noticed(
    ana: User, caio: User, new_lead: Callable, room: str
) -> None:
    lead, cookie = new_lead(owner=ana), cookie_of(ana)
    name = f"lead.{lead.pk}"

    async def story() -> None:
        async with page(cookie) as first, page(cookie) as late:
            await join(first, {name: 0})
            async with hub().rooms[name].lock:
                await late.send_json_to({"rooms": {name: 0}})
                await soon(lambda: hub().rooms[name].joining == 1)  # it was allowed, and waits
                await asyncio.to_thread(lead_assign, lead_id=lead.pk, consultant_id=caio.pk)
            for one in (first, late):
                assert await closing_code(one) == ACCESS_CHANGED

    run(story)


async def closing_code(communicator: WebsocketCommunicator) -> int:
    while (message := await communicator.receive_output(timeout=10))["type"] != "websocket.close":
        pass
    return message["code"]


def test_a_process_that_starts_without_redis_hears_the_rings_once_it_is_there(
    ana: User, room: str, settings: Any, own_valkey: Valkey, rings_at_own: None
) -> None:
    settings.REALTIME_PATROL_SECONDS = 3600  # what arrives was rung
    cookie = cookie_of(ana)
    own_valkey.stop(3)

    async def story() -> None:
        async with page(cookie) as one:
            await join(one, {room: 0})
            await asyncio.to_thread(own_valkey.start)
            async with asyncio.timeout(20):
                while await one.receive_nothing(timeout=0.1):
                    await asyncio.to_thread(tell, room)
            assert (await one.receive_json_from())["room"] == room

    run(story)
