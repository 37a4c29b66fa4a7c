"""Managers connect a system that sends leads: make it, map it, look at what came, have it read again."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Access, SecurityEvent, SecurityKind, User
from crm.webhooks.arriving import Sent, arrival_take
from crm.webhooks.models import Arrival, ArrivalState, Source
from crm.webhooks.source_forms import example_of, rows_of
from crm.webhooks.sources import source_create, source_map
from leads.models import Lead

pytestmark = pytest.mark.django_db

BODY = {
    "answers": [{"field": "nome", "value": "Maria Souza"}, {"field": "telefone", "value": "11998123340"}],
    "v": 5000,
}
PATHS = ["answers[field=nome].value", "answers[field=telefone].value", "v"]


@pytest.fixture
def page(bruno: User, browse: Callable[[User], Client]) -> Client:
    return browse(bruno)


@pytest.fixture
def source(bruno: User) -> Source:
    return source_create(name="Typeform", user=bruno)[0]


def chosen(*fields: str, **others: Any) -> dict[str, Any]:
    return {"path": PATHS, "field": fields, "example": json.dumps(BODY), **others}


def test_a_key_is_shown_once_and_works(page: Client) -> None:
    answer = page.post(reverse("webhooks:source_new"), {"name": " Form  on the site "})
    source = Source.objects.get()
    key = re.search(r"hook_[\w-]{43}", answer.content.decode())[0]
    assert source.name == "Form on the site" and key not in source.digest
    assert "no-store" in answer["Cache-Control"]
    for name, args in (("in_list", []), ("source", [source.pk])):
        again = page.get(reverse(f"webhooks:{name}", args=args)).content.decode()
        assert "hook_" not in again and source.name in again
    address = reverse("hooks:leads", args=[source.prefix])
    sent = Client().post(address, {"tel": "1"}, content_type="application/json", headers={"x-api-key": key})
    assert sent.status_code == 422
    told = SecurityEvent.objects.get(kind=SecurityKind.WEBHOOK_CHANGED)
    assert told.data["change"] == "created" and key not in str(told.data)


def test_the_latest_arrival_is_laid_out_with_a_guess(page: Client, source: Source) -> None:
    arrival_take(source=source, sent=Sent(BODY))
    rows = page.get(reverse("webhooks:source", args=[source.pk])).context["rows"]
    assert {row.path: row.chosen for row in rows} == dict(zip(PATHS, ["name", "phone", ""], strict=True))


def test_a_preview_shows_the_lead_and_writes_nothing(page: Client, source: Source) -> None:
    answer = page.post(
        reverse("webhooks:source_preview", args=[source.pk]),
        chosen("name", "phone", "credit_amount|cents", constant_product="home_equity"),
    )
    text = answer.content.decode()
    assert "Maria Souza" in text and "+5511998123340" in text and "50,00" in text
    assert not Lead.objects.exists() and Source.objects.get().mapping == {}


def test_what_was_chosen_is_kept_and_shown_again(page: Client, source: Source) -> None:
    form = chosen("name", "phone", "credit_amount|cents", constant_product="home_equity", id_path=PATHS[0])
    assert page.post(reverse("webhooks:source_mapping", args=[source.pk]), form).status_code == 200
    source.refresh_from_db()
    assert source.id_path == PATHS[0]
    assert source.mapping == {
        "name": PATHS[0], "phone": PATHS[1], "credit_amount": "v|cents", "product": "=home_equity",
    }  # fmt: skip
    context = page.get(reverse("webhooks:source", args=[source.pk])).context
    assert {row.path: row.chosen for row in context["rows"]}["v"] == "credit_amount|cents"
    assert context["constants"] == {"product": "home_equity"}


def test_another_example_can_be_pasted_as_a_form_sends_it(page: Client, source: Source) -> None:
    form = {"show": "1", "example": "your-name=Maria+Souza&your-phone=11998123340"}
    rows = page.post(reverse("webhooks:source_mapping", args=[source.pk]), form).context["rows"]
    assert [(row.path, row.value, row.chosen) for row in rows] == [
        ("your-name", "Maria Souza", "name"),
        ("your-phone", "11998123340", "phone"),
    ]


@pytest.mark.parametrize(
    "form",
    [
        chosen("name", "name", ""),
        chosen("name", "phone"),
        chosen("name", "consultant_id", ""),
        chosen("name", "phone", "", example="{"),
        chosen("name", "phone", "", id_path="a..b"),
        chosen("name", "phone", "", id_path="=1"),  # every event would be the first
        {"path": [], "field": [], "show": "1", "example": "hello"},
    ],
)
def test_a_form_that_does_not_fit_is_refused(page: Client, source: Source, form: dict[str, Any]) -> None:
    answer = page.post(reverse("webhooks:source_mapping", args=[source.pk]), form, headers={"HX-Request": "true"})
    assert answer.status_code == 400 and answer.json()["error"]["message"]
    assert Source.objects.get().mapping == {}


def test_a_place_that_cannot_be_kept_is_cleaned_as_bodies_are(page: Client, source: Source) -> None:
    form = {"path": ["te\0l", "id"], "field": ["phone", ""], "id_path": "i\0d"}
    assert page.post(reverse("webhooks:source_mapping", args=[source.pk]), form).status_code == 200
    source.refresh_from_db()
    assert (source.mapping, source.id_path) == ({"phone": "tel"}, "id")


def test_what_came_before_it_was_mapped_is_read_again(
    page: Client, source: Source, bruno: User, django_capture_on_commit_callbacks: Callable
) -> None:
    arrival = arrival_take(source=source, sent=Sent(BODY))
    again = reverse("webhooks:arrival_again", args=[arrival.pk])
    assert page.post(again).status_code == 200
    assert Arrival.objects.get().state == ArrivalState.REFUSED
    source_map(source_id=source.pk, mapping={"phone": PATHS[1], "name": PATHS[0]}, id_path="", user=bruno)
    assert "Maria Souza" in page.post(again).content.decode()
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.TAKEN and Lead.objects.get().pk == arrival.lead_id
    assert page.post(again).status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        page.get(reverse("webhooks:source", args=[source.pk]))
    assert Access.objects.get(user=bruno).lead_id == arrival.lead_id


def test_a_list_of_arrivals_takes_as_many_queries_for_one_as_for_many(
    page: Client, source: Source, bruno: User, django_assert_max_num_queries: Callable
) -> None:
    source_map(source_id=source.pk, mapping={"phone": "tel"}, id_path="", user=bruno)
    for number in range(12):
        arrival_take(source=source, sent=Sent({"tel": f"119981233{number:02d}"}, raw=str(number).encode()))
    with django_assert_max_num_queries(12):
        assert page.get(reverse("webhooks:source_arrivals", args=[source.pk])).status_code == 200


def test_pausing_signing_and_deleting_are_written_down(page: Client, source: Source) -> None:
    for name, form in (("pause", {"on": "1"}), ("signing", {"on": "1"}), ("key", {}), ("delete", {})):
        assert page.post(reverse(f"webhooks:source_{name}", args=[source.pk]), form).status_code in (200, 302)
    changes = SecurityEvent.objects.filter(kind=SecurityKind.WEBHOOK_CHANGED).order_by("pk")
    assert [event.data["change"] for event in changes] == ["created", "paused", "signatures_on", "key", "deleted"]
    assert not Source.objects.exists()


def test_only_managers_see_it(ana: User, browse: Callable[[User], Client], source: Source) -> None:
    browser = browse(ana)
    for name in ("source", "source_arrivals"):
        assert browser.get(reverse(f"webhooks:{name}", args=[source.pk])).status_code == 404
    assert browser.get(reverse("webhooks:in_list")).status_code == 404


def test_places_that_are_mapped_but_not_in_an_example_stay_to_be_seen() -> None:
    assert [row.path for row in rows_of({"a": 1}, {"phone": "tel", "product": "=home_equity"})] == ["a", "tel"]
    assert example_of(' [{"a": 1}]') == [{"a": 1}]
