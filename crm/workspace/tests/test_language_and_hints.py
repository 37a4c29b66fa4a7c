"""The language a person chose follows them; a hint that was read does not come back."""

import pytest
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_language_is_kept_for_the_next_sign_in(browse, ana) -> None:
    answer = browse(ana).post(reverse("workspace:language"), {"language": "en", "next": "/conversations/"})
    assert answer.headers["Location"] == "/conversations/"
    elsewhere = Client(headers={"accept-language": "pt-BR"})
    elsewhere.post(reverse("login"), {"username": ana.email, "password": PASSWORD})
    assert '<html lang="en"' in elsewhere.get(reverse("leads:board")).content.decode()


def test_a_visitor_chooses_for_this_browser(client) -> None:
    client.post(reverse("workspace:language"), {"language": "en", "next": "/login/"})
    assert '<html lang="en"' in client.get("/login/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_stays_on_this_site(browse, ana, target) -> None:
    answer = browse(ana).post(reverse("workspace:language"), {"language": "en", "next": target})
    assert answer.headers["Location"] == reverse("leads:board")


def test_an_unknown_language_is_refused(browse, ana) -> None:
    assert browse(ana).post(reverse("workspace:language"), {"language": "xx"}).status_code == 400


def test_a_hint_is_read_once_for_all_devices(browse, ana) -> None:
    client = browse(ana)
    assert client.post(reverse("workspace:hint"), {"hint": "board"}).status_code == 204
    assert client.post(reverse("workspace:hint"), {"hint": "board"}).status_code == 204
    ana.refresh_from_db()
    assert ana.hints_seen == ["board"]
    assert client.post(reverse("workspace:hint"), {"hint": "<script>"}).status_code == 400
