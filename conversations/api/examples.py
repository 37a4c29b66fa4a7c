"""Examples of the API's description: Maria asks Ana for a simulation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_JSON = "application/json"
_ANA = {"id": 3, "name": "Ana Clara"}
_CONVERSATION: dict[str, Any] = {
    "id": 902, "lead_id": 57, "inbox": {"id": 1, "name": "Lívia", "role": "livia"},
    "contact": {"id": 88, "name": "Maria Souza", "phone": "+5511998123340"}, "state": "active",
    "attended_by": "person", "attended_since": "2026-11-20T14:00:02.118204Z", "taken_by": _ANA, "consultant": _ANA,
    "unread_count": 1, "snoozed_until": None, "opted_out": False,
    "last_message": {
        "at": "2026-11-20T14:03:21.482311Z", "text": "Consegue simular em 180 vezes?", "author": "client",
        "state": "received",
    },
    "labels": [{"id": 4, "name": "documentos", "color": "amber"}], "created_at": "2026-11-18T18:41:09.640127Z",
}  # fmt: skip
_MESSAGE: dict[str, Any] = {
    "id": 77120, "conversation_id": 902, "direction": "in", "author": "client", "sender": None, "kind": "text",
    "text": "Consegue simular em 180 vezes?", "state": "received", "reason": None, "quoted": None, "reactions": ["👍"],
    "file": None, "place": None, "cards": [], "transcript": None, "sent_at": "2026-11-20T14:03:20Z",
    "state_changed_at": "2026-11-20T14:03:21.482311Z", "edited_at": None, "revoked_at": None,
    "created_at": "2026-11-20T14:03:21.482311Z",
}  # fmt: skip
_QUEUED = _MESSAGE | {
    "id": 77121, "direction": "out", "author": "consultant", "sender": _ANA, "text": "Claro, Maria! Já envio.",
    "state": "queued", "quoted": {"id": 77120, "text": "Consegue simular em 180 vezes?"}, "reactions": [],
    "sent_at": "2026-11-20T14:05:40.003915Z", "state_changed_at": "2026-11-20T14:05:40.003915Z",
    "created_at": "2026-11-20T14:05:40.003915Z",
}  # fmt: skip
_FILE = {
    "state": "stored", "url": "/api/v1/messages/77122/file", "name": "simulacao.pdf", "mime": "application/pdf",
    "size": 48213, "seconds": None,
}  # fmt: skip
_DOCUMENT = _QUEUED | {"id": 77122, "kind": "document", "text": "A simulação", "quoted": None, "file": _FILE}
_CONTACT: dict[str, Any] = {
    "id": 88, "name": "Maria Souza", "whatsapp_name": "Maria", "phone": "+5511998123340", "opted_out_at": None,
    "erased": False, "lead_ids": [57], "conversation_ids": [902], "created_at": "2026-11-18T18:41:09.598310Z",
}  # fmt: skip


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"results": [row], "next": None, "previous": None}


def _answer(name: str, value: Any, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value, response_only=True, status_codes=[status])


def _body(name: str, value: Any, media_type: str = _JSON) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True, media_type=media_type)


CONVERSATIONS = [_answer("A page", _page(_CONVERSATION))]
CONVERSATION = [_answer("Maria's", _CONVERSATION)]
HANDED_BACK = [_answer("Lívia attends", _CONVERSATION | {"attended_by": "livia", "taken_by": None})]
READ = [
    _body("All of it", {}),
    _body("Down to a message", {"upto_id": 77120}),
    _answer("Read", _CONVERSATION | {"unread_count": 0}),
]
MESSAGES = [_answer("A page", _page(_MESSAGE))]
MESSAGE = [_answer("With a file", _DOCUMENT | {"state": "read"}), _answer("The client's", _MESSAGE)]
SEND = [
    _body("A text", {"text": "Bom dia, Maria!"}),
    _body("An answer", {"text": "Claro, Maria! Já envio.", "quoted_id": 77120}),
    _answer("Queued", _QUEUED, "202"),
]
CONTACTS = [_answer("A page", _page(_CONTACT))]
CONTACT = [_answer("Maria", _CONTACT)]
