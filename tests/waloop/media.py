"""Encrypted files and the host they lie on (mmg.whatsapp.net).

A file is AES-256-CBC under keys derived from a 32-byte media key, with ten bytes of MAC at its end. Its address and key
travel inside the message.
"""

import base64
import hashlib
import json
import os
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .log import Log
from .ratchet import aes_cbc_decrypt, aes_cbc_encrypt, hkdf, hmac_sha256
from .websocket import Reader

HOST = "mmg.whatsapp.net"
KEY_INFO = {
    "image": b"WhatsApp Image Keys",
    "sticker": b"WhatsApp Image Keys",
    "video": b"WhatsApp Video Keys",
    "audio": b"WhatsApp Audio Keys",
    "document": b"WhatsApp Document Keys",
}


def _keys(media_key: bytes, kind: str) -> tuple[bytes, bytes, bytes]:
    """IV, cipher key and MAC key."""
    keys = hkdf(media_key, b"", KEY_INFO[kind], 112)
    return keys[:16], keys[16:48], keys[48:80]


def flip(blob: bytes) -> bytes:
    """One byte in the middle is another."""
    middle = len(blob) // 2
    return blob[:middle] + bytes([blob[middle] ^ 1]) + blob[middle + 1 :]


# What may happen to a file on its host; "missing" answers 404, "cut" promises more bytes than it sends.
FAULTS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda blob: None,
    "truncated": lambda blob: blob[: len(blob) // 2],
    "corrupt": flip,
    "cut": lambda blob: blob,
}


class MediaHost:
    """Keeps files by path. `upload_status` other than 200 refuses uploads; `delay` seconds before each answer."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        self.requests: Log[str] = Log()
        self.upload_status = 200
        self.delay = 0.0

    def put(self, kind: str, data: bytes, *, fault: str | None = None, length: int | None = None) -> dict[str, Any]:
        """Store a file as a contact's phone does; the fields of the message that announces it."""
        media_key = os.urandom(32)
        iv, cipher, mac = _keys(media_key, kind)
        blob = aes_cbc_encrypt(cipher, iv, data)
        blob += hmac_sha256(mac, iv + blob)[:10]
        path = f"/v/t62.7118-24/{os.urandom(8).hex()}.enc"
        self.files[path] = blob
        if fault is not None:
            self.spoil(path, fault)
        return {
            "fileSHA256": hashlib.sha256(data).digest(),
            "fileEncSHA256": hashlib.sha256(blob).digest(),
            "fileLength": len(data) if length is None else length,
            "mediaKey": media_key,
            "mediaKeyTimestamp": int(time.time()),
            "directPath": f"{path}?ccb=1",
            "URL": f"https://{HOST}{path}?ccb=1",
        }

    def spoil(self, path: str, fault: str) -> None:
        """From now on this file comes missing, truncated, corrupt or cut."""
        assert fault in FAULTS, fault
        self.faults[urlsplit(path).path] = fault

    def open(self, kind: str, part: Any) -> bytes:
        """The plain bytes behind a media message; as a phone does, its MAC and hash are verified."""
        blob = self.files[urlsplit(part.directPath).path]
        iv, cipher, mac = _keys(part.mediaKey, kind)
        if hmac_sha256(mac, iv + blob[:-10])[:10] != blob[-10:]:
            raise ValueError("wrong MAC on a media file")
        data = aes_cbc_decrypt(cipher, iv, blob[:-10])
        if hashlib.sha256(data).digest() != part.fileSHA256 or len(data) != part.fileLength:
            raise ValueError("a media file is not what its message says")
        return data

    def serve(self, sock: socket.socket) -> None:
        """Answer one HTTP request and hang up."""
        reader = Reader(sock)
        request, *lines = reader.until(b"\r\n\r\n").decode("latin1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, target, _ = request.split(" ")
        body = reader.exactly(int(headers.get("content-length", 0)))
        path = urlsplit(target).path
        time.sleep(self.delay)
        status, answer, length = self._upload(path, body) if method == "POST" else self._download(path)
        self.requests.append(f"{method} {path} {status}")
        head = f"HTTP/1.1 {status} -\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        sock.sendall(head.encode() + answer)
        sock.close()

    def _upload(self, path: str, body: bytes) -> tuple[int, bytes, int]:
        if self.upload_status != 200:
            return self.upload_status, b"", 0
        self.files[path] = body
        answer = json.dumps({"url": f"https://{HOST}{path}", "direct_path": path, "handle": token()}).encode()
        return 200, answer, len(answer)

    def _download(self, path: str) -> tuple[int, bytes, int]:
        fault = self.faults.get(path)
        blob = self.files.get(path)
        if blob is not None and fault is not None:
            blob = FAULTS[fault](blob)
        if blob is None:
            return 404, b"", 0
        return (200, blob[: len(blob) // 2], len(blob)) if fault == "cut" else (200, blob, len(blob))


def token() -> str:
    return base64.urlsafe_b64encode(os.urandom(12)).decode()
