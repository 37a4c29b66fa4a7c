"""Every page of the admin: for whom it opens, and that it costs the same with more rows."""

from collections.abc import Iterator
from operator import gt

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.rows import fill

FEW, MANY = 5, 50
# Of these there is one row, or one for each of a few codes.
SINGLE = {"agent.businessprofile", "leads.rotationsettings", "leads.stageexpectation", "privacy.retentionrule"}


def models() -> Iterator[type[Model]]:
    yield from admin.site._registry


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def pages(model: type[Model]) -> Iterator[str]:
    yield page(model, "changelist")
    yield page(model, "add")
    if (pk := model._default_manager.values_list("pk", flat=True).first()) is not None:
        yield from (page(model, name, pk) for name in ("change", "history", "delete"))


@pytest.fixture
def rows(db) -> None:
    for model in models():
        if model._meta.label_lower not in SINGLE and not model._meta.proxy:
            fill(model, FEW)


def test_every_page_is_for_managers_alone(rows, ana, bruno, browse) -> None:
    """What a manager may not do, such as deleting a record, is refused; nothing breaks."""
    stranger, consultant, manager = Client(), browse(ana), browse(bruno)
    for model in models():
        for address in pages(model):
            assert stranger.get(address).status_code == 302, address
            assert consultant.get(address).status_code == 302, address
            assert manager.get(address).status_code in (200, 403), address
        assert manager.get(page(model, "changelist")).status_code == 200, model


def test_a_manager_sees_every_other_list_in_the_sidebar_once(bruno, browse) -> None:
    page_context = browse(bruno).get(reverse("admin:index")).context
    links = [item["link"] for group in page_context["sidebar_navigation"] for item in group["items"]]
    assert len(links) == len(set(links))
    assert {page(model, "changelist") for model in models()} <= set(links)


@pytest.mark.thorough
def test_every_list_and_page_costs_the_same_with_fifty_rows_as_with_five(rows, bruno, browse) -> None:
    client = browse(bruno)
    several = [model for model in models() if model._meta.label_lower not in SINGLE]
    for model in several:
        _costs(client, model)  # content types and the like are remembered
    few = {model: _costs(client, model) for model in several}
    for model in several:
        if not model._meta.proxy:
            fill(model, MANY)
    many = {model: _costs(client, model) for model in several}
    dearer = {model: (few[model], many[model]) for model in several if any(map(gt, many[model], few[model]))}
    assert dearer == {}


def _costs(client: Client, model: type[Model]) -> list[int]:
    """Queries of the list and of one row's page."""
    pk = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
    addresses = [page(model, "changelist"), *([page(model, "change", pk)] if pk is not None else [])]
    return [_cost(client, address) for address in addresses]


def _cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


@pytest.mark.parametrize("key", ["9999-12-31", "\0", "abc"])
@pytest.mark.parametrize(
    ("model", "field"),
    [("conversations_cannedreply", "owner"), ("conversations_inbox", "owner"), ("leads_consultant", "user")],
)
def test_a_forged_key_in_a_form_is_refused(bruno, browse, model, field, key):
    answer = browse(bruno).post(reverse(f"admin:{model}_add"), {field: key})
    assert answer.status_code in (200, 400)
