import pytest

from agent.brain.grounding import reconcile
from agent.brain.products import DEFAULT_PRODUCTS
from agent.brain.reading import read_burst


def reconciled(text, proposed, asked=None, known=None):
    reading = read_burst([text], asked=asked, last_bot=None, known=known or {})
    return reconcile(reading, proposed, [text], known or {}, asked, DEFAULT_PRODUCTS)


def why(result):
    return {entry["slot"]: entry["why"] for entry in result.rejected}


@pytest.mark.parametrize(
    ("text", "asked", "proposed"),
    [
        ("podem me tratar como Zuleide mesmo", None, {"name": "Zuleide"}),
        ("faço bicos de pintura por conta", "occupation", {"occupation": "self_employed"}),
        ("quero ajeitar o telhado velho", "purpose", {"purpose": "renovation"}),
        ("queria usar o sobrado", None, {"product": "home_equity"}),
    ],
)
def test_a_value_in_the_clients_words_is_taken_where_the_rules_read_none(text, asked, proposed):
    reading = read_burst([text], asked=asked, last_bot=None, known={})
    result = reconciled(text, proposed, asked)
    slot = next(iter(proposed))
    assert {**result.accepted, **reading.slots}[slot] == proposed[slot]
    assert result.rejected == ()


@pytest.mark.parametrize(
    ("text", "asked", "proposed", "reason"),
    [
        ("preciso de 90 mil", "credit_amount", {"credit_amount": 90_000}, "figures_belong_to_rules"),
        ("tenho 45 anos e dois filhos", None, {"term_months": 540}, "figures_belong_to_rules"),
        ("devo 20 mil no cartão", None, {"credit_amount": 2_000_000}, "figures_belong_to_rules"),
        ("oi, tudo bem?", "name", {"name": "Fernanda"}, "not_in_clients_words"),
        ("oi Lívia", "name", {"name": "Lívia"}, "not_in_clients_words"),
        ("quem vai pagar é meu marido João", None, {"name": "João"}, "not_in_clients_words"),
        ("oi", "city", {"city": "Curitiba"}, "not_in_clients_words"),
        ("moro longe", "city", {"city": "longe"}, "not_in_clients_words"),
        ("oi, quero crédito", "product", {"product": "payroll_loan"}, "not_in_clients_words"),
        ("oi pessoal, tudo bem?", None, {"product": "personal_loan"}, "not_in_clients_words"),
        ("moro em casa alugada", None, {"product": "home_equity"}, "not_in_clients_words"),
        ("pago aluguel todo mês", None, {"product": "real_estate_financing"}, "not_in_clients_words"),
        ("recebo pelo banco do INSS", None, {"product": "payroll_loan"}, "not_in_clients_words"),
        ("ok", "city", {"occupation": "clt"}, "not_in_clients_words"),
        ("por que quer saber?", "occupation", {"occupation": "clt"}, "not_in_clients_words"),
        ("[CPF]", None, {"cpf": "[CPF]"}, "personal_data"),
        ("meu zap é esse", None, {"phone": "+5511999998888"}, "personal_data"),
    ],
)
def test_a_value_the_client_did_not_give_is_rejected_with_its_reason(text, asked, proposed, reason):
    result = reconciled(text, proposed, asked)
    assert result.accepted == {}
    assert why(result) == {next(iter(proposed)): reason}


def test_rules_win_where_both_read_something():
    result = reconciled("sou a Maria, de Campinas SP", {"city": "Santos", "name": "Maria"})
    assert why(result) == {"city": "rules_win"}


def test_what_is_known_changes_only_by_the_rules():
    result = reconciled("Bruna gostou muito", {"name": "Bruna"}, known={"name": "Maria"})
    assert why(result) == {"name": "known"}


def test_an_echo_of_what_is_known_is_no_rejection():
    known = {"name": "Maria Souza", "city": "Campinas", "credit_amount": 9_000_000}
    echo = {"name": "Maria", "city": "campinas", "credit_amount": 9_000_000}
    assert reconciled("ok", echo, known=known).rejected == ()


def test_null_says_nothing_and_erases_nothing():
    result = reconciled("ok", {"name": None, "credit_amount": None}, known={"name": "Maria"})
    assert (result.accepted, result.rejected) == ({}, ())


def test_personal_data_is_not_kept_in_the_record_of_what_was_rejected():
    result = reconciled("meu email mudou", {"email": "maria@exemplo.com"})
    assert result.rejected == ({"slot": "email", "value": "…", "why": "personal_data"},)
