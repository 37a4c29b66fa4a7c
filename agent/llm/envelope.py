"""Reading a completion. The SDK builds its objects without checking them, so the JSON is read here, type by type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.llm.failures import BrokenEnvelope, NoAnswer

_COUNT_MAX = 2**31 - 1  # what an integer column holds
_LINE_MAX = 120


@dataclass(frozen=True)
class Usage:
    """Tokens and milliseconds as the endpoint tells them; `tokens_out` includes `tokens_reasoning`."""

    tokens_in: int = 0
    tokens_out: int = 0
    tokens_reasoning: int = 0
    tokens_cached: int = 0
    queue_ms: int = 0
    total_ms: int = 0

    def tokens(self) -> dict[str, int]:
        """By kind, as the metrics call them."""
        return {
            "in": self.tokens_in,
            "out": self.tokens_out,
            "reasoning": self.tokens_reasoning,
            "cached": self.tokens_cached,
        }


def body_of(response: Any) -> Mapping[str, Any]:
    """The object in a raw response of the SDK. Empty, cut, HTML and bytes that are no text raise BrokenEnvelope."""
    try:
        body = response.json()
    except (ValueError, RecursionError) as error:
        raise BrokenEnvelope from error
    if not isinstance(body, dict):
        raise BrokenEnvelope
    return body


def text_of(body: Mapping[str, Any]) -> str:
    """The model's words. Raises BrokenEnvelope, or NoAnswer for an answer cut off or refused."""
    choice = _first(body.get("choices"))
    message = _object(choice.get("message"))
    if message.get("refusal"):
        raise NoAnswer("refusal")
    if choice.get("finish_reason") == "length":
        raise NoAnswer("length")
    content = message.get("content")
    if not isinstance(content, str) or not content.strip():
        raise BrokenEnvelope
    return cleaned(content)


def usage_of(body: Mapping[str, Any]) -> Usage:
    usage = _or_empty(body.get("usage"))
    out, into = _or_empty(usage.get("completion_tokens_details")), _or_empty(usage.get("prompt_tokens_details"))
    return Usage(
        tokens_in=_count(usage.get("prompt_tokens")),
        tokens_out=_count(usage.get("completion_tokens")),
        tokens_reasoning=_count(out.get("reasoning_tokens")),
        tokens_cached=_count(into.get("cached_tokens")),
        queue_ms=_count(usage.get("queue_time"), 1000),
        total_ms=_count(usage.get("total_time"), 1000),
    )


def request_id_of(headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
    """What Groq's support asks for: in a header, and again in the body."""
    told = headers.get("x-request-id") or _or_empty(body.get("x_groq")).get("id") or ""
    return cleaned(told)[:_LINE_MAX] if isinstance(told, str) else ""


def cleaned(text: str) -> str:
    """Text a database stores: without NUL and half surrogates, which JSON escapes can smuggle in."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _first(choices: Any) -> Mapping[str, Any]:
    if not isinstance(choices, list) or not choices:
        raise BrokenEnvelope
    return _object(choices[0])


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BrokenEnvelope
    return value


def _or_empty(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any, scale: int = 1) -> int:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= _COUNT_MAX:
        return 0
    return min(round(value * scale), _COUNT_MAX)
