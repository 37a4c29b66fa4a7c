from collections import Counter

import pytest

from agent.brain.gazetteer import BIG, LARGEST, NICKNAMES, STATES, UFS, cities, lookup
from agent.brain.places import find_place
from agent.brain.text import normalise

# IBGE, Divisão Territorial Brasileira.
MUNICIPALITIES = {
    "AC": 22, "AL": 102, "AM": 62, "AP": 16, "BA": 417, "CE": 184, "DF": 1, "ES": 78, "GO": 246, "MA": 217, "MG": 853,
    "MS": 79, "MT": 142, "PA": 144, "PB": 223, "PE": 185, "PI": 224, "PR": 399, "RJ": 92, "RN": 167, "RO": 52,
    "RR": 15, "RS": 497, "SC": 295, "SE": 75, "SP": 645, "TO": 139,
}  # fmt: skip


def place(text, asked=None):
    found = find_place(normalise(text), asked)
    return found.city, found.uf


def test_every_municipality_of_ibge_is_known():
    assert Counter(uf for _, ufs in cities().values() for uf in ufs) == MUNICIPALITIES
    assert sum(MUNICIPALITIES.values()) == 5571
    assert set(MUNICIPALITIES) == UFS == set(STATES.values())


def test_nicknames_and_big_cities_are_municipalities():
    assert set(LARGEST) | set(BIG) <= set(cities())
    assert all(uf in (lookup(key) or ("", ()))[1] for key, uf in LARGEST.items())
    assert all(uf in UFS for _, uf in NICKNAMES.values())


@pytest.mark.parametrize(
    ("text", "city", "uf"),
    [
        ("BH", "Belo Horizonte", "MG"),
        ("floripa", "Florianópolis", "SC"),
        ("S. José do Rio Preto", "São José do Rio Preto", "SP"),
        ("Rib. Preto", "Ribeirão Preto", "SP"),
        ("Sto André", "Santo André", "SP"),
        ("Sta. Bárbara d'Oeste", "Santa Bárbara d'Oeste", "SP"),
        ("curtiba", "Curitiba", "PR"),
        ("porto alegri", "Porto Alegre", "RS"),
        ("São Luiz do Maranhão", "São Luís", "MA"),
        ("Valença RJ", "Valença", "RJ"),
        ("interior de SP", None, "SP"),
        ("MT", None, "MT"),
        ("Copacabana", None, None),
        ("vila mariana", None, None),
    ],
)
def test_the_answer_to_which_city_is_read(text, city, uf):
    assert place(text, "city") == (city, uf)


def test_where_the_client_lives_outweighs_where_they_come_from():
    assert place("moro em Campinas mas sou de Goiânia") == ("Campinas", "SP")
    assert place("sou de Belém, mas hoje moro em Curitiba") == ("Curitiba", "PR")
    assert place("trabalho em Osasco e moro em Barueri") == ("Barueri", "SP")


@pytest.mark.parametrize("text", ["moro na Barra da Tijuca", "feliz natal", "vou viajar pra Salvador", "sou a Vitória"])
def test_neighbourhoods_words_names_and_journeys_are_no_cities(text):
    assert place(text)[0] is None


def test_a_state_is_no_city_of_the_same_name():
    assert place("moro no paraná") == (None, "PR")


def test_of_several_places_of_one_name_the_state_stays_open_unless_one_is_much_larger():
    assert place("Bom Jardim", "city") == ("Bom Jardim", None)
    assert place("Campo Grande", "city") == ("Campo Grande", "MS")
