"""Which QR code is sent when, and that a quiet stream shows it is alive. The stream over a real server is tested in
tests/realtime."""

import asyncio
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from whatsapp import pairing, qr_stream
from whatsapp.models import Session
from whatsapp.qr_stream import Pace, gauge, qr_events
from whatsapp.states import State


@pytest.fixture
def pace(settings) -> Pace:
    settings.WHATSAPP_QR_DEBOUNCE_SECONDS = 2
    settings.WHATSAPP_QR_GAP_SECONDS = 3
    return Pace()


def sent(pace: Pace, *seen: tuple[float, str]) -> list[tuple[float, str]]:
    return [(at, code) for at, code in seen if pace.is_due(code, at)]


def test_the_first_code_is_sent_at_once_and_only_once(pace):
    assert sent(pace, (0, ""), (5, "A"), (6, "A"), (60, "A")) == [(5, "A")]


def test_a_change_is_sent_when_it_has_stood(pace):
    assert sent(pace, (0, "A"), (20, "B"), (21, "B"), (22, "B"), (23, "B")) == [(0, "A"), (22, "B")]


def test_a_change_that_does_not_stand_is_skipped(pace):
    assert sent(pace, (0, "A"), (20, "B"), (21, "C"), (22.5, "C"), (23, "C")) == [(0, "A"), (23, "C")]


def test_two_codes_are_never_closer_than_the_gap(pace):
    assert sent(pace, (0, "A"), (0.5, "B"), (2.6, "B"), (3.1, "B")) == [(0, "A"), (3.1, "B")]


def test_between_two_codes_nothing_is_sent(pace):
    assert sent(pace, (0, "A"), (20, ""), (21, ""), (22, "B"), (24, "B")) == [(0, "A"), (24, "B")]


@pytest.mark.django_db(transaction=True)
def test_a_quiet_stream_shows_that_it_is_alive_and_is_counted_while_it_lasts(session, bruno, monkeypatch, settings):
    monkeypatch.setattr(qr_stream, "HEARTBEAT_SECONDS", 0.1)
    settings.WHATSAPP_QR_STREAM_SECONDS = 2
    Session.objects.filter(pk=session.pk).update(state=State.AWAITING_QR)
    pairing.qr_put(session.pk, "2@secret", 20)

    key = key_of(bruno)

    async def listen() -> tuple[list[bytes], int]:
        frames, most = [], 0
        async for frame in qr_events(session.pk, key):
            frames.append(frame)
            most = max(most, gauge.open)
        return frames, most

    frames, most = asyncio.run(listen())
    assert frames[0].startswith(b"retry:")
    assert frames[1].startswith(b"event: qr")
    assert b": still here\n\n" in frames
    assert frames[-1] == b'event: end\ndata: {"why": "timeout"}\n\n'
    assert (most, gauge.open) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_stream_that_breaks_leaves_nothing_open(session, bruno, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    Session.objects.filter(pk=session.pk).update(state=State.AWAITING_QR)
    key = key_of(bruno)

    async def listen() -> list[bytes]:
        return [frame async for frame in qr_events(session.pk, key)]

    assert len(asyncio.run(listen())) == 1  # the browser is told when to come back
    assert gauge.open == 0


def key_of(user) -> str:
    """A signed-in session's key."""
    store = import_module(django_settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "crm.accounts.backends.RoleBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key
