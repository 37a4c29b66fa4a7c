import pytest

from agent.brain.language import is_foreign, is_portuguese, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is your monthly income?", "en"),
        ("I would like to know the interest rate", "en"),
        ("¿Cuánto necesita usted?", "es"),
        ("Buenas tardes, necesito un préstamo", "es"),
        ("Здравствуйте", "other"),
        ("你好", "other"),
        ("oi, preciso de um empréstimo", "pt"),
        ("quero um home equity", "pt"),
        ("bom dia", "pt"),
        ("90 mil", "pt"),
        ("", "pt"),
    ],
)
def test_the_small_words_tell_the_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["hello", "ok thanks", "good morning", "gracias", "hola", "si", "90k", "Delta plus ltda"]
)
def test_a_word_or_two_are_no_other_language(text):
    assert not is_foreign(text)


@pytest.mark.parametrize(
    "text", ["Anotado!", "Perfeito, Maria!", "Certo. Qual prazo fica bom?", "Entendi, obrigada 😊", "Boa tarde!"]
)
def test_short_portuguese_is_portuguese(text):
    assert is_portuguese(text)


@pytest.mark.parametrize(
    "text", ["Bonjour, quel est votre revenu?", "Guten Tag, wie viel brauchen Sie?", "Sure! Monthly income?"]
)
def test_what_has_no_portuguese_word_is_none(text):
    assert not is_portuguese(text)
