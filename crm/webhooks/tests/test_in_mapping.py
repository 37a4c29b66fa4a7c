"""Where values stand in what other systems send, and what we understand of them."""

from typing import Any

import pytest

from crm.core.errors import Invalid
from crm.webhooks.mapping import guess, mapping_clean, read
from crm.webhooks.paths import find, paths_of, read_json, steps_of

META = {
    "field_data": [
        {"name": "full_name", "values": ["Maria Souza"]},
        {"name": "phone_number", "values": ["+5511998123340"]},
        {"name": "qual_é_o_valor?", "values": ["R$ 250.000,00"]},
    ]
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("field_data.0.values.0", "Maria Souza"),
        ("field_data[name=phone_number].values.0", "+5511998123340"),
        ("field_data[name=qual_é_o_valor?].values", "R$ 250.000,00"),
        ("field_data.7.values", None),
        ("field_data[name=nobody].values", None),
        ("field_data.name", None),
        ("=home_equity", "home_equity"),
    ],
)
def test_a_value_is_found_by_its_place(path: str, value: Any) -> None:
    assert find(META, path) == value


@pytest.mark.parametrize("path", ["", ".", "a..b", "a[b", "a]b", 'a."b', "a|b", "x" * 201, "[=x]"])
def test_what_is_no_place_is_refused(path: str) -> None:
    with pytest.raises(Invalid):
        steps_of(path)


@pytest.mark.parametrize(
    "body",
    [
        META,
        {"your.name": "Maria", 'sa"id': {"a|b": 1, "": 2, "=x": 3, "d[e]": 4}, "lists": [[1, 2], [{"id": "x"}]]},
        [{"id": "a", "x": 1}, {"id": "b", "x": 2}],
        [{"x": 1}, {"x": 1}],
    ],
)
def test_every_place_that_is_shown_leads_back_to_its_value(body: Any) -> None:
    places = paths_of(body)
    assert len(places) >= 2
    assert all(find(body, path) == value for path, value in places)


def test_fields_are_guessed_from_the_names_of_places() -> None:
    assert guess(META) == {
        "name": "field_data[name=full_name].values.0",
        "phone": "field_data[name=phone_number].values.0",
        "credit_amount": "field_data[name=qual_é_o_valor?].values.0",
    }


def test_words_money_and_states_are_understood_as_in_a_list() -> None:
    body = {
        "tel": "(11) 99812-3340", "nome": "  Maria \x00 Souza ", "valor": "R$ 250.000,00", "renda": 1500000,
        "estado": "São Paulo", "produto": "Home Equity", "aceite": "on", "gclid": "abc", "prazo": "20 anos",
        "cpf": "123.456.789-09",
    }  # fmt: skip
    reading = read(
        body,
        {
            "phone": "tel", "name": "nome", "credit_amount": "valor", "monthly_income": "renda|cents", "uf": "estado",
            "product": "produto", "consent": "aceite", "gclid": "gclid", "term_months": "prazo", "utm_source": "=site",
        },
    )  # fmt: skip
    assert reading.values == {
        "phone": "+5511998123340", "name": "Maria Souza", "credit_amount": 25_000_000, "monthly_income": 1_500_000,
        "uf": "SP", "product": "home_equity", "term_months": 240,
    }  # fmt: skip
    assert reading.tracking == {"utm_source": "site", "gclid": "abc"}
    assert reading.consent is True and not reading.errors


@pytest.mark.parametrize("told", [True, "true", "sim", "on", 1])
def test_a_consent_is_a_yes_however_it_is_sent(told: Any) -> None:
    assert read({"ok": told}, {"consent": "ok"}).consent is True


@pytest.mark.parametrize("told", [False, "não", "", None, "off", 0, "talvez", {"yes": True}, []])
def test_anything_but_a_yes_is_no_consent(told: Any) -> None:
    assert read({"ok": told}, {"consent": "ok"}).consent is False


def test_what_cannot_be_read_is_left_out_and_said_but_without_a_phone_it_is_no_lead() -> None:
    reading = read({"tel": "11998123340", "uf": "Atlantis", "name": {"first": "Maria"}},
                   {"phone": "tel", "uf": "uf", "name": "name"})  # fmt: skip
    assert set(reading.errors) == {"uf", "name"} and not reading.refused
    assert read({}, {}).refused and read({"tel": "12"}, {"phone": "tel"}).refused


@pytest.mark.parametrize("value", [10**400, 1e300, -5, [[[]]], {"a": 1}, "x" * 100_000, True, "9" * 5000])
@pytest.mark.parametrize("place", ["v", "v|cents"])
def test_nothing_a_body_holds_breaks_the_reading(value: Any, place: str) -> None:
    mapping = {"credit_amount": place, "phone": "v", "term_months": "v", "email": "v", "message": "v", "gclid": "v"}
    assert read({"v": value}, mapping).refused


@pytest.mark.parametrize(
    "mapping", [{"consultant_id": "x"}, {"ai_score": "x"}, {"name": "a..b"}, {"consent": "=sim"}, {"uf": "=" * 300}]
)
def test_a_mapping_knows_only_our_fields_and_true_places(mapping: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        mapping_clean(mapping)
    assert refused.value.fields


@pytest.mark.parametrize("raw", ["[" * 100_000, "NaN", '{"a": 1e999}', "{", "", '{"a": ' + "9" * 5000 + "}", b"\xff"])
def test_json_that_cannot_be_kept_is_refused(raw: str | bytes) -> None:
    with pytest.raises(Invalid):
        read_json(raw)


def test_signs_the_database_cannot_hold_are_taken_out() -> None:
    assert read_json('{"a\\u0000": "b\\u0000\\ud800c"}') == {"a": "bc"}


def test_where_nothing_is_matched_it_is_not_the_sender_who_is_at_fault() -> None:
    unmatched, empty = read({"phone": "+5511998123340"}, {}), read({"phone": ""}, {"phone": "phone"})
    assert (unmatched.errors["phone"], empty.errors["phone"]) == ("phone_unmatched", "phone_missing")
    assert unmatched.refused and empty.refused
