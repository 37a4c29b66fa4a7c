"""What is sent: the same question in the form each model takes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from agent.llm.capabilities import capability
from agent.llm.envelope import cleaned

Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Question:
    """None takes what the settings say."""

    messages: Messages
    schema: Mapping[str, Any] | None = None
    schema_name: str = "reply"
    temperature: float | None = None
    max_tokens: int | None = None

    def request(self, model: str) -> dict[str, Any]:
        """Parameters of the call. Tokens to think with come on top of those to answer with."""
        able = capability(model)
        answer = settings.GROQ_ANSWER_TOKENS if self.max_tokens is None else self.max_tokens
        thought = settings.GROQ_REASONING_TOKENS if able.reasoning else 0
        messages = [{"role": entry["role"], "content": cleaned(entry["content"])} for entry in self.messages]
        request: dict[str, Any] = {
            "model": model,
            "messages": messages,
            "temperature": settings.GROQ_TEMPERATURE if self.temperature is None else self.temperature,
            "max_completion_tokens": answer + thought,
            **able.extra,
        }
        if self.schema is None:
            return request
        if able.strict_schema:
            shape = {"name": self.schema_name, "strict": True, "schema": self.schema}
            return {**request, "response_format": {"type": "json_schema", "json_schema": shape}}
        # Such a model never sees the schema otherwise, and refuses JSON mode where nobody says the word.
        spoken = {"role": "system", "content": f"Responda só com um objeto JSON deste esquema: {_compact(self.schema)}"}
        return {
            **request,
            "messages": [*messages[:1], spoken, *messages[1:]],  # after the static part, which is cached
            "response_format": {"type": "json_object"},
        }


def _compact(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
