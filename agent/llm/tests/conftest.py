"""The real SDK against the loopback Groq, with deadlines short enough for tests."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import pytest
import redis as redis_library

from agent.llm import breaker
from agent.loopback import Endpoint, Rules
from agent.loopback.rules import completion
from crm.core import redis

T = TypeVar("T")

BIG, SMALL = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
SAYS = [{"role": "system", "content": "Você é a Lívia."}, {"role": "user", "content": "preciso de 90 mil"}]
JSON = {"content-type": "application/json"}
DEAD_PORT = 9  # nothing listens on it here


@pytest.fixture(autouse=True)
def groq_settings(settings) -> None:
    settings.GROQ_ENABLED, settings.GROQ_API_KEY = True, "gsk-test-key"
    settings.GROQ_MODELS = [BIG, SMALL]
    settings.GROQ_ATTEMPT_SECONDS, settings.GROQ_TURN_SECONDS = 4.0, 9.0
    settings.GROQ_BREAKER_FAILURES, settings.GROQ_BREAKER_SECONDS = 3, 30
    settings.GROQ_BASE_URL = f"http://127.0.0.1:{DEAD_PORT}"


@pytest.fixture
def play(settings) -> Iterator[Callable[..., Endpoint]]:
    """Groq plays these rules from now on: `play({"status": 503})`."""
    started: list[Endpoint] = []

    def start(rules: Rules | Mapping[str, Any] | None = None) -> Endpoint:
        endpoint = Endpoint(rules)
        settings.GROQ_BASE_URL = endpoint.start()
        started.append(endpoint)
        return endpoint

    yield start
    for endpoint in started:
        endpoint.stop()


@pytest.fixture
def redis_away(settings, monkeypatch) -> Iterator[None]:
    """Redis is where nothing listens; the breaker's memory of this process starts empty."""
    monkeypatch.setattr(breaker.chat, "_own", type(breaker.chat._own)())
    settings.REDIS_URL = f"redis://127.0.0.1:{DEAD_PORT}"
    redis._brief.cache_clear()
    with pytest.raises(redis_library.ConnectionError):
        redis.brief().ping()
    yield
    redis._brief.cache_clear()
    redis.BriefConnection._away_until = 0.0


def eventually(look: Callable[[], T], *, seconds: float, every: float = 0.05) -> T:
    """The first truthy answer of `look`."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"it did not come true in {seconds} s"
        time.sleep(every)
    return found


def ok(content: str = '{"reply": "Oi!"}', **changes: Any) -> dict[str, Any]:
    return {"status": 200, "headers": JSON, "body": json.dumps(completion(content, **changes))}
