"""What Groq refuses, so that a request it would not take does not pass here either."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agent.loopback.rules import Call, Played, refusal

_REFUSED = ("frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs")
_ENDINGS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")


def complaint(call: Call) -> Played | None:
    """The refusal of a request that is not well-formed."""
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return refusal(401, "Invalid API Key", code="invalid_api_key")
    if call.path.endswith("/audio/transcriptions"):
        return _about_file(call)
    if not call.path.endswith("/chat/completions"):
        return refusal(404, "Unknown request URL", code="unknown_url")
    return _about_chat(call.asked)


def _about_file(call: Call) -> Played | None:
    found = re.search(rb'filename="([^"]*)"', call.content)
    ending = found[1].decode(errors="replace").rpartition(".")[2] if found else ""
    return None if ending in _ENDINGS else refusal(400, f"file must be one of {', '.join(_ENDINGS)}")


def _about_chat(asked: Mapping[str, Any]) -> Played | None:
    if not asked.get("model") or not asked.get("messages"):
        return refusal(400, "model and messages are required")
    for name in _REFUSED:
        if asked.get(name) is not None:
            return refusal(400, f"property '{name}' is unsupported")
    shape = asked.get("response_format") or {}
    if shape.get("type") == "json_object" and "json" not in str(asked["messages"]).lower():
        return refusal(400, "'messages' must contain the word 'json' in some form")
    if shape.get("type") == "json_schema":
        for fault in _faults(shape["json_schema"].get("schema") or {}):
            return refusal(400, f"invalid JSON schema for response_format: {fault}")
    return None


def _faults(schema: Mapping[str, Any], where: str = "$") -> Iterator[str]:
    """Strict schemas name every property as required and allow no other."""
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        if set(schema.get("required", ())) != set(properties):
            yield f"{where}: required must list every property"
        if schema.get("additionalProperties") is not False:
            yield f"{where}: additionalProperties must be false"
        for name, inner in properties.items():
            yield from _faults(inner, f"{where}.{name}")
    if isinstance(schema.get("items"), Mapping):
        yield from _faults(schema["items"], f"{where}[]")
