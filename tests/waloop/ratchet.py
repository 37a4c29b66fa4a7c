"""Just enough of Signal for people on a loopback WhatsApp: X3DH, the Double Ratchet (version 3) and XEdDSA.

Sources: signal.org/docs (x3dh, doubleratchet, xeddsa). WhatsApp pads every plaintext with n bytes of value n, 1 to 16.
"""

import copy
import hashlib
import hmac
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .wire import pack, unpack

VERSION = b"\x33"  # message version 3, in both halves of the byte
KEY_TYPE = b"\5"  # before every public key on the wire: Curve25519
ZEROS = b"\0" * 32

Peer: TypeAlias = tuple[str, int]  # whom a session is with: (number, device)


class Undecryptable(Exception):
    """No session opens this message."""


def hkdf(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt or None, info=info).derive(secret)


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def aes_cbc_encrypt(key: bytes, iv: bytes, plain: bytes) -> bytes:
    pad = 16 - len(plain) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()


def aes_cbc_decrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    plain = decryptor.update(data) + decryptor.finalize()
    return plain[: -plain[-1]]


class KeyPair:
    """An X25519 pair that also signs (XEdDSA): it is made as an Ed25519 key and seen as Montgomery."""

    def __init__(self) -> None:
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        seed = os.urandom(32)
        self._signing = Ed25519PrivateKey.from_private_bytes(seed)
        self._agreeing = X25519PrivateKey.from_private_bytes(hashlib.sha512(seed).digest()[:32])
        self.public: bytes = self._agreeing.public_key().public_bytes(*raw)
        self._sign_bit: int = self._signing.public_key().public_bytes(*raw)[31] & 0x80

    def agree(self, public: bytes) -> bytes:
        """The Diffie-Hellman secret with another's public key."""
        return self._agreeing.exchange(X25519PublicKey.from_public_bytes(public))

    def sign(self, data: bytes) -> bytes:
        signature = bytearray(self._signing.sign(data))
        signature[63] |= self._sign_bit
        return bytes(signature)

    def __deepcopy__(self, memo: object) -> "KeyPair":
        return self  # keys never change: a copied session shares them


@dataclass(frozen=True)
class Bundle:
    """What starts a session with a device: its identity, a signed key and perhaps a one-time key, as (id, public)."""

    identity: bytes
    signed: tuple[int, bytes]
    once: tuple[int, bytes] | None = None


class Session:
    """One ratchet with one device."""

    def __init__(self, mine: KeyPair, theirs: bytes, base: bytes) -> None:
        self.mine, self.theirs, self.base = mine, theirs, base
        self.chains: dict[bytes, tuple[bytes, int]] = {}  # their ratchet key -> (chain key, next number)
        self.skipped: dict[tuple[bytes, int], tuple[bytes, bytes, bytes]] = {}
        self.sent = self.sent_before = 0
        self.prekey: dict[int, int | bytes] | None = None  # the fields of <pkmsg>, until they answered
        self.root = self.sending = b""
        self.ratchet = mine

    @classmethod
    def initiate(cls, mine: KeyPair, bundle: Bundle, registration: int) -> "Session":
        base, (signed_id, signed) = KeyPair(), bundle.signed
        self = cls(mine, bundle.identity, base.public)
        secret = b"\xff" * 32 + mine.agree(signed) + base.agree(bundle.identity) + base.agree(signed)
        self.prekey = {2: KEY_TYPE + base.public, 3: KEY_TYPE + mine.public, 5: registration, 6: signed_id}
        if bundle.once is not None:
            secret += base.agree(bundle.once[1])
            self.prekey[1] = bundle.once[0]
        keys = hkdf(secret, ZEROS, b"WhisperText", 64)
        self.root = keys[:32]
        self.chains[signed] = (keys[32:], 0)
        self._turn(signed)
        return self

    @classmethod
    def respond(cls, mine: KeyPair, signed: KeyPair, once: KeyPair | None, theirs: bytes, base: bytes) -> "Session":
        self = cls(mine, theirs, base)
        secret = b"\xff" * 32 + signed.agree(theirs) + mine.agree(base) + signed.agree(base)
        if once is not None:
            secret += once.agree(base)
        keys = hkdf(secret, ZEROS, b"WhisperText", 64)
        self.root, self.sending, self.ratchet = keys[:32], keys[32:], signed
        return self

    def _turn(self, theirs: bytes) -> None:
        """A new sending chain, against their newest ratchet key."""
        self.sent_before, self.sent = self.sent, 0
        self.ratchet = KeyPair()
        keys = hkdf(self.ratchet.agree(theirs), self.root, b"WhisperRatchet", 64)
        self.root, self.sending = keys[:32], keys[32:]

    @staticmethod
    def _message_keys(chain: bytes) -> tuple[bytes, bytes, bytes]:
        keys = hkdf(hmac_sha256(chain, b"\1"), ZEROS, b"WhisperMessageKeys", 80)
        return keys[:32], keys[32:64], keys[64:80]  # cipher, MAC, IV

    def encrypt(self, plain: bytes) -> tuple[str, bytes]:
        """(`pkmsg` or `msg`, ciphertext)."""
        cipher, mac, iv = self._message_keys(self.sending)
        self.sending = hmac_sha256(self.sending, b"\2")
        fields: dict[int, int | bytes] = {
            1: KEY_TYPE + self.ratchet.public,
            2: self.sent,
            3: self.sent_before,
            4: aes_cbc_encrypt(cipher, iv, plain),
        }
        body = VERSION + pack(fields)
        body += hmac_sha256(mac, KEY_TYPE + self.mine.public + KEY_TYPE + self.theirs + body)[:8]
        self.sent += 1
        if self.prekey is None:
            return "msg", body
        return "pkmsg", VERSION + pack({**self.prekey, 4: body})

    def decrypt(self, body: bytes) -> bytes:
        fields = unpack(body[1:-8])
        ratchet, number = fields[1][1:], fields.get(2, 0)
        if ratchet not in self.chains:
            keys = hkdf(self.ratchet.agree(ratchet), self.root, b"WhisperRatchet", 64)
            self.root, self.chains[ratchet] = keys[:32], (keys[32:], 0)
            self._turn(ratchet)
        chain, following = self.chains[ratchet]
        while following <= number:
            self.skipped[ratchet, following] = self._message_keys(chain)
            chain, following = hmac_sha256(chain, b"\2"), following + 1
        self.chains[ratchet] = (chain, following)
        if (ratchet, number) not in self.skipped:
            raise Undecryptable(f"message {number} of this chain was opened before")
        cipher, mac, iv = self.skipped.pop((ratchet, number))
        expected = hmac_sha256(mac, KEY_TYPE + self.theirs + KEY_TYPE + self.mine.public + body[:-8])[:8]
        if not hmac.compare_digest(expected, body[-8:]):
            raise Undecryptable("wrong MAC")
        self.prekey = None
        return aes_cbc_decrypt(cipher, iv, fields[4])


class Endpoint:
    """One person's own device: identity, prekeys and the sessions with other devices, newest first."""

    def __init__(self) -> None:
        self.identity, self.signed, self.signed_id = KeyPair(), KeyPair(), 1
        self.registration = int.from_bytes(os.urandom(2), "big") & 0x3FFF
        self.signature = self.identity.sign(KEY_TYPE + self.signed.public)
        self.once: dict[int, KeyPair] = {}
        self.sessions: dict[Peer, list[Session]] = {}
        self.lock = threading.RLock()

    def new_once(self) -> tuple[int, bytes]:
        """A fresh one-time key as (id, public)."""
        with self.lock:
            number = len(self.once) + 1
            self.once[number] = KeyPair()
            return number, self.once[number].public

    def begin(self, peer: Peer, bundle: Bundle) -> None:
        """Forget nothing, but write to this device through a new session from now on."""
        with self.lock:
            session = Session.initiate(self.identity, bundle, self.registration)
            self.sessions.setdefault(peer, []).insert(0, session)

    def encrypt(self, peer: Peer, plain: bytes, fetch: Callable[[], Bundle]) -> tuple[str, bytes]:
        with self.lock:
            if not self.sessions.get(peer):
                self.begin(peer, fetch())
            pad = os.urandom(1)[0] % 16 + 1
            return self.sessions[peer][0].encrypt(plain + bytes([pad]) * pad)

    def decrypt(self, peer: Peer, kind: str, data: bytes) -> bytes:
        """The plaintext of a `msg` or `pkmsg`; a message that cannot be opened leaves every session as it was."""
        with self.lock:
            sessions = self.sessions.setdefault(peer, [])
            candidates = list(sessions)
            if kind == "pkmsg":
                fields = unpack(data[1:])
                data = fields[4]
                candidates = self._starting(candidates, fields)
            reasons = []
            for session in candidates:
                attempt = copy.deepcopy(session)
                try:
                    plain = attempt.decrypt(data)
                except (Undecryptable, ValueError, KeyError, IndexError) as error:
                    reasons.append(str(error))
                    continue
                sessions[:] = [attempt, *(other for other in sessions if other is not session)]
                return plain[: -plain[-1]]
            raise Undecryptable(f"from {peer}: {reasons or 'no session'}")

    def _starting(self, sessions: list[Session], fields: dict[int, Any]) -> list[Session]:
        """The sessions with the one a `pkmsg` starts, unless it has started before."""
        base = fields[2][1:]
        if any(session.base == base for session in sessions):
            return sessions
        once = self.once.get(fields.get(1, 0))
        return [Session.respond(self.identity, self.signed, once, fields[3][1:], base), *sessions]
