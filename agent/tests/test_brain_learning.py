"""How Lívia hears a tone, and what a message is about."""

import json
import time
from pathlib import Path

import pytest

from agent.brain.learning import (
    CLEAR,
    ProfileData,
    emoji_count,
    formality,
    keywords,
    learn,
    length_class,
    preferred_name,
    sentiment,
    topics,
)

_FILE = Path(__file__).parent.parent / "evaluation" / "mood.jsonl"
CASES = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
_TONE = 0.25


def mood(text: str) -> str:
    value = sentiment(text)
    return "positive" if value >= CLEAR else "negative" if value <= -CLEAR else "neutral"


def tone(text: str) -> str:
    value = formality(text)
    return "formal" if value >= _TONE else "informal" if value <= -_TONE else "neutral"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_mood_topics_and_tone_of_written_cases(case):
    assert mood(case["text"]) == case["mood"]
    assert set(case.get("topics", ())) <= set(topics(case["text"]))
    assert tone(case["text"]) == case.get("tone", tone(case["text"]))


@pytest.mark.parametrize(
    ("milder", "stronger"),
    [
        ("gostei", "gostei muito!!!"),
        ("bom atendimento", "ótimo atendimento"),
        ("péssimo, mas resolveram, obrigado", "resolveram, obrigado, mas foi péssimo"),
        ("esse atendimento é ruim", "ESSE ATENDIMENTO É RUIM"),
        ("não gostei", "odiei"),
    ],
)
def test_words_around_strengthen_and_weaken(milder, stronger):
    assert abs(sentiment(stronger)) > abs(sentiment(milder))


@pytest.mark.parametrize("text", ["", " ", "\n", "123", "300.000,00", "?!", "\u200b", "👀", "a" * 5000, "ha" * 3000])
def test_whatever_is_written_is_read_within_bounds(text):
    assert -1 <= sentiment(text) <= 1 and -1 <= formality(text) <= 1
    assert len(keywords(text)) <= 8
    assert learn(ProfileData(), [text]).messages == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("oi", 0),
        ("👍", 1),
        ("👍🏽👍🏽", 2),
        ("👨‍👩‍👧‍👦", 1),
        ("🇧🇷", 1),
        ("❤️", 1),
        ("1️⃣", 1),
        ("oi :) tudo bem ;)", 2),
        ("12:30", 0),
    ],
)
def test_emojis_are_counted_as_they_are_seen(text, count):
    assert emoji_count(text) == count


@pytest.mark.parametrize(
    ("average", "expected"), [(0, "short"), (49.9, "short"), (50, "medium"), (200, "medium"), (201, "long")]
)
def test_length_is_short_below_50_and_long_above_200_characters(average, expected):
    assert length_class(average) == expected


@pytest.mark.parametrize(
    "text",
    [
        "meu nome é João Batista Pereira, quero financiar um apartamento",
        "Maria Aparecida Quintanilha aqui, quero financiar um apartamento",
        "sou a helena prado, quero financiar um apartamento",
        "quero financiar um apartamento, cpf 529.982.247-25, tel 11 99812-3340, joao.pereira@exemplo.com.br",
        "quero financiar um apartamento na rua quintanilha prado 123",
        "minha esposa joana quintanilha prado quer financiar um apartamento",
        "quero financiar um apartamento, pode me chamar de Quintanilha",
        "quero financiar um apartamento de 300 mil com o Marcelo Quintanilha",
    ],
)
def test_keywords_tell_what_is_wanted_and_nothing_of_who_wants_it(text):
    found = keywords(text)
    assert {"financiar", "apartamento"} <= set(found)
    private = "joao batista pereira maria aparecida quintanilha helena prado joana marcelo cpf exemplo".split()
    assert not set(found) & set(private) and not any(char.isdigit() for word in found for char in word)


def test_the_names_a_client_is_known_by_are_no_keywords():
    said = "a oficina da zulmera precisa de telhado"
    assert "zulmera" in keywords(said)
    assert keywords(said, names=("Zulmera Vitorino",)) == ["oficina", "telhado"]


def test_keywords_are_at_most_eight_the_repeated_first():
    text = "telhado, parede, janela, porta, cozinha, banheiro, quintal, garagem, sacada, varanda, sacada"
    assert keywords(text)[0] == "sacada" and len(keywords(text)) == 8


def test_topics_stand_in_the_order_they_come_up():
    assert topics("qual a taxa e quanto fica a parcela do carro?") == ("juros", "simulação", "parcela", "veículo")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pode me chamar de Zé", "Zé"),
        ("Meu nome é José Carlos mas pode me chamar só de Duda", "Duda"),
        ("prefiro que me chame de Carol", "Carol"),
        ("todo mundo me chama de Tonho", "Tonho"),
        ("não me chame de Zé", ""),
        ("pode me chamar de manhã", ""),
        ("oi", ""),
    ],
)
def test_the_name_a_client_asks_to_be_called_by(text, name):
    assert preferred_name(text) == name


def test_one_by_one_or_together_the_same_is_learned():
    texts = [case["text"] for case in CASES[:60]]
    together = learn(ProfileData(), texts, day="2026-11-20")
    apart = ProfileData()
    for text in texts:
        apart = learn(apart, [text], day="2026-11-20")
    assert apart == together and together.messages == 60 and together.days == 1


def test_habits_follow_what_is_written():
    chatty = learn(ProfileData(), ["blz, vc manda? 😂", "kkk vlw 👍", "tbm quero, pfv 🙏"])
    stiff = learn(ProfileData(), ["Prezados, gostaria de solicitar, por gentileza, uma simulação. " * 4] * 3)
    assert (chatty.length, stiff.length) == ("short", "long")
    assert chatty.formality < -_TONE and stiff.formality > _TONE
    assert chatty.emoji_rate == 1 and stiff.emoji_rate == 0


def test_the_trend_tells_now_from_before():
    pleased = ["adorei", "ótimo atendimento", "muito obrigado", "perfeito"] * 2
    angry = ["péssimo", "que absurdo, ninguém responde", "estou indignado"]
    worse = learn(ProfileData(), pleased + angry)
    better = learn(ProfileData(), angry * 2 + pleased)
    assert worse.trend < -_TONE and better.trend > _TONE
    assert learn(ProfileData(), ["adorei"]).trend == 0 and ProfileData().trend is None


def test_turning_to_another_topic_is_counted_and_staying_is_not():
    said = learn(ProfileData(), ["qual a taxa?", "e a taxa do consórcio?", "oi", "tenho um carro", "e a taxa?"])
    assert said.topics["juros"] == 3
    assert said.transitions == {"produto>veículo": 1, "veículo>juros": 1}


@pytest.mark.parametrize(("messages", "engagement"), [(3, "low"), (4, "medium"), (10, "medium"), (11, "high")])
def test_engagement_by_messages_on_a_day_of_writing(messages, engagement):
    said = learn(ProfileData(), ["oi"] * messages, day="2026-11-20")
    assert said.engagement == engagement
    assert learn(said, ["oi"] * messages, day="2026-11-21").engagement == engagement


def test_two_profiles_of_one_person_add_up():
    one = learn(ProfileData(), ["adorei", "qual a taxa?"], day="2026-11-19")
    two = learn(ProfileData(), ["péssimo", "a taxa do carro?"] * 3, day="2026-11-20")
    both = one.joined(two)
    assert (both.messages, both.days, both.last_day) == (8, 2, "2026-11-20")
    assert both.topics["juros"] == 4 and both == two.joined(one)
    assert two.sentiment < both.sentiment < one.sentiment
    assert ProfileData().joined(one).sentiment == one.sentiment


def test_a_message_is_read_in_less_than_half_a_millisecond():
    texts = [case["text"] for case in CASES]
    learn(ProfileData(), texts)
    best = min(_seconds(texts) for _attempt in range(5))
    assert best / len(texts) < 0.0005


def _seconds(texts: list[str]) -> float:
    began = time.process_time()
    learn(ProfileData(), texts)
    for text in texts:
        keywords(text)
    return time.process_time() - began
