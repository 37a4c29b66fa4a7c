"""Frames as bytes, and the way out under servers that make an application wait."""

import asyncio
from typing import Any

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from crm.realtime.frames import Message
from crm.realtime.outlets import socket_outlet


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 200_000])
def test_a_message_is_one_websocket_frame(size: int) -> None:
    assert parsed(Message("x" * size).wire) == (Opcode.TEXT, True, b"x" * size)


def test_letters_beyond_ascii_are_utf8_and_half_a_pair_breaks_nothing() -> None:
    assert parsed(Message("Lívia 😀").wire)[2].decode() == "Lívia 😀"
    assert parsed(Message("\ud800").wire)[2] == b"?"


def parsed(wire: bytes) -> tuple[Opcode, bool, bytes]:
    reader = StreamReader()
    reader.feed_data(wire)
    reader.feed_eof()
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)
    assert reader.at_eof().send is not None
    frame = done.value.value
    return frame.opcode, frame.fin, bytes(frame.data)


def test_what_waits_for_a_slow_server_is_sent_in_order_and_too_much_is_refused() -> None:
    sent: list[str] = []

    async def story() -> None:
        gate = asyncio.Event()

        async def send(message: dict[str, Any]) -> None:
            await gate.wait()
            sent.append(message["text"])

        out = socket_outlet(send, limit=2)
        assert out.push(Message("1"))
        await asyncio.sleep(0)  # the first is with the server now
        assert [out.push(Message(text)) for text in "23"] == [True, True]
        gate.set()
        while len(sent) < 3:
            await asyncio.sleep(0)
        gate.clear()
        out.push(Message("4"))
        await asyncio.sleep(0)
        assert [out.push(Message(text)) for text in "567"] == [True, True, False]
        gate.set()
        await asyncio.sleep(0)
        out.close()

    asyncio.run(story())
    assert sent == ["1", "2", "3"]


def test_a_server_that_refuses_to_send_ends_the_way_out_quietly() -> None:
    async def story() -> None:
        async def send(_: dict[str, Any]) -> None:
            raise ConnectionError

        out = socket_outlet(send, limit=2)
        assert out.push(Message("1"))
        await asyncio.wait([out.task])
        assert out.task.exception() is None
        assert all(out.push(Message("x")) for _ in range(5))

    asyncio.run(story())
