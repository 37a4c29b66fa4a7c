"""Requests to addresses that people name: only to public ones, on the very address that was checked, within a deadline.

Whoever may enter an address could otherwise have the server speak to its own network. So the name is resolved here at
every attempt, all that it resolves to must be public, the connection goes to what was checked (a name server that
answers otherwise the second time gains nothing), TLS asks for the name, redirects are answers like any other, and no
proxy of the environment is used. `private=True` lifts what is said of networks and of plain HTTP.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import string
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_noop

BODY_LIMIT = 64 * 1024  # of an answer; the rest is not read
_ANSWER_LIMIT = 256 * 1024  # with its head, however it is written: a chunk may claim any length, even below none
_LOWEST_PORT = 1024  # below it only the ports of the web: mail servers and the like understand some of HTTP
_WEB_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?")
_LOOKS_LIKE_A_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """This is no address to speak to. Its words, as those of `Failed`, are message ids where they are ours."""


class Failed(Exception):
    """It was not reached, or did not answer as a web server does, in time."""


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _WEB_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # by names in lower case
    body: bytes = b""


# ---- which addresses
def target_of(url: str, *, private: bool = False) -> Target:
    """Where an address leads, as far as it tells by itself: no name server is asked. Raises Refused."""
    if not url.isprintable() or " " in url or "\\" in url:
        raise Refused(gettext_noop("no address"))
    try:
        parts = urlsplit(url)
        host, port = _host_of(parts.hostname or ""), parts.port
    except ValueError as error:  # UnicodeError too
        raise Refused(gettext_noop("no address")) from error
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise Refused(gettext_noop("not https"))
    if "@" in parts.netloc:
        raise Refused(gettext_noop("a login within the address"))
    port = _WEB_PORTS[parts.scheme] if port is None else port
    if not private:
        _check_public(host, port, parts.scheme)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Target(parts.scheme, host, port, quote(path, safe=string.punctuation))


def _host_of(name: str) -> str:
    if "%" in name:  # a zone: of this machine's own networks
        raise ValueError(name)
    if ":" in name:
        return str(ipaddress.IPv6Address(name))
    host = name.encode("idna").decode().lower().removesuffix(".")
    if not _HOST.fullmatch(host) or ".." in host:
        raise ValueError(host)
    if _LOOKS_LIKE_A_NUMBER.fullmatch(host.rpartition(".")[2]):  # 2130706433, 0x7f.1 and 127.1 are addresses to some
        return str(ipaddress.IPv4Address(host))
    return host


def _check_public(host: str, port: int, scheme: str) -> None:
    if port < _LOWEST_PORT and port != _WEB_PORTS[scheme]:
        raise Refused(gettext_noop("a port that is not the web's"))
    try:
        _check_address(ipaddress.ip_address(host))
    except ValueError as error:
        if "." not in host or host.endswith((".localhost", ".local", ".internal")):
            raise Refused(gettext_noop("a name of the local network")) from error


def _check_address(address: Address) -> None:
    if not _is_public(address):
        raise Refused(gettext_noop("an address of a private network"))


def _is_public(address: Address) -> bool:
    """Of an address that carries another one, both must be."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        carried = address.ipv4_mapped or address.sixtofour
        if carried is not None:
            return _is_public(carried)
        if address.is_site_local or address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _resolve(target: Target, private: bool) -> list[str]:
    """The addresses to connect to: if one of a name's is not public, none is."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Failed(gettext_noop("no address found")) from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    for address in addresses if not private else ():
        _check_address(ipaddress.ip_address(address))
    return addresses


# ---- speaking
def post(url: str, *, body: bytes, headers: Mapping[str, str], seconds: float, private: bool = False) -> Answer:
    """Send `body`; the answer with at most `BODY_LIMIT` of what it says. All of it takes at most `seconds`, and what a
    name server takes. Raises Refused and Failed."""
    target = target_of(url, private=private)
    until = time.monotonic() + seconds
    try:
        with _connect(target, _resolve(target, private), until) as connected:
            return _exchange(target, _Bounded(connected, until), body, headers)
    except TimeoutError as error:
        raise Failed(gettext_noop("no answer in time")) from error
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "no secure connection"
        raise Failed(f"TLS: {reason}") from error
    except OSError as error:
        raise Failed(error.strerror or type(error).__name__) from error
    except (http.client.HTTPException, ValueError) as error:
        raise Failed(f"no answer of a web server ({type(error).__name__})") from error


def _exchange(target: Target, stream: "_Bounded", body: bytes, headers: Mapping[str, str]) -> Answer:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = stream  # as much of a socket as http.client uses
    sent = {"Host": target.authority, "Connection": "close", "Accept-Encoding": "identity", **headers}
    connection.request("POST", target.path, body=body, headers=sent)
    response = connection.getresponse()
    told = {name.lower(): value for name, value in response.getheaders()}
    try:
        text = response.read(BODY_LIMIT)
    except (TimeoutError, OSError, http.client.HTTPException):
        text = b""  # its verdict is known; what it went on to say is not needed
    return Answer(response.status, told, text)


def _connect(target: Target, addresses: list[str], until: float) -> socket.socket:
    for number, address in enumerate(addresses, start=1):
        left = _left(until)
        try:  # one that does not answer leaves time for the next
            raw = socket.create_connection((address, target.port), timeout=left / (len(addresses) - number + 1))
        except OSError:
            if number == len(addresses):
                raise
            continue
        return raw if target.scheme == "http" else _secured(raw, target, until)
    raise Failed(gettext_noop("no address found"))


def _secured(raw: socket.socket, target: Target, until: float) -> socket.socket:
    try:
        raw.settimeout(_left(until))
        return _context().wrap_socket(raw, server_hostname=target.host)
    except BaseException:
        raw.close()
        raise


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Bounded:
    """A connected socket every use of which ends by one moment: a timeout alone begins anew with each byte."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._socket, self._until = connected, until

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._socket.settimeout(_left(self._until))
            rest = rest[self._socket.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._socket, self._until))

    def close(self) -> None:
        """`post` closes what it opened."""


class _Reader(io.RawIOBase):
    def __init__(self, connected: socket.socket, until: float) -> None:
        self._socket, self._until, self._left = connected, until, _ANSWER_LIMIT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(_left(self._until))
        count = self._socket.recv_into(buffer, min(len(buffer), self._left)) if self._left else 0
        self._left -= count
        return count
