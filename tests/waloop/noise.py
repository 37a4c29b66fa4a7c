"""Noise_XX_25519_AESGCM_SHA256, the server's side, and the frames that follow it.

Every frame is a length in three bytes and its data. The certificate chain in the server's answer is what the client's
root key signs: leaf (the server's static key) signed by an intermediate, signed by the root.
"""

import hashlib
import struct
import time
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import protos
from .binary_xml import Codec, Node
from .ratchet import KeyPair, hkdf
from .websocket import WebSocket

PATTERN = b"Noise_XX_25519_AESGCM_SHA256\0\0\0\0"
DAY = 86400


class ServerKeys:
    """The server's static key and the chain that vouches for it."""

    def __init__(self) -> None:
        self.root, self.intermediate, self.static = KeyPair(), KeyPair(), KeyPair()

    def chain(self) -> bytes:
        details = protos.cert.CertChain.NoiseCertificate.Details
        now = int(time.time())
        times = {"notBefore": now - DAY, "notAfter": now + DAY}
        middle = details(serial=1, issuerSerial=0, key=self.intermediate.public, **times).SerializeToString()
        leaf = details(serial=2, issuerSerial=1, key=self.static.public, **times).SerializeToString()
        chain = protos.cert.CertChain()
        chain.intermediate.details, chain.intermediate.signature = middle, self.root.sign(middle)
        chain.leaf.details, chain.leaf.signature = leaf, self.intermediate.sign(leaf)
        return chain.SerializeToString()


class Handshake:
    """The symmetric state of Noise."""

    def __init__(self, prologue: bytes) -> None:
        self.hash = self.salt = self.key = PATTERN
        self.count = 0
        self.mix_hash(prologue)

    def mix_hash(self, data: bytes) -> None:
        self.hash = hashlib.sha256(self.hash + data).digest()

    def mix_key(self, secret: bytes) -> None:
        keys = hkdf(secret, self.salt, b"", 64)
        self.salt, self.key, self.count = keys[:32], keys[32:], 0

    def _nonce(self) -> bytes:
        self.count += 1
        return nonce(self.count - 1)

    def encrypt(self, plain: bytes) -> bytes:
        data = AESGCM(self.key).encrypt(self._nonce(), plain, self.hash)
        self.mix_hash(data)
        return data

    def decrypt(self, data: bytes) -> bytes:
        plain = AESGCM(self.key).decrypt(self._nonce(), data, self.hash)
        self.mix_hash(data)
        return plain

    def split(self) -> tuple[AESGCM, AESGCM]:
        """Ciphers for what the client sends and for what the server sends."""
        keys = hkdf(b"", self.salt, b"", 64)
        return AESGCM(keys[:32]), AESGCM(keys[32:])


def nonce(count: int) -> bytes:
    return b"\0" * 8 + struct.pack(">I", count)


class SecureChannel:
    """A websocket after the handshake: stanzas in, stanzas out. `login` is what the client said about itself."""

    def __init__(self, websocket: WebSocket, codec: Codec, keys: ServerKeys) -> None:
        self.websocket, self.codec = websocket, codec
        self.buffer = b""
        self.received = self.sent = 0
        self.login = self._handshake(keys)

    def _handshake(self, keys: ServerKeys) -> Any:
        header = self._exactly(4)  # "WA", the protocol version and the version of the token tables
        if header[:2] != b"WA":
            raise ValueError(f"not WhatsApp: {header!r}")
        message = protos.login.HandshakeMessage
        theirs = message.FromString(self._frame()).clientHello.ephemeral
        state, ephemeral = Handshake(header), KeyPair()
        state.mix_hash(theirs)
        state.mix_hash(ephemeral.public)
        state.mix_key(ephemeral.agree(theirs))
        answer = message()
        answer.serverHello.ephemeral = ephemeral.public
        answer.serverHello.static = state.encrypt(keys.static.public)
        state.mix_key(keys.static.agree(theirs))
        answer.serverHello.payload = state.encrypt(keys.chain())
        self._send_frame(answer.SerializeToString())
        finish = message.FromString(self._frame()).clientFinish
        state.mix_key(ephemeral.agree(state.decrypt(finish.static)))
        login = protos.login.ClientPayload.FromString(state.decrypt(finish.payload))
        self.reading, self.writing = state.split()
        return login

    def _exactly(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self.buffer += self.websocket.receive()
        found, self.buffer = self.buffer[:size], self.buffer[size:]
        return found

    def _frame(self) -> bytes:
        return self._exactly(int.from_bytes(self._exactly(3), "big"))

    def _send_frame(self, data: bytes) -> None:
        self.websocket.send(len(data).to_bytes(3, "big") + data)

    def send(self, node: Node) -> None:
        """Only one thread may send: the nonce counts frames."""
        self._send_frame(self.writing.encrypt(nonce(self.sent), self.codec.encode(node), None))
        self.sent += 1

    def receive(self) -> Node:
        plain = self.reading.decrypt(nonce(self.received), self._frame(), None)
        self.received += 1
        return self.codec.decode(plain)
