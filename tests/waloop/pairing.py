"""How a phone links a client: by the QR code it shows, or by the code its owner types.

In both the phone signs the client's identity key (ADV, "advanced device verification"): the signature covers 6, 0, the
details and the identity; the whole is authenticated with a secret that only the QR code or the code's exchange carries.
"""

import base64
import hashlib
import hmac
import os
import time

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import protos
from .binary_xml import JID, Node
from .connection import Connection
from .messages import Messages
from .people import Companion, Phone
from .ratchet import KeyPair, hkdf

SERVER = JID("")
QR_CODES = 6  # WhatsApp gives six; the client shows each for a while
PBKDF2_ROUNDS = 131072  # over the eight characters of a pairing code


class Pairing(Messages):
    qr_codes = QR_CODES

    def offer_codes(self, connection: Connection) -> None:
        """An unpaired client connected: give it what its QR codes are made of."""
        connection.refs = [base64.b64encode(os.urandom(24)).decode() for _ in range(self.qr_codes)]
        refs = [Node("ref", {}, ref.encode()) for ref in connection.refs]
        attrs = {"from": SERVER, "type": "set", "id": self.next_id(), "xmlns": "md"}
        connection.send(Node("iq", attrs, [Node("pair-device", {}, refs)]))

    def scan(self, qr: str | bytes, phone: Phone) -> int:
        """The phone's camera sees a QR code; the number of the new companion."""
        text = qr.decode() if isinstance(qr, bytes) else qr
        ref, _, identity, secret = text.split("#")[-1].split(",")[:4]
        with self.lock:
            shown = [one for one in self.connections if one.alive and ref in one.refs]
        assert shown, "this QR code has expired: its connection is gone"
        return self._link(shown[0], phone, base64.b64decode(identity), base64.b64decode(secret))

    def codes_asked(self, phone: Phone) -> bool:
        """A client waits for the owner of this number to type its code."""
        return self._asking(phone) is not None

    def enter_code(self, phone: Phone, code: str) -> None:
        """The owner types the eight characters the client shows."""
        connection = self._asking(phone)
        assert connection is not None, f"no client asked for a code for {phone.number}"
        letters, wrapped = code.replace("-", "").encode(), connection.link["wrapped"]
        theirs = _sealed(letters, wrapped[:32], wrapped[32:48], wrapped[48:80])
        ephemeral, salt, iv = KeyPair(), os.urandom(32), os.urandom(16)
        connection.link |= {"phone": phone, "shared": ephemeral.agree(theirs)}
        children = [
            Node("link_code_pairing_ref", {}, connection.link["ref"]),
            Node(
                "link_code_pairing_wrapped_primary_ephemeral_pub",
                {},
                salt + iv + _sealed(letters, salt, iv, ephemeral.public),
            ),
            Node("primary_identity_pub", {}, phone.endpoint.identity.public),
        ]
        attrs = {"from": SERVER, "type": "link_code_companion_reg", "id": self.next_id(), "t": int(time.time())}
        stage = Node("link_code_companion_reg", {"stage": "primary_hello"}, children)
        connection.send(Node("notification", attrs, [stage]))

    def _asking(self, phone: Phone) -> Connection | None:
        with self.lock:
            asking = [one for one in self.connections if one.alive and one.link.get("number") == phone.number]
        return asking[-1] if asking else None

    def code_hello(self, connection: Connection, stage: Node) -> Node:
        """The client asks to be linked to a number by code."""
        wrapped = stage.bytes_of("link_code_pairing_wrapped_companion_ephemeral_pub")
        number = stage.attrs["jid"].user
        connection.link = {"ref": os.urandom(12).hex().encode(), "number": number, "wrapped": wrapped}
        ref = Node("link_code_pairing_ref", {}, connection.link["ref"])
        return Node("link_code_companion_reg", {"stage": "companion_hello"}, [ref])

    def code_finish(self, connection: Connection, stage: Node) -> None:
        """The client knew the code: its identity key comes sealed with what both sides agreed."""
        sealed, link = stage.bytes_of("link_code_pairing_wrapped_key_bundle"), connection.link
        key = hkdf(link["shared"], sealed[:32], b"link_code_pairing_key_bundle_encryption_key", 32)
        keys = AESGCM(key).decrypt(sealed[32:44], sealed[44:], None)
        identity, random = keys[:32], keys[64:96]
        phone: Phone = link["phone"]
        secret = hkdf(link["shared"] + phone.endpoint.identity.agree(identity) + random, b"", b"adv_secret", 32)
        self._link(connection, phone, identity, secret)

    def _link(self, connection: Connection, phone: Phone, identity: bytes, secret: bytes) -> int:
        request = connection.login.devicePairingData
        assert identity == request.eIdent, "the QR code is of another client"
        signed = (int.from_bytes(request.eSkeyID, "big"), request.eSkeyVal)
        with self.lock:
            self.meet(phone)
            device = phone.link(Companion(identity, signed, int.from_bytes(request.eRegid, "big")))
        children = [
            Node("device-identity", {}, _signed_identity(phone, device, identity, secret)),
            Node("device", {"jid": phone.pn(device), "lid": phone.lid_jid(device)}),
            Node("platform", {"name": "android"}),
        ]
        attrs = {"from": SERVER, "type": "set", "id": self.next_id(), "xmlns": "md", "t": int(time.time())}
        connection.send(Node("iq", attrs, [Node("pair-success", {}, children)]))
        return device


def _signed_identity(phone: Phone, device: int, identity: bytes, secret: bytes) -> bytes:
    adv, keys = protos.adv, phone.endpoint.identity
    number = int.from_bytes(os.urandom(3), "big")
    details = adv.ADVDeviceIdentity(rawID=number, timestamp=int(time.time()), keyIndex=device).SerializeToString()
    signed = adv.ADVSignedDeviceIdentity(
        details=details,
        accountSignatureKey=keys.public,
        accountSignature=keys.sign(b"\6\0" + details + identity),
    ).SerializeToString()
    proof = hmac.new(secret, signed, hashlib.sha256).digest()
    return adv.ADVSignedDeviceIdentityHMAC(details=signed, HMAC=proof).SerializeToString()


def _sealed(code: bytes, salt: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-CTR under the pairing code; the same both ways."""
    key = hashlib.pbkdf2_hmac("sha256", code, salt, PBKDF2_ROUNDS, 32)
    return Cipher(algorithms.AES(key), modes.CTR(iv)).encryptor().update(data)
