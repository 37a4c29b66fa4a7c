"""The circuit breaker: after a few failures in a row nobody asks for a while, then one turn tries for all.

closed → open after GROQ_BREAKER_FAILURES failures, or at once when the key is refused. open → half_open after
GROQ_BREAKER_SECONDS. half_open lets one caller through (`admit`): its success closes, its failure opens again. Who took
the trial and learned nothing gives it back (`released`); one who died with it loses it after the longest turn.

Each call of a model counts by itself, so two models that fail in one turn are two failures. Any success, also that of
the next model in the same turn, starts the count anew: the endpoint is well then.

All workers share the state through Redis. Without Redis each process keeps its own.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import redis
from django.conf import settings

from crm.core.redis import brief, key

State = Literal["closed", "open", "half_open"]

_GRACE_SECONDS = 5.0
_KEEP_MS = 3_600_000

# KEYS[1] the hash. ARGV: what happened, failures allowed, ms open, ms a trial may take, ms the hash is kept.
# Returns the state the caller is admitted under, the state after, failures, ms until the trial, and whether the key was
# and is refused.
_STEP = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local happened, allowed, open_ms, trial_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'failures', 'till', 'trial', 'refused')
local failures, till, trial = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
local refused = tonumber(kept[4]) or 0
local was_refused = refused
local function state()
  if till == 0 then return 'closed' elseif now < till then return 'open' else return 'half_open' end
end
local before = state()
local admitted = before
if happened == 'succeeded' then
  redis.call('DEL', KEYS[1])
  failures, till, trial, refused = 0, 0, 0, 0
elseif happened == 'admit' and before == 'half_open' then
  if trial > now then admitted = 'open' else trial = now + trial_ms end
elseif happened == 'released' then
  trial = 0
elseif happened == 'trip' then
  till, trial, refused = now + open_ms, 0, 1
elseif happened == 'failed' and before ~= 'open' then
  failures, trial = failures + 1, 0
  if before == 'half_open' or failures >= allowed then till = now + open_ms end
end
if happened ~= 'look' and happened ~= 'succeeded' and (failures > 0 or till > 0) then
  local function whole(number) return string.format('%.0f', number) end
  redis.call('HSET', KEYS[1], 'failures', failures, 'till', whole(till), 'trial', whole(trial), 'refused', refused)
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
return {admitted, state(), failures, math.max(0, till - now), was_refused, refused}
"""


@dataclass(frozen=True)
class _Seen:
    admitted: State
    state: State
    failures: int
    opens_in_ms: int
    was_refused: bool
    refused: bool


class _Own:
    """The same steps in the memory of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.failures, self.till, self.trial, self.refused = 0, 0.0, 0.0, False

    def step(self, happened: str) -> _Seen:
        with self._lock:
            now, was_refused = time.monotonic(), self.refused
            before = admitted = self._state(now)
            if happened == "succeeded":
                self.failures, self.till, self.trial, self.refused = 0, 0.0, 0.0, False
            elif happened == "admit" and before == "half_open":
                admitted = self._try(now)
            elif happened == "released":
                self.trial = 0.0
            elif happened == "trip":
                self.till, self.trial, self.refused = now + settings.GROQ_BREAKER_SECONDS, 0.0, True
            elif happened == "failed" and before != "open":
                self._fail(now, before)
            left = max(0, round((self.till - now) * 1000))
            return _Seen(admitted, self._state(now), self.failures, left, was_refused, self.refused)

    def _state(self, now: float) -> State:
        if not self.till:
            return "closed"
        return "open" if now < self.till else "half_open"

    def _try(self, now: float) -> State:
        if self.trial > now:
            return "open"
        self.trial = now + _trial_seconds()
        return "half_open"

    def _fail(self, now: float, before: State) -> None:
        self.failures, self.trial = self.failures + 1, 0.0
        if before == "half_open" or self.failures >= settings.GROQ_BREAKER_FAILURES:
            self.till = now + settings.GROQ_BREAKER_SECONDS


class Breaker:
    """One for each service behind the key: a deaf transcription must not silence the chat."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._own = _Own()

    def admit(self) -> State:
        """Under which state the caller may ask; "open" is no. "half_open" took the one trial."""
        return self._step("admit").admitted

    def allow(self) -> bool:
        return self.admit() != "open"

    def state(self) -> State:
        return self._step("look").state

    def succeeded(self) -> None:
        self._step("succeeded")

    def failed(self) -> None:
        self._step("failed")

    def released(self) -> None:
        self._step("released")

    def trip(self) -> bool:
        """The key is refused. True the first time since the last success."""
        return not self._step("trip").was_refused

    def snapshot(self) -> dict[str, Any]:
        """For pages: `opens_in` is the seconds until the next trial."""
        seen = self._step("look")
        return {
            "state": seen.state,
            "failures": seen.failures,
            "opens_in": round(seen.opens_in_ms / 1000, 1),
            "key_refused": seen.refused,
        }

    def _step(self, happened: str) -> _Seen:
        try:
            return self._shared(happened)
        except redis.RedisError:
            return self._own.step(happened)

    def _shared(self, happened: str) -> _Seen:
        open_ms, trial_ms = round(settings.GROQ_BREAKER_SECONDS * 1000), round(_trial_seconds() * 1000)
        arguments: list[str | int] = [happened, settings.GROQ_BREAKER_FAILURES, open_ms, trial_ms, open_ms + _KEEP_MS]
        script = brief().register_script(_STEP)
        row = script(keys=[key("groq", "breaker", self._service)], args=arguments)
        return _Seen(row[0].decode(), row[1].decode(), row[2], row[3], bool(row[4]), bool(row[5]))


def _trial_seconds() -> float:
    return max(settings.GROQ_TURN_SECONDS, settings.GROQ_TRANSCRIBE_SECONDS) + _GRACE_SECONDS


chat = Breaker("chat")
hearing = Breaker("hearing")

admit: Callable[[], State] = chat.admit
allow, state, snapshot = chat.allow, chat.state, chat.snapshot
succeeded, failed, released, trip = chat.succeeded, chat.failed, chat.released, chat.trip
