"""A Groq of our own for whoever needs one."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from agent.llm import breaker
from agent.loopback import Call, Endpoint, Rules
from agent.loopback.rules import completion

Heard = Callable[[Call], None]


@pytest.fixture
def groq(settings) -> Iterator[Callable[..., Endpoint]]:
    """Groq plays these rules from now on, and `heard` is called with each request before it is answered:
    `groq({"status": 503})`. It gives up soon, and the breaker starts closed."""
    started: list[Endpoint] = []
    settings.GROQ_ENABLED, settings.GROQ_API_KEY = True, "gsk-test-key"
    settings.GROQ_MODELS = ["openai/gpt-oss-120b", "openai/gpt-oss-20b"]
    settings.GROQ_ATTEMPT_SECONDS, settings.GROQ_TURN_SECONDS = 2.0, 3.0
    _close_breaker()

    def play(rules: Rules | Mapping[str, Any] | None = None, *, heard: Heard | None = None) -> Endpoint:
        endpoint = Endpoint(rules, heard=heard)
        settings.GROQ_BASE_URL = endpoint.start()
        started.append(endpoint)
        return endpoint

    yield play
    for endpoint in started:
        endpoint.stop()
    _close_breaker()


def _close_breaker() -> None:
    breaker.chat.succeeded()
    breaker.hearing.succeeded()


def says_json(content: str | Mapping[str, Any]) -> dict[str, Any]:
    """A response whose completion is this text, or this object as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return {"status": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(completion(text))}


def reply(words: str, **changes: Any) -> dict[str, Any]:
    """A response in the schema of a reply."""
    return says_json({
        "reply": words, "intent": "other", "slots": {}, "next_stage": "QUALIFICATION", "confidence": 0.9,
        "handoff": False, "handoff_reason": None, **changes,
    })  # fmt: skip
