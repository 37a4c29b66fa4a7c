"""Requests to addresses people name go only to public ones, to what was checked, and end in time."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from crm.core import outward
from crm.core.outward import BODY_LIMIT, Failed, Refused, post, target_of

Serve = Callable[..., int]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server on loopback that sends pieces of bytes, a moment apart; its port."""
    doors: list[socket.socket] = []
    over = threading.Event()

    def start(*pieces: bytes, apart: float = 0.0, secure: ssl.SSLContext | None = None) -> int:
        door = socket.create_server(("127.0.0.1", 0))
        doors.append(door)

        def run() -> None:
            while True:
                try:
                    caller, _address = door.accept()
                    caller = secure.wrap_socket(caller, server_side=True) if secure else caller
                    while (asked := caller.recv(65536)) and not asked.endswith(b"{}"):
                        continue
                    for piece in pieces:
                        caller.sendall(piece)
                        over.wait(apart)
                    caller.close()
                except ssl.SSLError:
                    continue
                except OSError:
                    if over.is_set() or door.fileno() < 0:
                        return

        threading.Thread(target=run, daemon=True).start()
        return door.getsockname()[1]

    yield start
    over.set()
    for door in doors:
        door.close()


def resolving(monkeypatch, *answers: list[str]) -> list[str]:
    """A name server that answers in turn, the last answer for ever; what it was asked."""
    asked, left = [], list(answers)

    def answer(host: str, port: int, *_more: object, **_named: object) -> list[tuple]:
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        kind = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(kind[":" in ip], socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def send(url: str, *, private: bool = False, seconds: float = 2.0) -> outward.Answer:
    return post(url, body=b"{}", headers={"Content-Type": "application/json"}, seconds=seconds, private=private)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "//example.com/", "example.com", "",
        "https://", "https:///path", "https://user:secret@example.com/", "https://@example.com/",
        "https://example.com:25/", "https://example.com:80/", "https://example.com:0/", "https://example.com:99999/",
        "https://localhost/", "https://metadata/", "https://a.localhost/", "https://printer.local/",
        "https://metadata.google.internal/", "https://127.0.0.1/", "https://10.0.0.8/", "https://192.168.1.1:8443/",
        "https://172.16.0.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://0.0.0.0/",
        "https://255.255.255.255/", "https://224.0.0.1/", "https://2130706433/", "https://0x7f000001/",
        "https://0177.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://example.0x1/", "https://[::1]/",
        "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::127.0.0.1]/", "https://[fe80::1]/",
        "https://[fc00::1]/", "https://[fec0::1]/", "https://[ff02::1]/", "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[64:ff9b::a9fe:a9fe]/",
        "https://１２７.0.0.1/", "https://exa mple.com/", "https://example.com\\@127.0.0.1/", "https://a..b.com/",
        "https://example.com/\r\nX: y", "https://exa%6dple.com/",
        "https://[fe80::1%25eth0]/", "https://[2606:4700::1111%eth0]/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_by_its_looks(url):
    with pytest.raises(Refused):
        target_of(url)


def test_a_public_address_is_understood():
    target = target_of("https://Exämple.com.:8443/a b?c=é".replace(" ", "%20"))
    assert (target.host, target.port, target.path) == ("xn--exmple-cua.com", 8443, "/a%20b?c=%C3%A9")
    assert target.authority == "xn--exmple-cua.com:8443"
    assert target_of("https://[2606:4700::1111]/").origin == "https://[2606:4700::1111]"


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:169.254.169.254"], ["64:ff9b::7f00:1"], ["fd00::1"]],
)
def test_a_name_that_leads_to_a_private_network_is_refused(monkeypatch, found):
    resolving(monkeypatch, found)
    with pytest.raises(Refused):
        send("https://rebound.example.com/")


def test_a_name_that_is_bound_anew_is_connected_where_it_was_checked(monkeypatch, serve):
    """The second answer of the name server, which names our own network, is never asked for."""
    port, tried = serve(OK), []
    asked = resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])

    def refuse(address: tuple[str, int], **_named: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(Failed):
        send(f"https://rebound.example.com:{port}/")
    assert tried == [("93.184.216.34", port)] and asked == ["rebound.example.com"]
    with pytest.raises(Refused):  # at the next attempt it is, and is seen
        send(f"https://rebound.example.com:{port}/")
    assert len(tried) == 1


def test_a_chunk_that_claims_to_be_endless_is_not_read_to_its_end(serve):
    pieces = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", *[b"x" * 65536] * 64]
    began = monotonic()
    assert len(send(f"http://127.0.0.1:{serve(*pieces, apart=0.001)}/", private=True, seconds=5).body) <= 262_144
    assert monotonic() - began < 4


def test_redirects_and_proxies_are_not_followed(monkeypatch, serve):
    elsewhere = serve(OK)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    there = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{elsewhere}/\r\nContent-Length: 0\r\n\r\n"
    assert send(f"http://127.0.0.1:{serve(there.encode())}/", private=True).status == 302


def test_an_answer_ends_in_time_however_it_comes(serve):
    head = b"HTTP/1.1 200 OK\r\n"
    cases = {
        "header": [head, *[b"X-A: b\r\n"] * 400],
        "silence": [],
        "continue": [b"HTTP/1.1 100 Continue\r\n\r\n"] * 400,
    }
    for pieces in cases.values():
        port, began = serve(*pieces, b"", apart=0.02 if pieces else 3), monotonic()
        with pytest.raises(Failed, match="in time|web server"):
            send(f"http://127.0.0.1:{port}/", private=True, seconds=0.3)
        assert monotonic() - began < 1.5
    began = monotonic()
    body = [head + b"Content-Length: 4000\r\n\r\n", *[b"x"] * 400]
    assert send(f"http://127.0.0.1:{serve(*body, apart=0.02)}/", private=True, seconds=0.3).status == 200
    assert monotonic() - began < 1.5


def test_only_the_beginning_of_an_answer_is_read(serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n"
    assert len(send(f"http://127.0.0.1:{serve(head, b'x' * 300_000)}/", private=True).body) == BODY_LIMIT


@pytest.mark.parametrize(
    "said", [b"hello\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n" + b"a" * 99_999]
)
def test_what_is_no_web_server_is_said_to_be_none(serve, said):
    with pytest.raises(Failed):
        send(f"http://127.0.0.1:{serve(said)}/", private=True)


def test_a_closed_port_and_an_unknown_name_are_failures(monkeypatch):
    with pytest.raises(Failed, match="refused"):
        send("http://127.0.0.1:1/", private=True)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_n: (_ for _ in ()).throw(socket.gaierror(-2, "x")))
    with pytest.raises(Failed, match="no address"):
        send("https://nowhere.example.com/")


def certificate(tmp_path, name: str) -> ssl.SSLContext:
    """A server's own, which its file says to trust."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    both = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    (tmp_path / "both.pem").write_bytes(both)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    return context


def test_tls_asks_for_the_name_on_the_address_that_was_checked(monkeypatch, serve, tmp_path):
    names: list[str | None] = []
    server = certificate(tmp_path, "erp.example.com")
    server.sni_callback = lambda _socket, name, _context: names.append(name)
    port = serve(OK, secure=server)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    outward._context.cache_clear()
    resolving(monkeypatch, ["127.0.0.1"])
    try:
        assert send(f"https://erp.example.com:{port}/", private=True).body == b"ok"
        with pytest.raises(Failed, match="TLS"):
            send(f"https://other.example.com:{port}/", private=True)
    finally:
        outward._context.cache_clear()
    assert names == ["erp.example.com", "other.example.com"]
