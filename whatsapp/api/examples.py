"""Examples of the API's description: Lívia's number, connected."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ROW: dict[str, Any] = {
    "id": 1, "inbox_id": 1, "name": "Lívia", "role": "livia", "livia_enabled": True, "owner": None,
    "gateway": "neonize", "phone": "+5511990000000", "state": "online", "reason": "",
    "state_changed_at": "2026-11-20T11:00:00.113204Z", "state_until": None,
    "sentence": "Connected: messages arrive and leave.", "remedy": "", "wanted": True,
    "last_event_at": "2026-11-20T14:03:21.482311Z", "last_attempt_at": "2026-11-20T10:59:51.830017Z", "failures": 0,
    "cold_blocked_until": None, "disk_full_since": None, "spool_waiting_since": None,
    "backed_up_at": "2026-11-20T06:00:04.201145Z",
    "counters": {
        "attempts": 4, "successes": 3, "failures": 1, "qr": 2, "reconnects": 1, "cleanups": 0, "ignored": 12,
        "quarantined": 0,
    },
}  # fmt: skip
_WHOLE: dict[str, Any] = {
    **_ROW,
    "notices": [{"level": "info", "text": "1 message may or may not have left. Decide whether it goes out again.",
                 "remedy": ""}],
    "outbox": {"waiting": 2, "due_since": "2026-11-20T14:03:10.918350Z", "unconfirmed": 1},
    "history": [{"from_state": "starting", "to_state": "online", "reason": "", "at": "2026-11-20T11:00:00.113204Z"}],
}  # fmt: skip
_UNUSED = {
    "phone": "", "state_changed_at": "2026-11-20T14:10:00.640127Z", "last_event_at": None, "last_attempt_at": None,
    "backed_up_at": None, "counters": dict.fromkeys(_ROW["counters"], 0), "notices": [], "history": [],
    "outbox": {"waiting": 0, "due_since": None, "unconfirmed": 0},
}  # fmt: skip
_STOPPED = {
    "state": "stopped", "wanted": False, "sentence": "This number is disconnected.",
    "remedy": "Press Connect to receive and send messages.",
}  # fmt: skip
_STARTING = {"state": "starting", "reason": "asked", "sentence": "Connecting to WhatsApp…"}
_ANAS = {
    "id": 2, "inbox_id": 2, "name": "Ana", "role": "consultants", "livia_enabled": False,
    "owner": {"id": 3, "name": "Ana Clara"},
}  # fmt: skip


def _answer(name: str, value: Any, status: str) -> OpenApiExample:
    return OpenApiExample(name, value, response_only=True, status_codes=[status])


SESSIONS = [_answer("A page", {"results": [_ROW], "next": None, "previous": None}, "200")]
SESSION = [_answer("Lívia's number", _WHOLE, "200")]
CREATE = [
    OpenApiExample("Lívia's", {"name": "Lívia", "role": "livia"}, request_only=True),
    OpenApiExample("A consultant's", {"name": "Ana", "role": "consultants", "owner_id": 3}, request_only=True),
    _answer("Added", _WHOLE | _UNUSED | _STOPPED | _ANAS, "201"),
]
CONNECT = [_answer("Connecting", _WHOLE | _STARTING, "202")]
DISCONNECT = [_answer("Disconnected", _WHOLE | _STOPPED | {"reason": "asked"}, "202")]
