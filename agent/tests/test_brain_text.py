import time

from agent.brain.text import MAX_LENGTH, clean, fold, normalise


def test_accents_and_case_fall_away():
    assert normalise("OLÁ, São João do Pará!").text == "ola, sao joao do para!"


def test_abbreviations_are_spelled_out():
    assert normalise("vc tbm qr saber pq?").text == "voce tambem qr saber porque?"


def test_folding_keeps_the_length():
    text = "Conceição İ ß ﬁ çãõ"
    assert len(fold(text)) == len(text)


def test_the_original_words_can_be_found_again_behind_expanded_ones():
    norm = normalise("vc sabe q sou a Tânia Conceição, né")
    start = norm.text.index("tania")
    assert norm.origin(start, start + len("tania conceicao")) == "Tânia Conceição"


def test_control_and_invisible_characters_are_dropped_but_lines_stay():
    assert clean("oi\x00\u200b\u202e tudo\r\nbem\x1b?") == "oi tudo\nbem?"


def test_a_state_in_capitals_is_not_taken_for_an_abbreviation():
    assert normalise("Palmas TO").text == "palmas to"
    assert normalise("to aqui").text == "estou aqui"


def test_pa_is_a_preposition_before_a_purpose_and_else_the_state():
    assert normalise("10 mil pa paga as contas").text == "10 mil para paga as contas"
    assert normalise("moro em castanhal pa").text == "moro em castanhal pa"


def test_long_messages_are_cut():
    assert len(normalise("a" * 50_000).original) == MAX_LENGTH


def test_ten_thousand_characters_are_normalised_quickly():
    text = "meu ap vale 300 mil vc " * 440
    began = time.perf_counter()
    for _ in range(10):
        normalise(text)
    assert (time.perf_counter() - began) / 10 < 0.05
