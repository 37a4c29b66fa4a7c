"""Asking the model: what goes out, what comes back, and the next model where one fails."""

import json
import logging
import threading

import pytest

from agent.llm.client import Usage, ask, enabled
from agent.llm.tests.conftest import BIG, JSON, SAYS, SMALL, ok
from agent.loopback import InTurn, Talker

SCHEMA = {
    "type": "object",
    "properties": {"reply": {"type": "string"}, "city": {"type": ["string", "null"]}},
    "required": ["reply", "city"],
    "additionalProperties": False,
}


def error(status: int, **headers: str) -> dict:
    return {"status": status, "headers": {**JSON, **headers}, "body": '{"error": {"message": "não", "code": "x"}}'}


def test_a_sound_answer_comes_with_its_figures(play):
    groq = play(Talker())

    answer = ask(SAYS, schema=SCHEMA)

    assert answer.ok and json.loads(answer.text)["reply"]
    assert (answer.model, answer.error, answer.breaker) == (BIG, "", "closed")
    assert (answer.status, answer.request_id) == (200, "req_000001")
    assert answer.usage.tokens_in > 0 and answer.usage.tokens_reasoning == 40 and answer.usage.tokens_cached > 0
    assert (answer.usage.queue_ms, answer.usage.total_ms) == (21, 192)
    assert len(groq.calls) == 1


def test_a_strict_model_gets_the_schema_and_a_budget_to_think_in(play, settings):
    groq = play(Talker())

    ask(SAYS, schema=SCHEMA, schema_name="answer", max_tokens=200)

    asked = groq.calls[0].asked
    shape = {"name": "answer", "strict": True, "schema": SCHEMA}
    assert asked["response_format"] == {"type": "json_schema", "json_schema": shape}
    assert (asked["reasoning_effort"], asked["include_reasoning"]) == ("low", False)
    assert asked["max_completion_tokens"] == 200 + settings.GROQ_REASONING_TOKENS
    assert asked["temperature"] == settings.GROQ_TEMPERATURE
    assert asked["messages"] == SAYS
    assert not set(asked) & {"frequency_penalty", "presence_penalty", "logit_bias", "logprobs"}


def test_another_model_is_told_the_schema_in_words(play, settings):
    settings.GROQ_MODELS = ["llama-3.1-8b-instant"]
    groq = play(Talker())

    answer = ask(SAYS, schema=SCHEMA)

    asked = groq.calls[0].asked
    assert set(json.loads(answer.text)) == {"reply", "city"}
    assert asked["response_format"] == {"type": "json_object"}
    assert asked["max_completion_tokens"] == settings.GROQ_ANSWER_TOKENS
    assert not set(asked) & {"reasoning_effort", "include_reasoning"}
    assert [entry["role"] for entry in asked["messages"]] == ["system", "system", "user"]
    assert asked["messages"][0] == SAYS[0]


@pytest.mark.parametrize("status", [400, 404, 408, 409, 413, 422, 429, 498, 500, 502, 503, 504])
def test_the_next_model_is_asked_after(play, status):
    groq = play(InTurn(error(status), ok()))

    answer = ask(SAYS)

    assert answer.ok and answer.model == SMALL
    assert groq.models == [BIG, SMALL]
    assert [(tried.status, tried.error) for tried in answer.attempts] == [(status, f"http_{status}"), (200, "")]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 503])
def test_no_answer_where_every_model_fails(play, status):
    play(error(status, location="/elsewhere"))

    answer = ask(SAYS)

    assert (answer.text, answer.model, answer.error) == (None, "", f"http_{status}")
    assert len(answer.attempts) == 2


def test_a_long_retry_after_is_not_waited_for(play):
    play(error(429, **{"retry-after": "40"}))

    answer = ask(SAYS)

    assert answer.error == "http_429" and sum(tried.ms for tried in answer.attempts) < 1000


HTML = {"content-type": "text/html"}
BROKEN = {
    "empty": {"headers": JSON, "body": ""},
    "cut": {"headers": JSON, "body": '{"id": "x", "choices": [{"ind'},
    "no text": {"headers": JSON, "body_b64": "//79/A=="},
    "html": {"headers": HTML, "body": "<html><body>Bad gateway</body></html>"},
    "null": {"headers": JSON, "body": "null"},
    "a list": {"headers": JSON, "body": "[]"},
    "a string": {"headers": JSON, "body": '"oi"'},
    "deep": {"headers": JSON, "body": "[" * 100_000},
    "empty object": {"headers": JSON, "body": "{}"},
    "choices null": {"headers": JSON, "body": '{"choices": null}'},
    "choices empty": {"headers": JSON, "body": '{"choices": []}'},
    "choices of nothing": {"headers": JSON, "body": '{"choices": [null]}'},
    "message null": {"headers": JSON, "body": '{"choices": [{"message": null, "finish_reason": "stop"}]}'},
    "content null": {"headers": JSON, "body": '{"choices": [{"message": {"content": null}}]}'},
    "content blank": {"headers": JSON, "body": '{"choices": [{"message": {"content": " \\n"}}]}'},
    "content a list": {"headers": JSON, "body": '{"choices": [{"message": {"content": ["oi"]}}]}'},
    "usage odd": {"headers": JSON, "body": '{"choices": [], "usage": {"prompt_tokens": "many", "queue_time": NaN}}'},
    "aborted": {**ok(), "abort_after_bytes": 20},
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_body_is_no_answer_and_no_exception(play, body):
    play({"status": 200, **body})

    answer = ask(SAYS)

    assert answer.text is None and answer.error in ("envelope", "connection")
    assert len(answer.attempts) == 2


def test_an_answer_cut_off_or_refused_says_so(play):
    refused = {"choices": [{"message": {"content": "", "refusal": "não posso"}, "finish_reason": "stop"}]}
    play(InTurn(ok(finish_reason="length"), {"headers": JSON, "body": json.dumps(refused)}))

    answer = ask(SAYS)

    assert [tried.error for tried in answer.attempts] == ["length", "refusal"]
    assert answer.text is None and answer.usage != Usage()


def test_what_no_database_stores_is_taken_out(play):
    body = '{"choices": [{"message": {"content": "O\\u0000i\\ud83d!"}}], "usage": {"prompt_tokens": 1e30}}'
    play({"status": 200, "headers": JSON, "body": body})

    answer = ask(SAYS)

    assert (answer.text, answer.usage) == ("Oi!", Usage())


def test_a_refused_connection_is_no_answer():
    answer = ask(SAYS)

    assert [tried.error for tried in answer.attempts] == ["connection", "connection"]
    assert answer.status is None


def test_without_a_key_nobody_is_asked(play, settings):
    groq = play()
    settings.GROQ_API_KEY = ""

    assert not enabled() and ask(SAYS).error == "off"
    settings.GROQ_API_KEY, settings.GROQ_ENABLED = "gsk", False
    assert not enabled() and ask(SAYS).error == "off"
    settings.GROQ_ENABLED, settings.GROQ_MODELS = True, []
    assert not enabled() and ask(SAYS).error == "off"
    assert groq.calls == []


def test_what_cannot_be_sent_is_no_exception(play):
    groq = play()

    answer = ask([{"role": "user"}])

    assert (answer.text, answer.error, groq.calls) == (None, "KeyError", [])


def test_an_address_with_the_api_path_works_too(play, settings):
    groq = play()
    settings.GROQ_BASE_URL += "/openai/v1/"

    assert ask(SAYS).ok
    assert groq.calls[0].path == "/openai/v1/chat/completions"


def test_many_threads_share_the_client(play):
    groq = play(Talker(delay_s=0.05))
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(SAYS))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(groq.calls) == 16 and all(answer.ok for answer in answers)


def test_neither_words_nor_key_reach_the_log(play, caplog):
    caplog.set_level(logging.DEBUG)
    play(InTurn(error(503), ok('{"reply": "segredo da resposta"}')))

    ask(SAYS)

    assert "groq_failed" in caplog.text
    for secret in ("90 mil", "segredo", "gsk-test-key"):
        assert secret not in caplog.text
