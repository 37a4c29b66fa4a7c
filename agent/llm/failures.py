"""What went wrong with a call: a short code, and whether it speaks against the endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import groq

_KEY_REFUSED = (401, 403)
_COUNTED = (408, 429, 498)  # 498: Groq's flex capacity is used up


class BrokenEnvelope(Exception):
    """A 200 without a completion in it."""


class NoAnswer(Exception):
    """A sound completion that cannot be used: "length", "refusal". The endpoint is well."""


@dataclass(frozen=True)
class Failure:
    """`counted`: the breaker hears of it. `sound`: the endpoint is well, only this answer is of no use. `key_refused`:
    no other model will do better."""

    error: str
    status: int | None = None
    counted: bool = False
    sound: bool = False
    key_refused: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def told(error: Exception) -> Failure:
    """Every error of a call, the ones outside `GroqError` included."""
    if isinstance(error, groq.APIStatusError):
        return _by_status(error.status_code, error.response.headers)
    if isinstance(error, groq.APITimeoutError):
        return Failure("timeout", counted=True)
    if isinstance(error, groq.APIConnectionError):
        return Failure("connection", counted=True)
    if isinstance(error, BrokenEnvelope):
        return Failure("envelope", status=200, counted=True)
    if isinstance(error, NoAnswer):
        return Failure(str(error), status=200, sound=True)
    return Failure(type(error).__name__)


def _by_status(status: int, headers: Mapping[str, str]) -> Failure:
    if status in _KEY_REFUSED:
        return Failure("auth", status, key_refused=True, headers=headers)
    # A redirect (3xx) is somebody else's page, not an answer of this endpoint.
    counted = status in _COUNTED or status >= 500 or status < 400
    return Failure(f"http_{status}", status, counted=counted, headers=headers)
