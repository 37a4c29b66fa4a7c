"""Filters: read from an address, written back, and what they let through."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from crm.core.clock import now
from leads.filters import Filters
from leads.models import Lead
from leads.selectors import board_columns, chip_counts, column_page, leads_visible_to


def names(user, query: str) -> set[str]:
    filters = Filters.parse(query)
    return set(leads_visible_to(user).filter(filters.condition(user)).values_list("name", flat=True))


def test_an_address_becomes_filters_and_the_same_filters_one_address() -> None:
    one = Filters.parse("chip=today&temperature=WARM&temperature=HOT&q=+Jos%C3%A9++silva&owner=07&source=whatsapp")
    other = Filters.parse("source=whatsapp&q=José silva&temperature=HOT&temperature=WARM&owner=7&chip=today&page=2")
    assert one == other and one.query == other.query
    assert Filters.read(QueryDict(one.query)) == one


@pytest.mark.parametrize(
    "query", ["", "temperature=BOILING", "owner=everybody", "owner=-3", f"owner={10**30}", "chip=%00&q=%00", "product="]
)
def test_unknown_values_are_dropped(query: str) -> None:
    assert not Filters.parse(query)
    assert Filters.parse(query).query == ""


@pytest.mark.parametrize(
    "q",
    ["jose", "JOSÉ", "jóse cónceição", "conceicao jose", "jose@example", "(11) 99812-3340", "+55 11 998", "8123340"],
)
def test_a_search_ignores_accents_case_order_and_the_way_a_phone_is_written(bruno, new_lead, q: str) -> None:
    new_lead(name="José da Conceição", email="jose@example.com", phone="+5511998123340")
    new_lead(name="Maria Souza", phone="+5521997770000")
    assert names(bruno, f"q={q.replace('+', '%2B')}") == {"José da Conceição"}


@pytest.mark.parametrize("q", ["%25", "_", "%5C", "100%25 Certo%5C", "jo_e", "' OR 1=1 --"])
def test_signs_of_the_database_are_only_signs(bruno, new_lead, q: str) -> None:
    new_lead(name="José", phone="+5511998123340")
    assert names(bruno, f"q={q}") == set()


def test_percent_and_underscore_find_themselves(bruno, new_lead) -> None:
    new_lead(name="100%_certo")
    assert names(bruno, "q=0%25_c") == {"100%_certo"}


def test_values_of_one_filter_add_up_and_filters_narrow(bruno, ana, new_lead) -> None:
    new_lead(owner=ana, name="Quente", product="home_equity")
    new_lead(owner=ana, name="Morna", product="auto_equity")
    new_lead(name="Fria", product="auto_equity")
    for name, temperature in (("Quente", "HOT"), ("Morna", "WARM"), ("Fria", "COLD")):
        Lead.objects.filter(name=name).update(ai_temperature=temperature)
    assert names(bruno, "temperature=HOT&temperature=COLD") == {"Quente", "Fria"}
    assert names(bruno, "temperature=HOT&temperature=COLD&product=auto_equity") == {"Fria"}
    assert names(bruno, f"owner={ana.pk}") == names(ana, "owner=mine") == {"Quente", "Morna"}
    assert names(bruno, "owner=none") == {"Fria"}
    assert names(bruno, "source=manual") == {"Quente", "Morna", "Fria"}
    assert names(bruno, "source=whatsapp") == set()


def test_a_filter_shows_nobody_what_they_may_not_see(ana, caio, new_lead) -> None:
    new_lead(owner=ana, name="Cliente da Ana")
    assert names(caio, f"owner={ana.pk}") == names(caio, "q=Cliente") == set()


def test_the_chips_and_their_counts(ana, new_lead) -> None:
    at = now()
    noon = timezone.localtime(at).replace(hour=12, minute=0)

    def lead(name: str, **values: object) -> None:
        Lead.objects.filter(pk=new_lead(owner=ana, name=name).pk).update(**values)

    waiting = {"unread_count": 1, "last_message_direction": "in"}
    plan = {"next_task_at": at + timedelta(days=3)}
    lead("Espera há uma hora", last_message_at=at - timedelta(hours=1), **waiting, **plan)
    lead("Acabou de escrever", last_message_at=at, **waiting, **plan)
    lead("Com a Lívia", last_message_at=at - timedelta(hours=1), attended_by="livia", **waiting, **plan)
    lead("Atrasada", next_task_at=at - timedelta(days=2))
    lead("Vence hoje", next_task_at=noon)
    lead("Parada", status_changed_at=at - timedelta(hours=5), **plan)
    lead("Sem próximo passo")
    lead("Fechada sem tarefa", status="WON", won_amount=1)
    lead("Fechada, escreveu", status="WON", won_amount=1, last_message_at=at - timedelta(hours=1), **waiting)
    lead("Fechada há meses", status="LOST", status_changed_at=at - timedelta(days=90))
    passed = {"Vence hoje"} if noon < at else set()
    assert names(ana, "chip=attention") == {"Espera há uma hora", "Atrasada", "Parada"} | passed
    assert names(ana, "chip=overdue") == {"Atrasada"} | passed
    assert names(ana, "chip=today") == {"Vence hoje"}
    assert names(ana, "chip=no_next_step") == {"Sem próximo passo"}
    counts = chip_counts(ana, Filters(q="a", chip="today"))
    assert counts == {chip: len(names(ana, f"q=a&chip={chip}")) for chip in counts}


def test_a_filtered_column_loads_on_under_the_filter_with_sums_of_its_own(bruno, new_lead, settings) -> None:
    settings.BOARD_PAGE_SIZE = 2
    for number in range(5):
        new_lead(name=f"Ana {number}", credit_amount=100)
        new_lead(name=f"Rui {number}", credit_amount=7)
    filters = Filters(q="ana")
    column = board_columns(bruno, filters)[0]
    assert [card.name for card in column.cards] == ["Ana 4", "Ana 3"] and column.has_more
    assert [(total.n, total.amount) for total in column.totals] == [(5, 500)]
    last = column.cards[-1]
    more, has_more = column_page(bruno, "NEW", rank=last.rank, lead_id=last.pk, filters=filters)
    assert [card.name for card in more] == ["Ana 2", "Ana 1"] and has_more


def test_won_deals_count_with_the_amount_of_the_deal_under_a_filter_too(bruno, new_lead) -> None:
    lead = new_lead(name="Ganha", credit_amount=500)
    Lead.objects.filter(pk=lead.pk).update(status="WON", won_amount=450)
    totals = {column.status: column.totals for column in board_columns(bruno, Filters(q="ganha"))}
    assert [(total.n, total.amount) for total in totals["WON"]] == [(1, 450)]


def test_the_page_carries_the_filter_into_every_further_request(bruno, browse, new_lead, settings) -> None:
    settings.BOARD_PAGE_SIZE = 1
    new_lead(name="Ana Um")
    new_lead(name="Ana Dois")
    page = browse(bruno).get("/board/?q=ana&owner=none&nonsense=1").content.decode()
    assert 'data-refresh="/board/?q=ana&amp;owner=none"' in page
    assert "&amp;q=ana&amp;owner=none" in page  # load more
    answer = browse(bruno).get("/board/?q=ana&temperature=", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="board")
    assert answer["HX-Push-Url"] == "/board/?q=ana"
    before = "http://testserver/board/?q=an"
    answer = browse(bruno).get(
        "/board/?q=ana", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="board", HTTP_HX_CURRENT_URL=before
    )
    assert answer["HX-Replace-Url"] == "/board/?q=ana"  # typing on is no step of the history


def test_after_a_push_the_board_asks_which_cards_pass(bruno, ana, caio, browse, new_lead) -> None:
    mine, other = new_lead(owner=ana, name="Ana Um", credit_amount=300), new_lead(owner=ana, name="Rui")
    asked = f"/board/cards/?ids={mine.pk},{other.pk},999999&q=ana"
    answer = browse(bruno).get(asked).content.decode()
    assert f'id="lead-{mine.pk}"' in answer and "Ana Um" in answer
    assert f'<div id="lead-{other.pk}" data-gone>' in answer and '<div id="lead-999999" data-gone>' in answer
    assert 'id="total-filter-NEW"' in answer and 'data-n="1" data-amount="300"' in answer
    stranger = browse(caio).get(asked).content.decode()
    assert "Ana Um" not in stranger and f'<div id="lead-{mine.pk}" data-gone>' in stranger


@pytest.mark.parametrize("ids", ["", "abc", "1,,2", ",".join(map(str, range(1, 300))), str(10**25)])
def test_asking_for_nonsense_is_a_400(bruno, browse, ids: str) -> None:
    assert browse(bruno).get(f"/board/cards/?ids={ids}").status_code == 400
