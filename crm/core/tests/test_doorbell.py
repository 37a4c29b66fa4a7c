"""Ringing keeps nobody waiting, and one ring that fails does not silence the next."""

import threading

from crm.core.doorbell import ring

PATIENCE_SECONDS = 10


def test_who_rings_does_not_wait_and_rings_keep_their_order() -> None:
    held, rung, heard = threading.Event(), [], threading.Event()

    def slow() -> None:
        held.wait(PATIENCE_SECONDS)
        rung.append("slow")

    def last() -> None:
        rung.append("last")
        heard.set()

    ring(slow)
    ring(last)
    assert rung == []
    held.set()
    assert heard.wait(PATIENCE_SECONDS)
    assert rung == ["slow", "last"]


def test_a_ring_that_fails_does_not_silence_the_next() -> None:
    heard = threading.Event()
    ring(lambda: 1 / 0)
    ring(heard.set)
    assert heard.wait(PATIENCE_SECONDS)
