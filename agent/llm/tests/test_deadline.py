"""Nothing outlives its deadline, and nothing stays behind."""

import gc
import socket
import ssl
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agent.llm import connection
from agent.llm.client import ask
from agent.llm.tests.conftest import BIG, JSON, SAYS, SMALL, eventually, ok
from agent.loopback import Endpoint, InTurn, Talker
from crm.core.clock import now

SLACK_SECONDS = 2.0  # of a busy machine; the drips would take ten times as long


@pytest.fixture(autouse=True)
def short(settings) -> None:
    settings.GROQ_ATTEMPT_SECONDS, settings.GROQ_TURN_SECONDS = 0.6, 3.0


def took(call) -> tuple[object, float]:
    started = time.monotonic()
    return call(), time.monotonic() - started


DRIPS = {
    "body": {**ok(), "trickle_s": 0.05},
    "headers": {**ok(), "trickle_s": 0.05, "trickle_headers": True},
    "error body": {"status": 503, "headers": JSON, "body": '{"error": "a long way"}' * 9, "trickle_s": 0.05},
    "silence": {**ok(), "delay_s": 30},
}


@pytest.mark.parametrize("response", DRIPS.values(), ids=DRIPS.keys())
def test_a_slow_model_leaves_time_for_the_next(play, settings, response):
    groq = play(InTurn(response, Talker()))

    answer, seconds = took(lambda: ask(SAYS))

    assert answer.ok and answer.model == SMALL
    assert [tried.error for tried in answer.attempts] == ["timeout", ""]
    assert seconds < settings.GROQ_ATTEMPT_SECONDS + SLACK_SECONDS
    assert groq.models == [BIG, SMALL]


@pytest.mark.parametrize("response", DRIPS.values(), ids=DRIPS.keys())
def test_the_whole_call_ends_at_its_deadline(play, settings, response):
    settings.GROQ_MODELS = [BIG, SMALL] * 5
    play(response)

    answer, seconds = took(lambda: ask(SAYS, seconds=1.0))

    assert (answer.text, answer.error) == (None, "timeout")
    assert seconds < 1.0 + SLACK_SECONDS
    assert len(answer.attempts) == 2  # the fraction left after them is too little for a third


def test_a_dripping_endpoint_leaves_no_thread_and_no_socket_behind(play, settings):
    settings.GROQ_ATTEMPT_SECONDS, settings.GROQ_BREAKER_FAILURES = 0.15, 100
    settings.GROQ_MODELS = [BIG]
    groq = play({**ok(), "trickle_s": 0.02})
    ask(SAYS)
    eventually(lambda: groq.connections == 0, seconds=5)
    threads, sockets = threading.active_count(), open_sockets()

    for _ in range(8):
        assert ask(SAYS).error == "timeout"

    eventually(lambda: groq.connections == 0, seconds=5)
    eventually(lambda: threading.active_count() <= threads, seconds=5)
    assert open_sockets() <= sockets


def test_an_encrypted_drip_ends_at_its_deadline_too(play, settings, tmp_path, monkeypatch):
    groq = play(InTurn(Talker(), {**ok(), "trickle_s": 0.05}))
    settings.GROQ_API_KEY = f"gsk-{tmp_path.name}"  # a client of its own, which trusts the certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    encrypt(groq, tmp_path)
    settings.GROQ_BASE_URL = groq.url.replace("http://127.0.0.1", "https://localhost")

    assert ask(SAYS).ok
    answer, seconds = took(lambda: ask(SAYS, seconds=1.0))

    assert answer.error == "timeout" and seconds < 1.0 + SLACK_SECONDS
    eventually(lambda: groq.connections == 0, seconds=5)


def test_an_address_that_swallows_packets_costs_no_more_than_the_deadline(settings):
    with full_backlog() as port:
        settings.GROQ_BASE_URL = f"http://127.0.0.1:{port}"
        answer, seconds = took(lambda: ask(SAYS, seconds=1.0))

    assert {tried.error for tried in answer.attempts} == {"timeout"}
    assert seconds < 1.0 + SLACK_SECONDS


def test_a_name_that_does_not_exist_is_no_answer(settings):
    settings.GROQ_BASE_URL = "http://groq.invalid"

    answer, seconds = took(lambda: ask(SAYS))

    assert answer.text is None and {tried.error for tried in answer.attempts} <= {"connection", "timeout"}
    assert seconds < settings.GROQ_TURN_SECONDS + SLACK_SECONDS


def test_a_name_is_looked_up_and_reached(play, settings):
    play()
    settings.GROQ_BASE_URL = settings.GROQ_BASE_URL.replace("127.0.0.1", "localhost")

    assert ask(SAYS).ok


def test_without_time_nobody_is_asked(play):
    groq = play()

    assert ask(SAYS, seconds=0).error == "deadline"
    assert groq.calls == []


def test_a_connection_is_used_again(play):
    groq = play()
    for _ in range(3):
        assert ask(SAYS).ok

    assert groq.connections == 1


def test_the_endpoint_may_come_back(play, settings):
    groq = play()
    assert ask(SAYS).ok
    groq.stop()
    assert ask(SAYS).error == "connection"
    groq.start()
    assert ask(SAYS).ok


def test_the_client_is_the_same_until_the_key_changes(settings):
    first = connection.client()
    assert connection.client() is first
    settings.GROQ_API_KEY = "gsk-another"
    assert connection.client() is not first


def certificate(folder: Path) -> Path:
    """A certificate for localhost that nobody else trusts, and its key beside it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now() - timedelta(days=1), now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return folder / "cert.pem"


def encrypt(endpoint: Endpoint, folder: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    endpoint._server.socket = context.wrap_socket(endpoint._server.socket, server_side=True)


class full_backlog:
    """A listening socket that accepts nobody and has no room for another handshake."""

    def __enter__(self) -> int:
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        address = self.listener.getsockname()
        self.waiting = [socket.socket() for _ in range(4)]
        for waiting in self.waiting:
            waiting.setblocking(False)
            waiting.connect_ex(address)
        return address[1]

    def __exit__(self, *_: object) -> None:
        for opened in (*self.waiting, self.listener):
            opened.close()


def open_sockets() -> int:
    gc.collect()
    return sum("socket:" in str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
