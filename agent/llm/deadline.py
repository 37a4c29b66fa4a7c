"""One deadline for a whole HTTP call: name, connection, handshake, request, headers and body together.

httpx has timeouts for each read only, so a body that comes in drips outlives them. Here every operation on the socket
gets what is left of the deadline at most. Past it the operation fails as a timeout, httpcore closes the connection, and
no thread stays behind: all of it happens in the thread that asked.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

_CHUNK_BYTES = 64 * 1024
_LOOKUPS = 4
_CONNECTIONS = 100
_KEEP_SECONDS = 30.0

_until: ContextVar[float | None] = ContextVar("llm_until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Calls through a `DeadlineTransport` inside this block end after so many seconds."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def _left(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    until = _until.get()
    if until is None:
        return timeout
    left = until - time.monotonic()
    if left <= 0:
        raise late("The deadline has passed.")
    return left if timeout is None else min(left, timeout)


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's own transport on sockets that know the deadline."""

    def __init__(self) -> None:
        trusted = httpx.create_ssl_context()
        super().__init__(verify=trusted)
        self._pool = httpcore.ConnectionPool(  # httpx has no parameter for the backend
            ssl_context=trusted,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=_KEEP_SECONDS,
            network_backend=_Backend(),
        )


class _Backend(httpcore.SyncBackend):
    """Looks names up in a few threads of its own: a resolver without an answer cannot be interrupted, only left."""

    def __init__(self) -> None:
        self._lookups = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="groq-name")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._addresses(host, port, timeout)
        for place, address in enumerate(addresses, start=1):
            left = _left(timeout, httpcore.ConnectTimeout)
            # A share for each address: one that swallows packets leaves time for the others.
            share = None if left is None else left / (len(addresses) - place + 1)
            try:
                return _Stream(super().connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(addresses):
                    raise
        raise httpcore.ConnectError(f"{host} has no address.")

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        if _is_address(host):
            return [host]
        lookup: Future[Any] = self._lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = lookup.result(_left(timeout, httpcore.ConnectTimeout))
        except TimeoutError as error:
            lookup.cancel()
            raise httpcore.ConnectTimeout(f"No address for {host} in time.") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"No address for {host}.") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _CHUNK_BYTES):
            self._inner.write(buffer[start : start + _CHUNK_BYTES], _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
