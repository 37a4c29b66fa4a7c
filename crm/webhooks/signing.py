"""How a receiver knows that a delivery is ours, unchanged and fresh: HMAC-SHA256 over the moment and the body."""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from crm.webhooks.models import Endpoint

_MARK = "whsec_"


def secret_new() -> str:
    return f"{_MARK}{secrets.token_urlsafe(32)}"


def signature(secret: str, at: datetime, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{int(at.timestamp())}.".encode() + body, sha256).hexdigest()


def signature_header(endpoint: Endpoint, at: datetime, body: bytes) -> str:
    """`t=<seconds>,v1=<hex>`; for a while after a new secret was made there are two v1, the new one's first."""
    known = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until and at < endpoint.old_secret_until:
        known.append(endpoint.old_secret)
    signed = [f"v1={signature(secret, at, body)}" for secret in known]
    return ",".join([f"t={int(at.timestamp())}", *signed])
