import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.brain.masks import mask
from agent.brain.money import brl
from agent.brain.number_words import TENS
from agent.brain.numbers import figures_in, read_quantities
from agent.brain.text import normalise
from agent.tests.writings import in_words


def quantities(text):
    return [(q.kind, q.value) for q in read_quantities(mask(normalise(text).text))]


@pytest.mark.parametrize(
    ("text", "reais"),
    [
        ("R$ 1,8 milhão", 1_800_000),
        ("55k", 55_000),
        ("33mil", 33_000),
        ("R$ 72.000,00", 72_000),
        ("1.2M", 1_200_000),
        ("quatrocentos mil", 400_000),
        ("um milhão e duzentos mil", 1_200_000),
        ("quatro mil e trezentos", 4_300),
        ("um milhão e meio", 1_500_000),
        ("meio milhão", 500_000),
        ("três mil reais e cinquenta centavos", Decimal("3000.50")),
        ("dois e quinhentos", 2_500),
        ("vinte e cinco mil e oitocentos", 25_800),
        ("um milhão de reais", 1_000_000),
        ("15 000 reais", 15_000),
        ("15.000 mil", 15_000),
        ("150 mil mil", 150_000),
        ("300 mi", 300_000),
        ("150m", 150_000),
        ("90 miu", 90_000),
        ("duzentos e cincoenta mil", 250_000),
        ("trinta e poucos mil", 30_000),
        ("2oo mil", 200_000),
        ("40 (quarenta) mil", 40_000),
        ("R$ 50.000.00", 50_000),
        ("milhão e duzentos", 1_200_000),
        ("3 pau e 500", 3_500),
        ("sem mil", 100_000),
        ("doismil", 2_000),
        ("sete centos mil", 700_000),
        ("duzentos e sinquenta mil", 250_000),
        ("trezentus e vinti mil", 320_000),
    ],
)
def test_amounts_are_read_as_brazilians_write_them(text, reais):
    assert quantities(text) == [("money", Decimal(reais))]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("72x", 72),
        ("doze anos", 144),
        ("3 anos e meio", 42),
        ("1 ano e 6 meses", 18),
        ("sessenta vezes", 60),
        ("ano e meio", 18),
        ("meia dúzia de vezes", 6),
        ("duas dúzias de parcelas", 24),
        ("dose meses", 12),
        ("quize anos", 180),
    ],
)
def test_terms_are_months(text, months):
    assert quantities(text) == [("term", Decimal(months))]


def test_percents_are_read_in_digits_and_in_words():
    assert quantities("1,19% ou um por cento") == [("percent", Decimal("1.19")), ("percent", Decimal(1))]


def test_a_range_is_one_quantity_whose_unit_is_carried_to_the_lower_end():
    [quantity] = read_quantities("entre 40 e 60 mil")
    assert (quantity.low, quantity.value) == (Decimal(40_000), Decimal(60_000))


@pytest.mark.parametrize(
    "text",
    [
        "987.654.321-00",
        "cep 80010-000",
        "62 98123-4567",
        "ana@exemplo.com",
        "12/05/1980",
        "às 15h30",
        "10:45",
        "70 m2",
        "ABC1D23",
        "protocolo 20261123",
        "em 5 dias",
        "rua das flores, 250",
        "2 filhos",
        "mil desculpas",
        "km 90.000",
        "rodado 87 mil",
        "chassi 9BWZZZ377VT004251",
        "terreno de 250m",
        "12 por 25",
        "5555 4444 3333 2222",
        "30 de maio",
        "0800 722 0101",
        "benefício 173.456.789-0",
    ],
)
def test_what_only_looks_like_an_amount_is_none(text):
    assert quantities(text) == []


def test_figures_are_found_in_digits_and_in_words():
    found = figures_in("Sai por R$ 1.234,56 em 48x a 1,19% ao mês, total de sessenta mil reais em quatro anos.")
    assert [(f.kind, f.value) for f in found] == [
        ("money", Decimal(123_456)),
        ("term", Decimal(48)),
        ("percent", Decimal("1.19")),
        ("money", Decimal(6_000_000)),
        ("term", Decimal(48)),
    ]


def test_a_bare_number_that_could_be_money_counts_as_a_figure():
    assert [f.value for f in figures_in("fica 1200 por mês")] == [Decimal(120_000)]


def test_years_small_counts_and_hours_are_no_figures():
    assert figures_in("Em 2026 temos 6 opções; o consultor responde em 24 horas.") == []


@pytest.mark.parametrize("word", ["trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"])
def test_a_slip_of_the_finger_in_a_number_word_is_forgiven(word):
    for at in range(1, len(word) - 1):
        first, second = word[at], word[at + 1]
        for middle in (second + first, second, first * 2 + second):
            slip = word[:at] + middle + word[at + 2 :]
            assert quantities(f"{slip} mil") == [("money", Decimal(TENS[word] * 1000))], slip


@pytest.mark.parametrize(
    "text", ["outras vezes", "ladrão levou meu carro ano passado", "me chamo Valentina kk", "vende", "minha quinta vez"]
)
def test_words_that_only_sound_like_numbers_are_none(text):
    assert quantities(text) == []


@given(st.integers(min_value=10_000, max_value=10**12))
def test_every_amount_we_write_we_read_back(cents):
    assert [f.value for f in figures_in(f"Total: {brl(cents)}.")] == [cents]


@given(st.text(max_size=300))
def test_no_text_breaks_the_grammar(text):
    figures_in(text)


@pytest.mark.parametrize("piece", ["1.", "1,", "1-", "11-1", "1/", "1 ", "(1) ", "1.1/1- ", "rg 1", "a1 .-"])
def test_what_looks_like_an_amount_is_found_in_time_that_grows_with_the_text(piece):
    text = piece * (4_000 // len(piece))
    began = time.perf_counter()
    mask(text)
    assert time.perf_counter() - began < 0.5


def test_a_number_read_out_with_a_pause_is_one():
    assert quantities("setenta mil, seiscentos e cinquenta") == [("money", Decimal(70_650))]


def test_a_line_does_not_run_on_into_the_next():
    assert quantities("renda de 22000\nparcela de 500") == [("bare", Decimal(22_000)), ("bare", Decimal(500))]


def test_an_article_after_an_amount_is_not_counted():
    assert quantities("dois mil e oitocentos e um gol") == [("money", Decimal(2_800))]


@given(st.integers(min_value=1_000, max_value=10**8).filter(lambda n: n < 10**6 or not 0 < n % 10**6 < 1_000))
def test_every_number_in_words_is_read_back(reais):
    # Without the "um milhão e duzentos", which means 1,200,000.
    assert quantities(f"{in_words(reais)} reais") == [("money", Decimal(reais))]
