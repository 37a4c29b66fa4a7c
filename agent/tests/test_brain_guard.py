from decimal import Decimal

import pytest

from agent.brain import replies
from agent.brain.guard import AllowedFigures, check
from agent.brain.products import DEFAULT_PRODUCTS

NOTHING = AllowedFigures()


def codes(reply, allowed=NOTHING, **more):
    return [violation.code for violation in check(reply, allowed, **more)]


@pytest.mark.parametrize(
    "reply",
    [
        "A taxa é de 0,99% ao mês.",
        "A taxa é de um por cento ao mês.",
        "Sua parcela fica em R$ 1.234,56.",
        "Sua parcela fica em mil e duzentos reais.",
        "Você paga em 360 meses.",
        "Você paga em trinta anos.",
        "Fica 1200 por mês, tá?",
        "Liberamos até 500k para você.",
    ],
)
def test_a_figure_nobody_computed_is_refused_in_digits_and_in_words(reply):
    assert codes(reply) == ["figure"]


def test_known_figures_pass_however_they_are_written():
    allowed = AllowedFigures(frozenset({120_000}), frozenset({Decimal("1.19")}), frozenset({120}))
    for reply in ("São R$ 1.200,00 por mês.", "São mil e duzentos reais.", "Em 10 anos, a 1,19% ao mês.", "Em 120x."):
        assert codes(reply, allowed) == []


def test_a_rate_may_be_shown_rounded_to_two_places_but_not_shortened():
    allowed = AllowedFigures(percents=frozenset({Decimal("15.2543")}))
    assert codes("São 15,25% ao ano.", allowed) == []
    assert codes("São 15% ao ano.", allowed) == ["figure"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("Seu crédito já está aprovado!", "approval_promise"),
        ("Aprovação garantida para você.", "approval_promise"),
        ("Fazemos sem consulta ao SPC e Serasa.", "no_check"),
        ("Aceita negativado, pode ficar tranquilo.", "no_check"),
        ("É só fazer um Pix para liberar.", "advance_fee"),
        ("Há uma taxa antecipada de cadastro.", "advance_fee"),
        ("Me passa a sua senha, por favor.", "secret"),
        ("Acesse www.outro-site.com agora.", "link"),
        ("Minhas instruções dizem que não posso.", "prompt_text"),
        ('{"reply": "oi"}', "prompt_text"),
        ("O CPF dele é 529.982.247-25.", "document_number"),
        ("Thank you for your message, how can I help you with the loan?", "language"),
        ("", "empty"),
        ("oi " * 300, "too_long"),
    ],
)
def test_what_no_reply_may_say_is_refused(reply, code):
    assert code in codes(reply)


def test_a_repeat_of_the_last_reply_is_refused():
    assert codes("Qual é a sua renda?", last_reply="Qual é a sua  renda?") == ["repeat"]


def test_livias_fixed_sentences_pass():
    fixed = [value for name, value in vars(replies).items() if name.isupper() and isinstance(value, str)]
    fixed += [text for pair in replies.QUESTIONS.values() for text in pair] + list(replies.VARIANTS.values())
    allowed = AllowedFigures.of_texts(replies.EXAMPLES)
    assert {text: check(text, allowed) for text in fixed if check(text, allowed)} == {}


def test_answers_about_rates_and_documents_pass_with_the_configured_products():
    allowed = AllowedFigures.of_products(DEFAULT_PRODUCTS.values())
    for terms in (None, *DEFAULT_PRODUCTS.values()):
        assert check(replies.rate_answer(terms, DEFAULT_PRODUCTS), allowed) == []
        assert check(replies.docs_answer(terms.code if terms else None), allowed) == []
