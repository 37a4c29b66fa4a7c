"""The fixed parts of the API's description. Settings read this: nothing here may import Django REST Framework."""

from typing import Any

VERSION = "1.0.0"  # of the API: the first number stands in its addresses

_DESCRIPTION = """\
Everything the pages of Lívia CRM do with leads, conversations and simulations, for programs.

**Signing in.** `Authorization: Bearer …` with a personal API key (`livia_…`, made on the account page, with the scopes
that were chosen) or with an access token (`POST /api/v1/auth/token`); `X-Api-Key` takes a key too. A key or token sees
and may do what its owner sees and may do: what belongs to others does not exist (404).

**Shapes.** Bodies are JSON objects in UTF-8. Money is in integer cents of Brazilian real, rates are decimals as text
(`"1.49"`: per cent), moments are ISO 8601 in UTC, days are `YYYY-MM-DD`, ids are integers. A key that an operation does
not know is refused. Later versions of an answer may have more keys: ignore those you do not know.

**Lists** come in pages: `limit` rows, `next` and `previous` are the addresses of the pages beside it. Pass them on as
they are.

**Errors** have one shape: `{"error": {"code": "…", "message": "…", "fields": {"name": ["…"]}}}`. The code is for
programs, the message for people, in the language of `Accept-Language` (`pt-BR`, `en`; Portuguese without it). What is
wrong within an object stands under both names: `tracking.utm_source`.

**Sending twice.** A POST with an `Idempotency-Key` is done once; the same request again is answered as the first time,
with `Idempotency-Replayed: true`.

**Changing at once.** A record comes with an `ETag`. A PATCH with `If-Match` is refused (412) if somebody else changed
the record meanwhile; without, the latest wins.

**Limits.** Every answer says in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` what is left; beyond it
the answer is 429 with `Retry-After`.
"""


def _header(description: str, kind: str = "integer", example: Any = None) -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}, **({"example": example} if example else {})}


_HEADERS = {
    "RateLimit-Limit": _header("Requests the window allows.", example=200),
    "RateLimit-Remaining": _header("Requests left in the window.", example=199),
    "RateLimit-Reset": _header("Seconds until this window ends; of a 429, until a request is let through.", example=60),
    "RateLimit-Policy": _header("Requests; w = the window's seconds.", "string", "200;w=60"),
    "Retry-After": _header("Seconds to wait before asking again.", example=7),
    "WWW-Authenticate": _header("How to sign in.", "string", "Bearer"),
    "ETag": _header("The record's state, for If-Match and If-None-Match.", "string", '"41.8c3f0a51d27be946"'),
    "Idempotency-Replayed": _header("`true`: this was done before, and is answered as then.", "string", "true"),
}
LIMITED = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy")

# Status → name of the component, what it means, code, message, and the headers it has besides the limits.
REFUSALS: dict[int, tuple[str, str, str, str, tuple[str, ...]]] = {
    400: ("Invalid", "What was sent is not valid; `fields` says where.", "invalid", "Some fields are not valid.", ()),
    401: (
        "NotSignedIn", "Nobody is signed in, or the key or token is no longer good.", "not_authenticated",
        "Authentication credentials were not provided.", ("WWW-Authenticate",),
    ),
    403: (
        "NotAllowed", "The key lacks the scope, or the page's CSRF token is missing.", "scope",
        "This key may not do that: it lacks leads:write.", (),
    ),
    404: ("NotFound", "It does not exist, or not for who asks.", "not_found", "Not found.", ()),
    409: ("Conflict", "The state of things does not allow it.", "conflict", "The client asked for no messages.", ()),
    412: (
        "Stale", "The record is no longer in the state of If-Match.", "stale",
        "This was changed meanwhile. Read it again, and send your change once more.", (),
    ),
    413: ("TooLarge", "The body or file is too large.", "too_large", "The request is too large.", ()),
    415: (
        "UnsupportedMediaType", "The body is of a type that is not read here.", "unsupported_media_type",
        'Unsupported media type "text/plain" in request.', (),
    ),
    422: (
        "OtherRequest", "The Idempotency-Key was used for another request.", "idempotency_mismatch",
        "This Idempotency-Key was used for another request.", (),
    ),
    429: (
        "TooMany", "Too many requests. Wait as long as Retry-After says.", "throttled",
        "Request was throttled. Expected available in 7 seconds.", ("Retry-After",),
    ),
    503: (
        "Unavailable", "A part that is needed does not answer. Nothing is lost: try again.", "unavailable",
        "The database does not answer just now. Nothing is lost: try again in a moment.", ("Retry-After",),
    ),
}  # fmt: skip

ERROR_REF = {"$ref": "#/components/schemas/Error"}
_ERROR = {
    "type": "object",
    "description": "Why a request was refused.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string", "description": "For programs.", "examples": ["invalid"]},
                "message": {"type": "string", "description": "For people, in their language."},
                "fields": {
                    "type": "object",
                    "description": "Sentences by field; empty where no field is to blame.",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}


def header_refs(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refusal(status: int) -> dict[str, Any]:
    _name, description, code, message, headers = REFUSALS[status]
    fields = {"name": ["This field is required."]} if status == 400 else {}
    example = {"error": {"code": code, "message": message, "fields": fields}}
    return {
        "description": description,
        "headers": header_refs(*LIMITED, *headers),
        "content": {"application/json": {"schema": ERROR_REF, "example": example}},
    }


SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Lívia CRM API",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": _DESCRIPTION,
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVERS": [{"url": "/", "description": "The server this page is from."}],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "GET_LIB_DOC_EXCLUDES": "crm.api.schema.bases",
    "PREPROCESSING_HOOKS": ["crm.api.schema.our_paths"],
    "POSTPROCESSING_HOOKS": ["crm.api.schema.tidied"],
    "TAGS": [
        {"name": "auth", "description": "Tokens for programs that act for a person."},
        {"name": "leads", "description": "Leads, and what happens to them."},
        {"name": "interactions", "description": "A lead's history."},
        {"name": "tasks", "description": "What is to be done, by whom and until when."},
        {"name": "conversations", "description": "Conversations with clients, their messages and who attends."},
        {"name": "contacts", "description": "The people behind the telephone numbers."},
        {"name": "sessions", "description": "The WhatsApp numbers of the company. Managers only."},
        {"name": "simulations", "description": "Loans and consortia, computed with the terms in force."},
        {"name": "analytics", "description": "The figures of the analytics page."},
    ],
    "APPEND_COMPONENTS": {
        "schemas": {"Error": _ERROR},
        "headers": _HEADERS,
        "responses": {REFUSALS[status][0]: _refusal(status) for status in REFUSALS},
    },
}
