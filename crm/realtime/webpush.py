"""One Web Push message on its way: keys (RFC 8292), encryption (RFC 8291), delivery (RFC 8030), no rows.

A subscription's address comes from a browser, so anybody who can sign in may name any server: crm.core.outward speaks
only to public ones.
"""

import base64
import time
from dataclasses import dataclass
from functools import lru_cache

import http_ece
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02, VapidException

from crm.core.outward import Failed, Refused, post, target_of

TTL_SECONDS = 4 * 3600  # a device that was off for longer finds it in the bell
CLAIM_SECONDS = 12 * 3600  # of the 24 hours a signature may live
_SECONDS = 10
_GONE = (404, 410)
_POINT_BYTES, _SECRET_BYTES = 65, 16


class Gone(Exception):
    """The browser has given up this subscription."""


class NotNow(Exception):
    """The push service does not take it at present; `retry_after` seconds, 0 where it does not say."""

    def __init__(self, reason: str, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Device:
    endpoint: str
    p256dh: str
    auth: str


def public_key() -> str:
    """What browsers subscribe with; "" while Web Push is off."""
    return _public_key(settings.VAPID_PRIVATE_KEY)


@lru_cache(maxsize=2)
def _public_key(private: str) -> str:
    if not private:
        return ""
    point = _signer(private).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


@lru_cache(maxsize=2)
def _signer(private: str) -> Vapid02:
    try:
        if "BEGIN" in private:
            return Vapid02.from_pem(private.replace("\\n", "\n").encode())
        return Vapid02.from_string(private)
    except (ValueError, TypeError, VapidException, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured(
            "VAPID_PRIVATE_KEY is no key of the P-256 curve. Make one with: "
            'python3 -c "from py_vapid import Vapid02; k = Vapid02(); k.generate_keys(); '
            'print(k.private_pem().decode())"'
        ) from error


def check_settings() -> None:
    """Refuse at start what would only fail at the first message. Raises ImproperlyConfigured."""
    if not settings.VAPID_PRIVATE_KEY:
        return
    public_key()
    if not settings.VAPID_SUBJECT.startswith(("mailto:", "https://")):
        raise ImproperlyConfigured(
            "VAPID_SUBJECT tells push services whom to write to: set it to mailto:you@example.com."
        )


def check_device(device: Device) -> None:
    """Raises Refused for an address no push service has, or keys that cannot encrypt. Asks no name server."""
    target_of(device.endpoint, private=settings.PUSH_ALLOW_PRIVATE)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decode(device.p256dh, _POINT_BYTES))
    except ValueError as error:
        raise Refused("keys that are none") from error
    _decode(device.auth, _SECRET_BYTES)


def send(device: Device, payload: bytes, *, topic: str, urgency: str) -> None:
    """Encrypt for a device and hand to its push service. `topic` replaces what still waits there under the same one.
    Raises Refused, Gone or NotNow."""
    check_device(device)
    private = settings.PUSH_ALLOW_PRIVATE
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_SECONDS),
        "Topic": topic,
        "Urgency": urgency,
        **_authorization(target_of(device.endpoint, private=private).origin),
    }
    try:
        answer = post(
            device.endpoint, body=_encrypt(device, payload), headers=headers, seconds=_SECONDS, private=private
        )
    except Failed as error:
        raise NotNow(str(error)) from error
    _judge(answer.status, answer.headers.get("retry-after", ""))


def _encrypt(device: Device, payload: bytes) -> bytes:
    return http_ece.encrypt(
        payload,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_decode(device.p256dh, _POINT_BYTES),
        auth_secret=_decode(device.auth, _SECRET_BYTES),
        version="aes128gcm",
    )


def _judge(status: int, retry_after: str) -> None:
    if 200 <= status < 300:
        return
    if status in _GONE:
        raise Gone
    if status == 429 or status >= 500:
        raise NotNow(str(status), int(retry_after) if retry_after.isdecimal() else 0)
    raise Refused(f"answered {status}")


def _authorization(audience: str) -> dict[str, str]:
    expires = int(time.time()) + CLAIM_SECONDS
    claims = {"aud": audience, "exp": expires, "sub": settings.VAPID_SUBJECT}
    return _signer(settings.VAPID_PRIVATE_KEY).sign(claims)


def _decode(text: str, size: int) -> bytes:
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise Refused("keys that are none") from error
    if len(value) != size:
        raise Refused("keys that are none")
    return value
