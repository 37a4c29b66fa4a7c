"""What an endpoint plays: what was asked, what goes back and how badly."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Call:
    """One request. `asked` is its JSON, empty for an upload; `number` counts from 1."""

    number: int
    path: str
    headers: Mapping[str, str]
    content: bytes
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> str:
        return str(self.asked.get("model", ""))


@dataclass(frozen=True)
class Played:
    """A response. It waits `delay_s`, then sends whole, or a byte every `trickle_s` (of the headers too where
    `trickle_headers`), or hangs up after `abort_after_bytes` of the body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay_s: float = 0.0
    trickle_s: float = 0.0
    trickle_headers: bool = False
    abort_after_bytes: int | None = None


class Rules(Protocol):
    def __call__(self, call: Call) -> Played: ...


class Fault:
    """A scripted response: keys status, headers, body or body_b64, delay_s, trickle_s, trickle_headers,
    abort_after_bytes, and repeat_next: "ok" where only the first call fails."""

    def __init__(self, response: Mapping[str, Any], then: Rules | None = None) -> None:
        self._played = _played(response)
        self._recovers = response.get("repeat_next") == "ok"
        self._then = then or plain

    def __call__(self, call: Call) -> Played:
        return self._then(call) if self._recovers and call.number > 1 else self._played


class InTurn:
    """One set of rules a call, the last one for all that follow."""

    def __init__(self, *rules: "Rules | Mapping[str, Any]") -> None:
        self._rules = [rules_of(rule) for rule in rules]

    def __call__(self, call: Call) -> Played:
        return self._rules[min(call.number, len(self._rules)) - 1](call)


def rules_of(rules: Rules | Mapping[str, Any]) -> Rules:
    return Fault(rules) if isinstance(rules, Mapping) else rules


def completion(
    content: str, *, model: str = "", usage: Mapping[str, Any] | None = None, finish_reason: str = "stop"
) -> dict[str, Any]:
    """A chat completion as Groq shapes it."""
    return {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 1790000000,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content},
                "logprobs": None,
                "finish_reason": finish_reason,
            }
        ],
        "usage": dict(usage or {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}),
        "x_groq": {"id": "req_loopback"},
    }


def as_json(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Played:
    told = {"content-type": "application/json", **(headers or {})}
    return Played(status, told, json.dumps(value, ensure_ascii=False).encode())


def refusal(status: int, message: str, *, kind: str = "invalid_request_error", code: str = "") -> Played:
    """An error as Groq words it."""
    return as_json({"error": {"message": message, "type": kind, "code": code}}, status=status)


def plain(call: Call) -> Played:
    """The dullest right answer."""
    if call.path.endswith("/audio/transcriptions"):
        return as_json({"text": "Oi, tudo bem?"})
    reply = {
        "reply": "Certo! Vamos seguir?",
        "intent": "other",
        "slots": {},
        "next_stage": "QUALIFICATION",
        "confidence": 0.9,
        "handoff": False,
        "handoff_reason": None,
    }
    return as_json(completion(json.dumps(reply, ensure_ascii=False), model=call.model))


def _played(response: Mapping[str, Any]) -> Played:
    encoded = response.get("body_b64")
    return Played(
        status=int(response.get("status", 200)),
        headers=dict(response.get("headers") or {}),
        body=base64.b64decode(encoded) if encoded else str(response.get("body") or "").encode(),
        delay_s=float(response.get("delay_s") or 0),
        trickle_s=float(response.get("trickle_s") or 0),
        trickle_headers=bool(response.get("trickle_headers")),
        abort_after_bytes=response.get("abort_after_bytes") or None,
    )
