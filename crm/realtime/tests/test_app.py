"""What makes the site an app: nothing it names is missing, and nothing of anybody is kept."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse


def own() -> dict:
    """What the service worker is given."""
    code = Client().get(reverse("service-worker")).content.decode()
    return json.loads(code.splitlines()[0].removeprefix("const OWN = ").removesuffix(";"))


def is_there(url: str) -> bool:
    return finders.find(url.removeprefix("/static/")) is not None


@pytest.mark.django_db
def test_the_manifest_names_icons_and_pages_that_exist(ana, browse) -> None:
    answer = Client().get(reverse("manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert all(is_there(icon["src"]) for icon in manifest["icons"])
    pages = [manifest["start_url"], *(shortcut["url"] for shortcut in manifest["shortcuts"])]
    assert [browse(ana).get(page).status_code for page in pages] == [200] * len(pages)


def test_the_worker_is_the_whole_sites_and_asked_for_anew() -> None:
    answer = Client().get(reverse("service-worker"))
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    assert answer["Content-Type"].startswith("text/javascript")
    assert all(is_there(url) for url in [*own()["shell"], own()["icon"], own()["badge"]])


@pytest.mark.django_db
def test_the_page_without_a_net_draws_itself_with_what_is_kept_and_is_nobodys(ana, browse) -> None:
    answer = browse(ana).get(reverse("offline"))
    page = answer.content.decode()
    assert "Ana" not in page and "csrf" not in page and not answer.cookies
    named = [url for url in page.split('"') if url.startswith("/static/")]
    assert named and set(named) <= set(own()["shell"])
