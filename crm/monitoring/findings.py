"""What a check says of its part of the installation. Sentences are translated when they are read, not when it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise

Said = Promise | str


class State(StrEnum):
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    OFF = "off"  # not used here, and so no part of the judgement


@dataclass(frozen=True)
class Finding:
    """`said` is filled from `data`; `remedy` is what to do about it. No client's data: figures and names of parts."""

    state: State
    said: Said
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    remedy: Said = ""

    @property
    def sentence(self) -> str:
        return str(self.said) % self.data if self.data else str(self.said)


def healthy(said: Said, **data: Any) -> Finding:
    return Finding(State.HEALTHY, said, data)


def unhealthy(said: Said, remedy: Said = "", **data: Any) -> Finding:
    return Finding(State.UNHEALTHY, said, data, remedy)


def off(said: Said, **data: Any) -> Finding:
    return Finding(State.OFF, said, data)
