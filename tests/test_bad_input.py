"""What no page of ours sends: characters the database cannot hold, and bodies that are not what they say."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from leads.models import Interaction, InteractionKind, Lead

PAGES = ["/board/", "/leads/", "/tasks/", "/notifications/all/", "/queue/", "/conversations/"]


@pytest.fixture
def lead(new_lead: Callable[..., Lead], ana: User) -> Lead:
    return new_lead(owner=ana)


def test_the_reason_of_an_assignment_is_one_clean_line(lead: Lead, caio: User, bruno: User, browse: Callable) -> None:
    reason = "fala\x00 espanhol\u202e " + "x" * 50_000
    answer = browse(bruno).post(reverse("leads:assign", args=[lead.pk]), {"consultant": caio.pk, "reason": reason})
    assert answer.status_code == 302
    told = Interaction.objects.filter(lead=lead, kind=InteractionKind.ASSIGNED).latest("pk").data["reason"]
    assert told.startswith("fala espanhol xxx")
    assert len(told) == 300


def test_the_note_of_a_lost_lead_is_clean_by_itself_and_in_bulk(
    lead: Lead, new_lead: Callable[..., Lead], ana: User, browse: Callable
) -> None:
    other, browser = new_lead(owner=ana), browse(ana)
    lost = {"to": "LOST", "lost_reason": "other", "lost_note": "preferiu\x00 esperar\udc80 "}
    answer = browser.post(reverse("leads:move", args=[lead.pk]), {**_plain(lost), "version": lead.version})
    assert answer.status_code == 204
    answer = browser.post(reverse("leads:bulk"), {**_plain(lost), "act": "move", "ids": other.pk})
    assert answer.json()["done"] == [other.pk]
    notes = Lead.objects.filter(pk__in=[lead.pk, other.pk]).values_list("lost_note", flat=True)
    assert all(note.startswith("preferiu esperar") for note in notes)


def _plain(fields: dict[str, str]) -> dict[str, str]:
    """A form cannot carry a lone surrogate: its bytes arrive as the sign for what cannot be read."""
    return {name: value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for name, value in fields.items()}


@pytest.mark.parametrize(
    ("name", "status", "fields"),
    [
        ("notifications:device_remove", 200, {"endpoint": "https://push.example/\x00"}),
        ("events:here", 400, {"rooms": "a form with a file's encoding"}),
    ],
)
def test_what_cannot_be_is_refused_not_broken(
    name: str, status: int, fields: dict[str, Any], ana: User, browse: Callable[[User], Client]
) -> None:
    assert browse(ana).post(reverse(name), fields).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_a_part_of_a_page_is_never_taken_for_the_page(page: str, ana: User, browse: Callable[[User], Client]) -> None:
    """Chromium goes back to what it remembers of an address, unless the answer says what it depended on."""
    for headers in ({}, {"HX-Request": "true", "HX-Target": "list-body"}):
        assert {"HX-Request", "HX-Target"} <= set(browse(ana).get(page, headers=headers)["Vary"].split(", "))


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("address", ["/api/v1/me/", "/api/v1/nothing", "/api/v1/leads/abc", "/api/v1", "/api/"])
def test_an_address_the_api_does_not_have_is_refused_like_everything_there(
    client: Client, db: None, settings: Any, address: str, debug: bool
) -> None:
    """A slash too many is the slip of everybody's first hour, which is on a machine that still develops."""
    settings.DEBUG = debug
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert "slash" in answer.json()["error"]["message"]
