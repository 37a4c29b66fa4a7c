"""Asking the model: the list of models from the first on, within one deadline, and never an exception."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from django.conf import settings

from agent.llm import breaker, connection, limits
from agent.llm.alarm import key_refused
from agent.llm.deadline import within
from agent.llm.envelope import Usage, body_of, request_id_of, text_of, usage_of
from agent.llm.failures import Failure, told
from agent.llm.request import Messages, Question
from crm.core import metrics
from crm.core.tracing import span

log = structlog.get_logger(__name__)

_LEAST_SECONDS = 1.0  # no model answers in less


@dataclass(frozen=True)
class Attempt:
    """One call of one model. `error` is empty, or "timeout", "connection", "http_503", "auth", "envelope", "length"…"""

    model: str
    status: int | None
    error: str
    ms: int
    request_id: str = ""


@dataclass(frozen=True)
class Answer:
    """`text` is None where no model answered, and `error` says why: "off", "open" (the breaker), "deadline" (no time to
    begin), or the error of the last attempt. `breaker` is the state the turn began under."""

    text: str | None
    model: str = ""
    attempts: tuple[Attempt, ...] = ()
    usage: Usage = Usage()
    error: str = ""
    breaker: str = "closed"

    @property
    def ok(self) -> bool:
        return self.text is not None

    @property
    def status(self) -> int | None:
        return self.attempts[-1].status if self.attempts else None

    @property
    def request_id(self) -> str:
        return self.attempts[-1].request_id if self.attempts else ""


@dataclass(frozen=True)
class _Tried:
    attempt: Attempt
    text: str | None = None
    usage: Usage = Usage()
    failure: Failure | None = None


def enabled() -> bool:
    """A key is there, and nobody switched the model off."""
    return bool(connection.configured() and settings.GROQ_MODELS)


def ask(
    messages: Messages,
    *,
    schema: Mapping[str, Any] | None = None,
    schema_name: str = "reply",
    seconds: float | None = None,
    temperature: float | None = None,
    max_tokens: int | None = None,
) -> Answer:
    """What the first model that can says, as JSON of this schema where one is given. Never raises.

    All of it ends within `seconds` (GROQ_TURN_SECONDS), one model's part within GROQ_ATTEMPT_SECONDS.
    """
    if not enabled():
        return Answer(None, error="off")
    began_under = breaker.admit()
    if began_under == "open":
        return Answer(None, error="open", breaker="open")
    question = Question(messages, schema, schema_name, temperature, max_tokens)
    tries = _tries(question, settings.GROQ_TURN_SECONDS if seconds is None else seconds)
    answer, judged = Answer(None, error="deadline", breaker=began_under), False
    for tried in tries:
        answer, judged = _with(answer, tried), _judge(tried) or judged
    if began_under == "half_open" and not judged:
        breaker.released()
    return answer


def _tries(question: Question, seconds: float) -> Iterator[_Tried]:
    """The models in order, until one answers, the key is refused or too little time is left for the next."""
    until = time.monotonic() + seconds
    for model in settings.GROQ_MODELS:
        left = until - time.monotonic()
        if left < min(_LEAST_SECONDS, seconds / 5) or left <= 0:
            return
        with span("livia.model", **{"gen_ai.request.model": model}) as told_of:
            tried = _try(model, question, min(left, settings.GROQ_ATTEMPT_SECONDS))
            told_of.note(status=tried.attempt.status or 0, error=tried.attempt.error, request=tried.attempt.request_id)
            log.info("model_asked", model=model, outcome=tried.attempt.error or "ok", request=tried.attempt.request_id)
        yield tried
        if tried.failure is None or tried.failure.key_refused:
            return


def _try(model: str, question: Question, seconds: float) -> _Tried:
    """One call. Whatever comes out of the SDK, also outside its own errors, becomes a Failure."""
    started, text, usage, failure = time.monotonic(), None, Usage(), None
    headers: Mapping[str, str] = {}
    body: Mapping[str, Any] = {}
    try:
        completions: Any = connection.client().chat.completions.with_raw_response
        with within(seconds):
            response = completions.create(**question.request(model), timeout=seconds)
        headers = response.headers
        body = body_of(response)
        usage = usage_of(body)
        text = text_of(body)
    except Exception as error:
        failure = told(error)
        headers = headers or failure.headers
    ms = round((time.monotonic() - started) * 1000)
    limits.remember(model, headers)
    status, code = (failure.status, failure.error) if failure else (200, "")
    metrics.model_called("chat", model, code, ms / 1000, **usage.tokens())
    return _Tried(Attempt(model, status, code, ms, request_id_of(headers, body)), text, usage, failure)


def _judge(tried: _Tried) -> bool:
    """Tell the breaker and the log; whether the endpoint is known to be well or ill now."""
    failure, attempt = tried.failure, tried.attempt
    if failure is None:
        breaker.succeeded()
        return True
    log.warning("groq_failed", model=attempt.model, error=failure.error, status=attempt.status, ms=attempt.ms)
    if failure.key_refused:
        if breaker.trip():
            key_refused(attempt.status)
        return True
    if failure.counted:
        breaker.failed()
    elif failure.sound:
        breaker.succeeded()
    return failure.counted or failure.sound


def _with(answer: Answer, tried: _Tried) -> Answer:
    return replace(
        answer,
        text=tried.text,
        model=tried.attempt.model if tried.text is not None else "",
        attempts=(*answer.attempts, tried.attempt),
        usage=tried.usage if tried.usage != Usage() else answer.usage,
        error=tried.attempt.error,
    )
