import json

import pytest

from agent.brain.model_reply import REPLY_SCHEMA, ModelReply, ProposedSlots, parse

GOOD = {
    "reply": "Anotado! Qual é a sua renda?",
    "intent": "other",
    "slots": {"credit_amount": 9_000_000},
    "next_stage": "QUALIFICATION",
    "confidence": 0.9,
    "handoff": False,
    "handoff_reason": None,
}


def wire(**changes):
    return json.dumps({**GOOD, **changes}, ensure_ascii=False)


def test_the_schema_is_strict_and_names_exactly_the_fields_that_are_read():
    slots = REPLY_SCHEMA["properties"]["slots"]
    for part, model in ((REPLY_SCHEMA, ModelReply), (slots, ProposedSlots)):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
        assert set(part["properties"]) == set(model.model_fields) - {"repaired"}
    assert all("null" in slot["type"] for slot in slots["properties"].values())


def test_a_clean_answer_is_strict():
    parsed = parse(wire())
    assert (parsed.how, parsed.errors) == ("strict", ())
    assert parsed.value.slots.given() == {"credit_amount": 9_000_000}
    assert not parsed.value.repaired


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{wire()}\n```",
        f"### Resposta\n```\n{wire()}\n```",
        f"Segue:\n{wire()}\nFim.",
        f"<think>hm {{não}} sei</think>{wire()}",
        wire()[:-1] + ",}",
        wire()[:-1],
        json.dumps(wire()),
        f"[{wire()}]",
        json.dumps({"response": GOOD}),
        str(GOOD),
        wire().replace("Anotado! ", "Anotado!\n"),
        f"{wire()}\n{wire()}",
        "\ufeff" + wire(),
    ],
)
def test_an_answer_in_wrapping_is_repaired(text):
    parsed = parse(text)
    assert parsed.how == "repaired"
    assert parsed.value.repaired
    assert parsed.value.reply.startswith("Anotado!")
    assert parsed.value.reply.endswith("Qual é a sua renda?")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   ",
        "null",
        "[]",
        "42",
        "Anotado! Qual é a sua renda?",
        "{}",
        '{"intent": "other", "slots": {}}',
        '{"reply": "Anotado, Bruno! Agora me conta qual é a sua ren',
        '{"intent": "other", "reply": "Anotado, Bru',
        wire(reply=""),
        wire(reply="  "),
        wire(reply="..."),
        wire(reply=None),
        wire(reply=["oi"]),
        wire(reply={"text": "oi"}),
        wire(reply=7),
        wire() + wire(reply="Outra coisa."),
        "[" * 5000,
        '{"a":' * 3000,
        "<html><body>Bad gateway</body></html>",
    ],
)
def test_without_usable_words_there_is_no_answer(text):
    parsed = parse(text)
    assert (parsed.value, parsed.how) == (None, "")
    assert parsed.errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("confidence", "alta"),
        ("confidence", 7),
        ("confidence", [0.9]),
        ("intent", "buy_now"),
        ("next_stage", "FLYING"),
        ("handoff", "yes"),
        ("handoff_reason", 3),
        ("slots", "none"),
        ("slots", []),
        ("extra", 1),
    ],
)
def test_a_wrong_field_is_dropped_and_named_and_the_rest_stands(field, value):
    parsed = parse(wire(**{field: value}))
    assert parsed.how == "repaired"
    assert parsed.value.reply == GOOD["reply"]
    assert any(error.startswith(field) for error in parsed.errors)


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("credit_amount", "90 mil"),
        ("credit_amount", 1.5),
        ("credit_amount", True),
        ("product", "mortgage"),
        ("occupation", "astronaut"),
        ("collateral_paid_off", "sim"),
        ("uf", "São Paulo"),
        ("name", {"first": "Maria"}),
        ("favourite_colour", "blue"),
    ],
)
def test_a_wrong_slot_is_dropped_and_the_others_stand(slot, value):
    parsed = parse(wire(slots={"city": "Natal", slot: value}))
    assert parsed.value.slots.given() == {"city": "Natal"}
    assert parsed.errors[0].startswith(f"slots.{slot}")


def test_an_answer_cannot_call_itself_unrepaired():
    assert parse(wire(repaired=False, confidence="x")).value.repaired


def test_a_cut_answer_keeps_its_complete_fields():
    parsed = parse(wire().partition('"next_stage"')[0].rstrip(", ") + ', "next_st')
    assert parsed.value.slots.given() == {"credit_amount": 9_000_000}


SMUGGLED = ("\\u0000", "\\ud83d", "\\u202e", "\u202e", "\x00", "\ud83d", "\\u001b")


@pytest.mark.parametrize("hidden", SMUGGLED)
def test_characters_nobody_sees_are_left_out(hidden):
    parsed = parse(wire().replace("Anotado!", f"Anotado!{hidden}"))
    assert parsed.value.reply == GOOD["reply"]
    assert parsed.how == "repaired" and "hidden characters" in parsed.errors


def test_they_are_left_out_of_names_and_of_what_lies_deep():
    sent = {
        **GOOD,
        "slots": {"name": "Ana\x00", "cr\ud83dime": 1},
        "a\x00b": {"c": "\ud83d"},
        "handoff_reason": "\ud83d",
    }
    parsed = parse(json.dumps({"answer": sent}))
    assert parsed.value.slots.given() == {"name": "Ana"} and parsed.value.handoff_reason == ""
    assert "\x00" not in str(parsed) and "\\ud83d" not in str(parsed)


def test_an_emoji_of_several_characters_stays_whole():
    assert parse(wire(reply="Olá! 👩🏽‍💻 Tudo bem?")).value.reply == "Olá! 👩🏽‍💻 Tudo bem?"
