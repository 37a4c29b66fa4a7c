"""What may leave and what may not. Maria asked for R$ 90.000 on her home of R$ 800.000 over 180 months."""

from datetime import date
from decimal import Decimal

import pytest

from agent.brain import beside, replies
from agent.brain.asking import slots_asked
from agent.brain.calculator import simulate
from agent.brain.guard import AllowedFigures, ModelWords, check, check_model, contacts_in
from agent.brain.handover import handed_over
from agent.brain.policies import DEFAULT_POLICIES
from agent.brain.products import DEFAULT_PRODUCTS
from agent.brain.prompting import told
from agent.brain.simulation import SimulationRequest
from agent.brain.stages import Stage
from agent.tests.guarding import ALSO_BAD, BAD, GOOD, SIMULATION_ONLY
from agent.tests.guarding_more import UNBACKED, WELL_MEANT

NOTHING = AllowedFigures()
SAID = ("preciso de 90 mil, a casa vale 800 mil, ganho 20 mil", "pago 3,5% ao mês no cartão", "quero parcela de 1.500")
SLOTS = {
    "name": "Maria", "product": "home_equity", "credit_amount": 9_000_000, "property_value": 80_000_000,
    "monthly_income": 2_000_000, "term_months": 180, "max_installment": 150_000,
}  # fmt: skip
RESULT = simulate(
    DEFAULT_PRODUCTS["home_equity"],
    SimulationRequest(
        credit_amount=9_000_000, term_months=180, contract_date=date(2026, 11, 20), collateral_value=80_000_000,
        monthly_income=2_000_000,
    ),
)  # fmt: skip
BUSINESS = ("Atendemos de segunda a sexta, das 9h às 18h. Telefone (11) 4002-8922, oi@horizonte.com.br",)
KNOWN = (
    AllowedFigures.of_slots(SLOTS)
    | AllowedFigures.of_texts(SAID)
    | AllowedFigures.of_products([DEFAULT_PRODUCTS["home_equity"]])
    | AllowedFigures.of_simulation(RESULT)
    | AllowedFigures(links=frozenset({"https://horizonte.com.br"}), contacts=contacts_in(BUSINESS))
)


def codes(reply, allowed=NOTHING, **more):
    return [violation.code for violation in check(reply, allowed, **more)]


def model_codes(reply, allowed=KNOWN, slots=(), **more):
    words = ModelWords(
        asked=slots_asked(reply),
        slots=slots,
        people={"maria"},
        instructions=told(DEFAULT_POLICIES[Stage.QUALIFICATION]),
        said="\n".join((*SAID, "Campinas")),
        plan="consórcio" in reply,
    )
    return [violation.code for violation in check_model(reply, allowed, words, **more)]


@pytest.mark.parametrize("reply", [*GOOD, *WELL_MEANT])
def test_a_good_sentence_of_a_model_passes(reply):
    assert model_codes(reply) == []


@pytest.mark.parametrize("reply", SIMULATION_ONLY)
def test_a_figure_of_the_simulation_passes_only_with_the_simulation(reply):
    assert model_codes(reply) == []
    assert "figure" in model_codes(reply, AllowedFigures.of_slots(SLOTS) | AllowedFigures.of_texts(SAID))


@pytest.mark.parametrize(("code", "reply"), BAD)
def test_a_bad_sentence_of_a_model_is_refused(code, reply):
    assert code in model_codes(reply)


@pytest.mark.parametrize("reply", [*ALSO_BAD, *UNBACKED])
def test_another_bad_sentence_is_refused_for_whatever_reason(reply):
    assert model_codes(reply)


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
    allowed = AllowedFigures.of(money=[120_000], percents=[Decimal("1.19")], terms=[120])
    for reply in ("São R$ 1.200,00 por mês.", "São mil e duzentos reais.", "Em 10 anos, a 1,19% ao mês.", "Em 120x."):
        assert codes(reply, allowed) == []


def test_a_rate_may_be_shown_rounded_to_two_places_but_not_shortened():
    allowed = AllowedFigures.of(percents=[Decimal("15.2543")])
    assert codes("São 15,25% ao ano.", allowed) == []
    assert codes("São 15% ao ano.", allowed) == ["figure"]


def test_a_monthly_rate_may_not_be_told_as_a_yearly_one():
    assert model_codes("A taxa é de 1,19% ao mês, que dá 15,25% ao ano.") == []
    assert model_codes("A taxa é de 1,19% ao ano.") == ["figure"]
    assert model_codes("A taxa é de 60% ao mês.") == ["figure"]


def test_a_link_or_a_phone_of_the_business_may_be_named_and_no_other():
    assert model_codes("Veja mais em https://www.horizonte.com.br/ ou ligue (11) 4002-8922.") == []
    assert model_codes("Escreva para oi@horizonte.com.br.") == []
    assert model_codes("Veja em https://horizonte.com.br.golpe.com agora.") == ["link"]
    assert model_codes("Ligue para (11) 98888-7777.") == ["personal_data"]


def test_what_is_known_is_not_asked_again():
    assert model_codes("Perfeito! Qual é a sua renda mensal?", slots={"monthly_income"}) == ["asks_known"]
    assert model_codes("Perfeito! Qual é a sua renda mensal?", slots={"credit_amount"}) == []


def test_the_empty_the_endless_and_the_repeated_are_refused():
    assert codes("") == ["empty"]
    assert codes("😀😀") == ["empty"]
    assert "too_long" in codes("você " * 300)
    assert codes("Qual é a sua renda?", last_reply="Qual é a sua  renda?") == ["repeat"]


def test_livias_fixed_sentences_pass():
    fixed = [value for name, value in vars(replies).items() if name.isupper() and isinstance(value, str)]
    fixed += [text for pair in replies.QUESTIONS.values() for text in pair] + list(replies.VARIANTS.values())
    fixed += [
        text.format(business="Horizonte", place=", Rua A", address="Rua A", hours="de segunda a sexta")
        for name, text in vars(beside).items()
        if name.isupper() and isinstance(text, str)
    ]
    fixed += list(beside._EXPLAINED.values())
    fixed += [policy.default_reply for policy in DEFAULT_POLICIES.values()]
    fixed += [
        handed_over(kind, {"name": "Maria"}, open_now, "segunda-feira às 9h")
        for kind in ("asked", "misses", "abuse", "qualified")
        for open_now in (True, False)
    ]
    allowed = AllowedFigures.of_texts(replies.EXAMPLES)
    assert {text: check(text, allowed) for text in fixed if check(text, allowed)} == {}


def test_answers_about_rates_and_documents_pass_with_the_configured_products():
    allowed = AllowedFigures.of_products(DEFAULT_PRODUCTS.values())
    for terms in (None, *DEFAULT_PRODUCTS.values()):
        assert check(replies.rate_answer(terms, DEFAULT_PRODUCTS), allowed) == []
        assert check(replies.docs_answer(terms.code if terms else None), allowed) == []


def test_no_interest_is_said_of_a_consorcio_only():
    def said(reply, plan):
        return [hit.code for hit in check_model(reply, KNOWN, ModelWords(plan=plan, business="consórcio sem juros"))]

    assert said("No consórcio é sem juros, só com taxa de administração.", True) == []
    assert "no_interest" in said("No consórcio é sem juros, só com taxa de administração.", False)
    assert "no_interest" in said("Sem juros nas três primeiras!", True)


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\x07"])
def test_nothing_invisible_leaves(mark):
    assert "control" in codes(f"Certo!{mark} Vamos lá.")
