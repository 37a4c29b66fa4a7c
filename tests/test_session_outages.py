"""PostgreSQL or Redis going away under a running session: nothing is lost, and it recovers by itself."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest

from stack.postgres import Postgres
from stack.valkey import Valkey
from tests.session_alone import TEXTS, RealSession, SimulatedSession, alone_in
from tests.waloop.fixtures import memory_folder
from tests.waloop.people import Contact
from tests.waloop.server import Loopback
from tests.web import wait_for

MARIA = ("5511998123340", "Maria")
MESSAGES = 200
# How long a server stays away from the real library; a rehearsal of a real outage takes more: OUTAGE_SECONDS=60.
OUTAGE_SECONDS = float(os.environ.get("OUTAGE_SECONDS", "5"))


@pytest.fixture(scope="module")
def alone() -> Iterator[SimulatedSession]:
    with alone_in() as base:
        session = SimulatedSession(base)
        try:
            session.pair()
            yield session
        finally:
            session.stop()


def said(session: SimulatedSession) -> list[str]:
    return [line.text for line in session.network.transcript(MARIA[0]) if not line.mine]


def test_without_postgresql_messages_wait_in_the_spool_and_arrive_once(alone: SimulatedSession) -> None:
    alone.network.say(*MARIA, "antes")
    wait_for(lambda: alone.rows(TEXTS) == ["antes"])
    words = [f"mensagem {number}" for number in range(30)]
    with alone.without(Postgres):
        for word in words:
            alone.network.say(*MARIA, word)
        # The network keeps what the session has not yet taken into its spool.
        wait_for(lambda: alone.network.redis.xlen(alone.network.key("up")) == 0)
    wait_for(lambda: len(alone.rows(TEXTS)) >= 31)
    assert alone.rows(TEXTS) == ["antes", *words]
    wait_for(lambda: alone.state() == "online")
    alone.answer("voltamos")
    wait_for(lambda: said(alone) == ["voltamos"])
    assert alone.process.poll() is None
    assert alone.rows("SELECT failures_total FROM whatsapp_session") == [0]


def test_without_redis_the_session_waits_and_goes_on(alone: SimulatedSession) -> None:
    """The simulated network lies in Redis, so this is also its line falling."""
    with alone.without(Valkey):
        wait_for(lambda: alone.state() == "reconnecting")
    wait_for(lambda: alone.state() == "online")
    alone.network.say(*MARIA, "depois")
    wait_for(lambda: alone.rows(TEXTS)[-1] == "depois")
    alone.answer("sim")
    wait_for(lambda: said(alone)[-1] == "sim")
    assert alone.process.poll() is None


@pytest.fixture(scope="module")
def real() -> Iterator[RealSession]:
    """A session on the real library, in whose first conversation Maria has written."""
    stores = memory_folder()
    with alone_in() as base, Loopback(stores) as loopback:
        session = RealSession(base, loopback, stores)
        try:
            session.pair()
            loopback.text(session.phone, PEOPLE[0], "antes")
            wait_for(lambda: session.rows(TEXTS) == ["antes"])
            yield session
        finally:
            session.stop()
            shutil.rmtree(stores, ignore_errors=True)


# Each contact's number, then what they wrote.
THREADS = """
SELECT array_prepend(k.phone::text, array_agg(m.text ORDER BY m.id))
FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
JOIN conversations_contact k ON k.id = c.contact_id WHERE m.direction = 'in' GROUP BY k.phone
"""
PEOPLE = [Contact(str(5511998123340 + number), f"Maria {number}") for number in range(8)]


def write_during_the_outage(session: RealSession, about: str) -> list[str]:
    """Messages from several people while a server is away, spread over all that time; each is taken from WhatsApp."""
    words, pace = [f"{about} {number}" for number in range(MESSAGES)], threading.Event()
    for number, word in enumerate(words):
        session.loopback.text(session.phone, PEOPLE[number % len(PEOPLE)], word)
        pace.wait(OUTAGE_SECONDS / MESSAGES)
    wait_for(lambda: not session.loopback.unacknowledged(session.phone))
    return words


def threads(session: RealSession) -> dict[str, list[str]]:
    return {phone.lstrip("+"): texts for phone, *texts in session.rows(THREADS)}


def heard(session: RealSession) -> list[tuple[str, int]]:
    """What Maria's phone shows of us, and how often each message came."""
    return [(line.text, line.times) for line in session.loopback.transcript(PEOPLE[0]) if not line.mine]


def arrived(session: RealSession, known: dict[str, list[str]], words: list[str]) -> bool:
    """Everybody's messages came after what was there before, each once and in the order they were written."""
    if len(session.rows(TEXTS)) < sum(map(len, known.values())) + len(words):
        return False
    assert threads(session) == {
        person.number: known.get(person.number, []) + words[place :: len(PEOPLE)] for place, person in enumerate(PEOPLE)
    }
    return True


def went_on(session: RealSession) -> bool:
    """The same process and line as before, online."""
    assert session.process.poll() is None
    assert not session.loopback.errors
    assert "Traceback" not in session.log_path.read_text()
    assert session.rows("SELECT failures_total FROM whatsapp_session") == [0]
    return session.state() == "online"


@pytest.mark.thorough
def test_the_real_library_without_postgresql(real: RealSession) -> None:
    known, logins = threads(real), real.loopback.logins
    real.answer("espere um momento", typing_ms=3000)
    wait_for(lambda: real.rows("SELECT state FROM conversations_message WHERE direction = 'out'") == ["sending"])
    with real.without(Postgres):
        words = write_during_the_outage(real, "sem PostgreSQL")
        assert words[-1].encode() in (real.stores / str(real.session_id) / "spool").read_bytes()
        assert not heard(real)
    wait_for(lambda: arrived(real, known, words))
    wait_for(lambda: heard(real) == [("espere um momento", 1)])
    wait_for(lambda: went_on(real))
    assert real.loopback.logins == logins


@pytest.mark.thorough
def test_the_real_library_without_redis(real: RealSession) -> None:
    known, before, logins = threads(real), heard(real), real.loopback.logins
    with real.without(Valkey):
        real.answer("sem pressa")
        words = write_during_the_outage(real, "sem Redis")
    wait_for(lambda: arrived(real, known, words))
    wait_for(lambda: heard(real) == [*before, ("sem pressa", 1)])
    wait_for(lambda: went_on(real))
    assert real.loopback.logins == logins
