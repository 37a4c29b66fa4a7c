"""Requests nobody meant to send: of another site, to another site, and with headers that lie."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from crm.accounts.models import User
from tests.addresses import Places, address, undone
from tests.test_urls import TABLE

Browse = Callable[[User], Client]
PASSWORD = "a-long-test-password"  # noqa: S105  (of the cast)


def unsafe() -> Iterator[str]:
    """Every address with a page behind it. A script's own doors carry no cookie: API and webhooks."""
    return (name for name in TABLE if not name.startswith(("api", "hooks:")))


@pytest.mark.parametrize("attack", ["no token", "a token of somebody else's", "from another site"])
def test_no_page_acts_on_a_request_that_another_site_sent(attack: str, places: Places, bruno: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bruno)
    data, headers = {}, {}
    if attack == "a token of somebody else's":
        data["csrfmiddlewaretoken"] = get_token(RequestFactory().get("/"))
    if attack == "from another site":
        client.get(reverse("leads:board"))
        data["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
        headers["Origin"] = "https://evil.example"
    answers = {}
    for name in unsafe():
        with undone(client):
            answers[name] = client.post(address(name, places), data, headers=headers).status_code
    assert {name: status for name, status in answers.items() if status != 403} == {}


# ---- where one is led to
ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "javascript:alert(1)", "https:/\\evil.example", " https://evil.example", "%2F%2Fevil.example",
    "https://testserver@evil.example/", "/board/\r\nSet-Cookie: a=b", "ftp://testserver/", "\x00//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nothing_leads_to_another_site(place: str, client: Client, ana: User, browse: Browse) -> None:
    asked = urlencode({"next": ["/board/", place]}, doseq=True)  # the last one counts
    signing_in = client.post(f"{reverse('login')}?{asked}", {"username": ana.email, "password": PASSWORD})
    headers = {"Referer": "https://evil.example/", "HX-Current-URL": "https://evil.example/", "HX-Request": "true"}
    plain = {"Referer": "https://evil.example/"}
    answers = [
        signing_in,
        browse(ana).post(reverse("workspace:language"), {"language": "en", "next": place}),
        browse(ana).post(reverse("workspace:language"), {"language": "en", "next": place}, headers=headers),
        browse(ana).post(reverse("logout"), {"next": place}),
        browse(ana).post(reverse("accounts:availability"), {"available": "1", "next": place}, headers=plain),
    ]
    for answer in answers:
        where = answer.get("Location", "/").replace("\\", "/")  # as browsers read it
        assert urlsplit(urljoin("http://testserver/account/", where)).netloc == "testserver", where
        assert "a" not in answer.cookies


# ---- headers that say what a request is
def test_a_host_that_is_not_ours_is_refused(client: Client, db: None) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver:80@evil.example", "testserver, evil.example"):
        assert client.get(reverse("login"), headers={"Host": host}).status_code == 400


def test_the_address_of_a_new_password_names_our_host_whatever_a_header_says(
    ana: User, bruno: User, browse: Browse
) -> None:
    where = reverse("admin:accounts_user_password_link", args=[ana.pk])
    forged = {"X-Forwarded-Host": "evil.example", "X-Host": "evil.example", "Forwarded": "host=evil.example"}
    page = browse(bruno).get(where, headers=forged).content.decode()
    assert "http://testserver/account/password/" in page and "evil.example" not in page


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"])
def test_no_header_makes_another_request_of_one(header: str, places: Places, ana: User, browse: Browse) -> None:
    told = reverse("privacy:overview") if "URL" in header else "DELETE"
    answer = browse(ana).get(reverse("leads:board"), headers={header: told})
    assert answer.status_code == 200 and answer.resolver_match.view_name == "leads:board"
