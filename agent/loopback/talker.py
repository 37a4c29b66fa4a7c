"""A small believable model: it takes up what the client said and asks for what the prompt says is missing.

It holds itself to the schema of the request and knows nothing by heart, so the demo and browser tests show the whole
path of a model's words without a model.
"""

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.loopback.manners import complaint
from agent.loopback.rules import Call, Played, as_json, completion
from agent.loopback.sentences import HELLOS, LABELS, NOTHING_TO_ASK, PLAIN, QUESTIONS, TAKEN_UP, UNKNOWN

# Where a prompt may keep what is read here, in the words of its JSON.
_NEXT = ("proximo_dado", "next_slot")
_STAGE = ("etapa", "estagio", "stage")
_PEOPLE = ("dados_conhecidos", "identidade", "identity", "cliente", "slots")
_NAMES = ("name", "nome", "primeiro_nome", "first_name")
_SAID = ("mensagens", "mensagens_do_cliente", "mensagem_do_cliente", "cliente_disse", "palavras_do_cliente", "mensagem")
_TEXTS = ("texto", "text", "slot", "campo", "rotulo", "label", "valor")
_LINE = re.compile(r"(?:proximo_dado|[Pp]róximo dado(?: a perguntar)?)\s*:\s*\"?([^\n\".;{}]+)")
_TAGGED = re.compile(r"<([a-z_]*(?:cliente|mensage)[a-z_]*)[^>]*>(.*?)</\1>", re.DOTALL)
_FIRM = re.compile(r"^A empresa: (.+)$", re.MULTILINE)
_INTRODUCES = "{hello}! Eu sou a Lívia, assistente virtual{firm}. 😊 {question}"


@dataclass(frozen=True)
class _Prompt:
    next_slot: str = ""
    name: str = ""
    said: str = ""
    intro: bool = False
    firm: str = ""


class Talker:
    """Chat completions and transcriptions. `hears` is what every voice note says."""

    def __init__(
        self, *, delay_s: float = 0.0, hears: str = "Preciso de oitenta mil reais para reformar a casa"
    ) -> None:
        self._delay_s = delay_s
        self._hears = hears

    def __call__(self, call: Call) -> Played:
        played = complaint(call) or self._answer(call)
        return replace(played, delay_s=self._delay_s)

    def _answer(self, call: Call) -> Played:
        if call.path.endswith("/audio/transcriptions"):
            return as_json({"text": self._hears, "segments": [{"no_speech_prob": 0.01, "avg_logprob": -0.2}]})
        shape = call.asked.get("response_format") or {}
        schema = (shape.get("json_schema") or {}).get("schema") or _spoken_schema(call.asked["messages"])
        words = reply_to(call.asked["messages"])
        content = json.dumps(_filled(schema, words), ensure_ascii=False) if schema else words
        body = completion(content, model=call.model, usage=_usage(call, content))
        return as_json(body, headers=_headers(call))


def reply_to(messages: Sequence[Mapping[str, Any]]) -> str:
    """What the model says: the client's words taken up, then one question."""
    prompt = _read(messages)
    seed = zlib.crc32(f"{prompt.said}|{prompt.next_slot}".encode())
    said, question = prompt.said.lower(), _question(prompt.next_slot, seed)
    if prompt.intro:
        hello = next((word for word in HELLOS if word.lower() in said), "Oi")
        return _INTRODUCES.format(hello=hello, firm=prompt.firm and f" da *{prompt.firm}*", question=question)
    taken_up = next((ways for pattern, ways in TAKEN_UP if re.search(pattern, said)), PLAIN)
    name = f", {prompt.name}" if prompt.name and seed % 2 else ""
    return f"{taken_up[seed % len(taken_up)].format(name=name)} {question}"


def _question(slot: str, seed: int) -> str:
    if not slot:
        return NOTHING_TO_ASK
    known = slot if slot in QUESTIONS else next((found for word, found in LABELS if word in slot.lower()), "")
    ways = QUESTIONS.get(known, (UNKNOWN.format(label=slot),))
    return ways[seed // 7 % len(ways)]


def _read(messages: Sequence[Mapping[str, Any]]) -> _Prompt:
    """The prompt's JSON and lines, read from its end: what is said last counts."""
    texts = [str(message.get("content", "")) for message in reversed(messages)]
    last = next((str(m.get("content", "")) for m in reversed(messages) if m.get("role") == "user"), "")
    data = [found for text in texts for found in reversed(_objects(text))]
    lines = [line for text in texts for line in _LINE.findall(text)]
    asks = _word(_under(data, _NEXT)) or (lines[0].strip() if lines else "")
    name = next((_word(_under([person], _NAMES)) for person in _all(data, _PEOPLE) if isinstance(person, dict)), "")
    return _Prompt(
        next_slot="" if asks.lower() in ("null", "nenhum") else asks,
        name=next((word for word in name.split()[:1] if word.isalpha()), ""),
        said=_said(last),
        intro=_word(_under(data, _STAGE)).upper() == "INTRO",
        firm=next((found.strip() for text in texts for found in _FIRM.findall(text)), ""),
    )


def _said(text: str) -> str:
    """The client's words out of the last user message: tagged, under a known key of a JSON object, or all of it."""
    if tagged := _TAGGED.findall(text):
        return "\n".join(word for _tag, inner in tagged for word in _words(_list_of(inner))).strip()
    said = _under(_objects(text), _SAID)
    return "\n".join(_words(said)) if said else text.strip()


def _list_of(inner: str) -> Any:
    try:
        return json.loads(inner)
    except ValueError:
        return inner


def _words(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    if isinstance(said, dict):
        return [_word(said)]
    return [word for entry in said for word in _words(entry)] if isinstance(said, list) else []


def _word(value: Any) -> str:
    """A text, or the telling one of an object."""
    if isinstance(value, dict):
        value = next((value[name] for name in _TEXTS if isinstance(value.get(name), str)), "")
    return value.strip() if isinstance(value, str) else ""


def _under(data: Sequence[Any], names: Sequence[str]) -> Any:
    return next((value for value in _all(data, names) if value), None)


def _all(data: Any, names: Sequence[str]) -> Iterator[Any]:
    """Every value under one of these names, however deep."""
    for value in data.values() if isinstance(data, dict) else data:
        if isinstance(value, (dict, list)):
            yield from (value[name] for name in names if isinstance(value, dict) and name in value)
            yield from _all(value, names)


def _objects(text: str) -> list[dict[str, Any]]:
    found, decoder, at = [], json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            data, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        else:
            found.append(data)
        at = text.find("{", end)
    return found


def _spoken_schema(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Without strict mode the schema stands in a message."""
    for message in messages:
        for data in _objects(str(message.get("content", ""))):
            if isinstance(data.get("properties"), dict):
                return data
    return None


def _filled(schema: Mapping[str, Any], words: str) -> Any:
    """A neutral value of the schema, with the model's words as its reply."""
    value = _neutral(schema)
    if isinstance(value, dict) and "reply" in value:
        value |= {"reply": words, "confidence": 0.9} if "confidence" in value else {"reply": words}
        intents = (schema["properties"].get("intent") or {}).get("enum") or []
        if "other" in intents:
            value["intent"] = "other"
    return value


def _neutral(schema: Mapping[str, Any]) -> Any:
    kinds = schema.get("type", "object")
    if "null" in kinds or None in (schema.get("enum") or ()) or {"type": "null"} in (schema.get("anyOf") or ()):
        return None
    if choices := schema.get("enum"):
        return choices[len(choices) // 2]
    if kinds == "array" and (schema.get("items") or {}).get("type") == "string":
        return [_neutral(schema["items"])]
    if kinds == "object":
        return {name: _neutral(inner) for name, inner in (schema.get("properties") or {}).items()}
    return {"array": [], "string": "Sem observações.", "boolean": False, "integer": 50, "number": 0.5}.get(kinds)


def _usage(call: Call, content: str) -> dict[str, Any]:
    asked, said = len(str(call.asked["messages"])) // 4, len(content) // 4
    return {
        "prompt_tokens": asked,
        "completion_tokens": said + 40,
        "total_tokens": asked + said + 40,
        "queue_time": 0.021,
        "prompt_time": 0.012,
        "completion_time": 0.18,
        "total_time": 0.192,
        "prompt_tokens_details": {"cached_tokens": asked // 2},
        "completion_tokens_details": {"reasoning_tokens": 40},
    }


def _headers(call: Call) -> dict[str, str]:
    return {
        "x-request-id": f"req_{call.number:06d}",
        "x-ratelimit-limit-requests": "14400",
        "x-ratelimit-limit-tokens": "250000",
        "x-ratelimit-remaining-requests": str(max(0, 14400 - call.number)),
        "x-ratelimit-remaining-tokens": str(max(0, 250000 - call.number * 1000)),
        "x-ratelimit-reset-requests": "6s",
        "x-ratelimit-reset-tokens": "1m2.5s",
    }
