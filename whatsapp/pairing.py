"""Pairing secrets and orders for a running session: in Redis, with an end, and never in a log."""

import json
from typing import Any

from crm.core.redis import client, key

ORDER_SECONDS = 60


def qr_key(session_id: int) -> str:
    return key("session", session_id, "qr")


def code_key(session_id: int) -> str:
    return key("session", session_id, "code")


def qr_put(session_id: int, content: str, seconds: float) -> None:
    client().set(qr_key(session_id), content, px=max(int(seconds * 1000), 1))


def qr_get(session_id: int) -> str:
    """The QR code to show now; empty if there is none."""
    return (client().get(qr_key(session_id)) or b"").decode()


def code_put(session_id: int, code: str, seconds: float) -> None:
    client().set(code_key(session_id), code, px=max(int(seconds * 1000), 1))


def code_get(session_id: int) -> str:
    return (client().get(code_key(session_id)) or b"").decode()


def pairing_forget(session_id: int) -> None:
    client().delete(qr_key(session_id), code_key(session_id))


def order_put(session_id: int, **order: Any) -> None:
    """Ask the session's process for something: `do` names it."""
    name = key("session", session_id, "orders")
    with client().pipeline(transaction=True) as pipe:
        pipe.rpush(name, json.dumps(order))
        pipe.expire(name, ORDER_SECONDS)
        pipe.execute()


def order_take(session_id: int) -> dict[str, Any] | None:
    raw = client().lpop(key("session", session_id, "orders"))
    return json.loads(raw) if raw else None
