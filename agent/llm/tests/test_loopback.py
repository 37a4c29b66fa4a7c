"""The loopback Groq: it plays faults as told, refuses what Groq refuses, and talks well enough for a demo."""

import base64
import json
import subprocess
import sys
from dataclasses import replace

import groq
import httpx
import pytest
from django.conf import settings

from agent.brain.asking import slot_asked
from agent.brain.business import BusinessInfo
from agent.brain.context import ContextLayers
from agent.brain.policies import DEFAULT_POLICIES
from agent.brain.prompting import prompt as turn_prompt
from agent.brain.stages import Stage
from agent.brain.state import DialogueState
from agent.llm.client import ask
from agent.llm.tests.conftest import JSON, SAYS, SMALL
from agent.loopback import Endpoint, Fault
from agent.loopback.sentences import QUESTIONS
from agent.loopback.talker import reply_to

STRICT = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": {"properties": {"a": {}}}}}


def prompt(said: str, **data: object) -> list[dict[str, str]]:
    told = json.dumps({**data, "mensagens": [said]}, ensure_ascii=False)
    return [{"role": "system", "content": "Responda o que falta em proximo_dado."}, {"role": "user", "content": told}]


@pytest.mark.parametrize("slot", QUESTIONS)
def test_its_questions_ask_for_what_is_missing(slot):
    for said in ("tenho 40 anos", "quero reformar", "oi", "sim", "pode ser"):
        asked = slot_asked(reply_to(prompt(said, proximo_dado=slot)))
        assert asked == slot or slot == "uf"


def test_it_takes_up_what_the_client_said():
    known = {"dados_conhecidos": {"name": "Maria Souza"}, "produtos": [{"name": "Consórcio"}]}
    replies = [reply_to(prompt(f"preciso de {n} mil", proximo_dado="monthly_income", **known)) for n in range(40)]
    assert any("Maria!" in reply or "Maria," in reply for reply in replies)
    assert len(set(replies)) > 3 and not any("Souza" in reply or "Consórcio" in reply for reply in replies)


def test_it_introduces_itself_first():
    reply = reply_to(prompt("boa tarde, tudo bem?", etapa="INTRO", proximo_dado="name"))
    assert reply.startswith("Boa tarde! Eu sou a Lívia") and slot_asked(reply) == "name"


def test_it_reads_the_prompt_of_a_turn():
    state = DialogueState(stage=Stage.QUALIFICATION, slots={"name": "Maria Souza"}, asked="monthly_income")
    asked = turn_prompt(
        DEFAULT_POLICIES[state.stage], ContextLayers(), state, ["é pra reformar"], {}, BusinessInfo("X")
    )

    reply = reply_to(asked.messages)

    assert slot_asked(reply) == "monthly_income" and "reforma" in reply.lower() or "obra" in reply
    intro = replace(state, stage=Stage.INTRO, asked="name", slots={})
    asked = turn_prompt(
        DEFAULT_POLICIES[Stage.INTRO], ContextLayers(), intro, ["bom dia"], {}, BusinessInfo("Casa Boa")
    )
    assert reply_to(asked.messages).startswith("Bom dia! Eu sou a Lívia, assistente virtual da *Casa Boa*. 😊 ")


def test_a_line_in_words_names_the_slot_too():
    system = {"role": "system", "content": "Próximo dado a perguntar: renda mensal\nSeja gentil."}
    assert slot_asked(reply_to([system, {"role": "user", "content": "<cliente>moro em Campinas</cliente>"}])) == (
        "monthly_income"
    )


def test_with_nothing_missing_it_keeps_the_door_open():
    assert reply_to(prompt("certo", proximo_dado=None)).endswith("?")


def test_a_fault_plays_once_where_the_rest_is_well(play):
    groq_loopback = play({"status": 503, "headers": JSON, "body": "{}", "repeat_next": "ok"})

    assert ask(SAYS).model == SMALL and len(groq_loopback.calls) == 2


def test_a_fault_may_be_bytes():
    with Endpoint(Fault({"status": 200, "body_b64": base64.b64encode(b"\xff\xfe").decode()})) as endpoint:
        assert httpx.post(endpoint.url).content == b"\xff\xfe"


def test_who_listens_hears_each_call_before_its_answer():
    heard = []
    with Endpoint({"status": 204}, heard=heard.append) as endpoint:
        httpx.post(f"{endpoint.url}/openai/v1/chat/completions", json={"model": "m"})
    assert [(call.number, call.model, call.path) for call in heard] == [(1, "m", "/openai/v1/chat/completions")]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"frequency_penalty": 0.5}, "frequency_penalty"),
        ({"response_format": {"type": "json_object"}}, "json"),
        ({"response_format": STRICT}, "required"),
        ({"messages": []}, "messages"),
    ],
)
def test_it_refuses_what_groq_refuses(asked, word):
    with Endpoint() as endpoint, sdk(endpoint) as client, pytest.raises(groq.BadRequestError, match=word):
        client.chat.completions.create(**{"model": "m", "messages": SAYS, **asked})


def test_a_voice_note_needs_a_name_groq_knows():
    with Endpoint() as endpoint, sdk(endpoint) as client:
        with pytest.raises(groq.BadRequestError):
            client.audio.transcriptions.create(model="w", file=("voice.oga", b"OggS"))
        assert client.audio.transcriptions.create(model="w", file=("voice.ogg", b"OggS")).text


def test_it_runs_by_hand():
    command = [sys.executable, "-m", "agent.loopback", "--port", "0", "--delay", "0"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as running:
        try:
            url = running.stdout.readline().split()[0].removeprefix("GROQ_BASE_URL=")
            assert httpx.post(f"{url}/openai/v1/chat/completions").status_code == 401
        finally:
            running.terminate()


def sdk(endpoint: Endpoint) -> groq.Groq:
    return groq.Groq(api_key="gsk", base_url=endpoint.url, max_retries=0)
