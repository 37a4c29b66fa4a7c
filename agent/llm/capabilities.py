"""What each model can do. Asking one for more than that is refused with a 400."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Capability:
    """`strict_schema`: answers are held to a JSON schema. `reasoning`: thinks before it answers, and pays for both from
    one budget of tokens. `extra`: parameters only this model takes."""

    strict_schema: bool = False
    reasoning: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


_GPT_OSS = Capability(strict_schema=True, reasoning=True, extra={"reasoning_effort": "low", "include_reasoning": False})
_KNOWN = {
    "openai/gpt-oss-120b": _GPT_OSS,
    "openai/gpt-oss-20b": _GPT_OSS,
    "qwen/qwen3-32b": Capability(reasoning=True, extra={"reasoning_effort": "none"}),
}
_PLAIN = Capability()


def capability(model: str) -> Capability:
    """An unknown model gets only what every model takes."""
    return _KNOWN.get(model, _PLAIN)
