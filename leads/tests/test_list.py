"""The list of leads: order, pages, filters."""

import re

import pytest

from leads.models import Lead


def shown(page) -> list[str]:
    return re.findall(r'<tr id="row-\d+"[^>]*data-name="([^"]*)"', page.content.decode())


def test_a_consultant_lists_own_and_unowned_leads_newest_first(ana, caio, browse, new_lead) -> None:
    new_lead(owner=ana, name="Da Ana")
    new_lead(name="De ninguém")
    assert shown(browse(ana).get("/leads/")) == ["De ninguém", "Da Ana"]
    assert shown(browse(caio).get("/leads/")) == ["De ninguém"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Álvaro", "bruna", "Caio"]),
        ("-name", ["Caio", "bruna", "Álvaro"]),
        ("-amount", ["bruna", "Caio", "Álvaro"]),
        ("amount", ["Caio", "bruna", "Álvaro"]),
        ("status", ["Caio", "Álvaro", "bruna"]),
        ("created", ["Álvaro", "bruna", "Caio"]),
        ("nonsense", ["Caio", "bruna", "Álvaro"]),
    ],
)
def test_columns_sort_either_way_and_what_has_no_value_comes_last(bruno, browse, new_lead, sort, expected) -> None:
    new_lead(name="Álvaro")
    new_lead(name="bruna", credit_amount=900)
    new_lead(name="Caio", credit_amount=500)
    Lead.objects.filter(name="bruna").update(status="LOST")
    Lead.objects.filter(name="Álvaro").update(status="PROPOSAL")
    assert shown(browse(bruno).get(f"/leads/?sort={sort}")) == expected


@pytest.mark.parametrize(
    "sort", ["temperature", "-temperature", "consultant", "-consultant", "last", "-last", "-status"]
)
def test_every_column_sorts(bruno, browse, new_lead, sort) -> None:
    new_lead()
    assert len(shown(browse(bruno).get(f"/leads/?sort={sort}"))) == 1


def test_pages_keep_filter_and_order(bruno, browse, new_lead, settings) -> None:
    settings.LEADS_PAGE_SIZE = 2
    for number in range(5):
        new_lead(name=f"Ana {number}")
    new_lead(name="Rui")
    client = browse(bruno)
    first = client.get("/leads/?q=ana&sort=name")
    assert shown(first) == ["Ana 0", "Ana 1"]
    assert "q=ana&amp;sort=name&amp;page=2" in first.content.decode()
    assert shown(client.get("/leads/?q=ana&sort=name&page=3")) == ["Ana 4"]
    for page in ("99", "x", "-1", str(10**30)):
        assert client.get(f"/leads/?page={page}").status_code == 200


def test_an_empty_list_says_what_to_do(bruno, browse, new_lead) -> None:
    assert 'hx-get="/leads/new/"' in browse(bruno).get("/leads/").content.decode()
    new_lead()
    page = browse(bruno).get("/leads/?q=ninguem-assim").content.decode()
    assert shown(browse(bruno).get("/leads/?q=ninguem-assim")) == []
    assert re.search(r'class="btn-accent" href="/leads/">', page)
