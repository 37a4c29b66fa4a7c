"""Examples of the API's description for answers that several operations give, by the name of their component."""

from typing import Any

_ANA = {"id": 3, "name": "Ana Clara"}
_CAME, _SPOKE = "2026-11-20T13:58:02.114870Z", "2026-11-20T14:03:21.482311Z"

LEAD: dict[str, Any] = {
    "id": 57, "name": "Maria Souza", "phone": "+5511998123340", "email": "maria@example.com", "city": "São Paulo",
    "uf": "SP", "status": "CONTACTED", "version": 2, "lost_reason": "", "lost_note": "", "won_amount": None,
    "attended_by": "person", "product": "home_equity", "credit_amount": 30_000_000, "property_value": 80_000_000,
    "vehicle_value": None, "monthly_income": 2_000_000, "down_payment": None, "term_months": 180, "occupation": "",
    "purpose": "", "ai_score": 65, "ai_temperature": "WARM",
    "ai_reasons": [{"code": "product", "text": "Disse qual produto quer", "points": 20}], "transfer_summary": "",
    "source": "whatsapp", "tracking": {"utm_source": "instagram", "utm_medium": "social"}, "message": "",
    "unread_count": 0, "next_task_title": "Ligar para Maria", "status_changed_at": _SPOKE, "consented_at": None,
    "last_message_at": _SPOKE, "next_task_at": "2026-11-23T12:00:00Z", "erased_at": None, "created_at": _CAME,
    "updated_at": _SPOKE, "consultant": _ANA,
}  # fmt: skip

COMPONENTS: dict[str, Any] = {
    "LeadAnswer": LEAD,
    "LeadTaken": {"id": 57, "created": True, "lead": LEAD},
    "ConsultantAnswer": {
        **_ANA, "active": True, "in_rotation": True, "available": True, "open_leads": 17,
    },
    "InteractionAnswer": {
        "id": 582, "lead_id": 57, "kind": "classified", "text": "Temperatura: Morno, 65 pontos",
        "by": {"kind": "livia", "id": None, "name": "Lívia"}, "data": {"score": 65, "temperature": "WARM"},
        "created_at": _SPOKE,
    },
    "NoteAnswer": {
        "id": 12, "text": "Prefere falar à tarde.", "author": _ANA, "pinned": False, "mentions": [],
        "edited_at": None, "created_at": _SPOKE,
    },
    "TaskAnswer": {
        "id": 31, "lead": {"id": 57, "name": "Maria Souza"}, "title": "Ligar para Maria", "kind": "call",
        "note": "", "due_at": "2026-11-23T12:00:00Z", "state": "open", "owner": _ANA, "made_by": "person",
        "rule": "", "snoozed_count": 0, "closed_at": None, "created_at": _SPOKE,
    },
    "Me": {
        **_ANA, "email": "ana@example.com", "role": "consultant", "is_manager": False, "available": True,
        "signed_in_by": "key", "scopes": ["leads:read", "leads:write"],
    },
    "ProgramSignIn": {
        "id": "fb1bef54-5994-4011-88c1-bd1b60428742", "created_at": _CAME, "last_used_at": _SPOKE,
        "expires_at": "2026-11-27T13:58:02.114870Z", "address": "203.0.113.7", "program": "planilha/2.1",
        "current": True,
    },
    "LeadTakenIn": {
        "id": 57, "name": "Maria Souza", "phone": "+5511998123340", "status": "NEW", "consultant": _ANA,
        "ai_score": 0, "ai_temperature": "", "created": True,
    },
}  # fmt: skip
