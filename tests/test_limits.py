"""Who asks too often waits, whatever they call themselves; and every answer of the API says what is left."""

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.test import Client, RequestFactory

from conftest import PASSWORD
from crm.api.keys import key_create
from crm.api.scopes import Scope
from crm.core.addresses import address_of, network_of

FIELDS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy")
NOBODY = {"username": "nobody@example.com", "password": "wrong"}


def told(answer) -> dict[str, str]:
    return {name: answer.headers[name] for name in FIELDS}


def test_every_answer_of_the_api_says_how_much_is_left(ana, browse, settings):
    settings.THROTTLE_USER, settings.THROTTLE_ANONYMOUS = "7/min", "9/15min"
    client = browse(ana)
    answers = [client.get("/api/v1/me"), client.get("/api/v1/leads/0"), client.patch("/api/v1/me")]
    assert [answer.status_code for answer in answers] == [200, 404, 405]
    assert [told(answer)["RateLimit-Remaining"] for answer in answers] == ["6", "5", "4"]
    assert {told(answer)["RateLimit-Policy"] for answer in answers} == {"7;w=60"}
    assert all(0 < int(told(answer)["RateLimit-Reset"]) <= 60 for answer in answers)
    stranger = Client().get("/api/v1/me")
    assert (stranger.status_code, told(stranger)["RateLimit-Policy"]) == (401, "9;w=900")
    created = client.post("/api/leads", {}, "application/json")
    assert "RateLimit-Limit" in created.headers


def test_too_many_requests_are_told_when_to_come_back(ana, browse, settings):
    settings.THROTTLE_USER = "1/min"
    client = browse(ana)
    client.get("/api/v1/me")
    answer = client.get("/api/v1/me")
    assert answer.status_code == 429 and answer.json()["error"]["code"] == "throttled"
    assert told(answer)["RateLimit-Remaining"] == "0"
    assert int(answer.headers["Retry-After"]) >= int(told(answer)["RateLimit-Reset"]) > 0


def test_a_persons_keys_and_pages_share_one_window(ana, browse, settings):
    settings.THROTTLE_USER = "2/min"
    _key, text = key_create(user=ana, name="Site", scopes=[Scope.LEADS_READ], expires_at=None)
    by_key = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
    statuses = [browse(ana).get("/api/v1/me").status_code for _ in range(2)]
    assert [*statuses, Client().get("/api/v1/me", **by_key).status_code] == [200, 200, 429]


def test_guessing_keys_counts_against_the_address(db, settings):
    settings.THROTTLE_ANONYMOUS = "3/min"
    guesses = [Client().get("/api/v1/me", HTTP_X_API_KEY=f"livia_{n}").status_code for n in range(4)]
    assert guesses == [401, 401, 401, 429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (2, "9.9.9.9", "9.9.9.9"),
        (1, "", "10.0.0.1"),
        (1, "' OR 1=1", None),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"), ("::ffff:9.9.9.9", "9.9.9.9"), ("9.9.9.9", "9.9.9.9")],
)
def test_a_network_of_ipv6_counts_as_one(address, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-Ip", "Forwarded", "Client-Ip", "True-Client-Ip"])
def test_no_header_evades_the_window_of_the_sign_in_page(db, settings, name):
    settings.THROTTLE_SIGN_IN = "3/min"
    spoofs = [{f"HTTP_{name.upper().replace('-', '_')}": f"9.9.9.{n}"} for n in range(4)]
    assert [Client().post("/login/", NOBODY, **spoof).status_code for spoof in spoofs] == [200, 200, 200, 429]


def test_no_header_and_no_spelling_evades_the_lock(ana, settings):
    settings.AXES_FAILURE_LIMIT = 3
    names = [ana.email, ana.email.upper(), f" {ana.email.title()} "]
    for n, name in enumerate(names):
        spoof = {"HTTP_X_FORWARDED_FOR": f"9.9.9.{n}", "HTTP_USER_AGENT": f"browser {n}"}
        Client().post("/login/", {"username": name, "password": "wrong"}, **spoof)
    answer = Client().post("/login/", {"username": ana.email, "password": PASSWORD})
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) == 900


def test_one_window_for_every_door_a_password_opens(db, settings):
    settings.THROTTLE_SIGN_IN = "3/min"
    client = Client()
    client.post("/login/", NOBODY)
    client.post("/api/v1/auth/token", {"email": "nobody@example.com", "password": "wrong"}, "application/json")
    client.post("/account/password/MQ/set-password/", {})
    doors = [client.post("/login/", NOBODY), client.post("/account/password/MQ/set-password/", {})]
    doors += [client.post("/api/v1/auth/token", {"email": "a@example.com", "password": "x"}, "application/json")]
    assert [answer.status_code for answer in doors] == [429] * 3
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in doors)


def test_no_page_of_another_site_closes_the_doors_to_its_visitors(db, settings):
    """Pictures and forms of any page reach these addresses from a visitor's network."""
    settings.THROTTLE_SIGN_IN = "2/min"
    client = Client(enforce_csrf_checks=True)
    assert [client.get("/admin/login/").status_code for _ in range(3)] == [302, 302, 429]
    for _ in range(3):
        assert client.post("/login/", NOBODY).status_code == 403
        assert client.post("/account/password/MQ/set-password/", {}).status_code == 403
        assert client.post("/api/v1/auth/token", "{}", "text/plain").status_code == 415
        assert client.post("/api/v1/auth/token", NOBODY).status_code == 415
        assert client.generic("POST", "/api/v1/auth/token", content_type="").status_code == 400
    assert Client().post("/login/", NOBODY).status_code == 200


def test_a_body_in_chunks_is_refused_where_its_length_cannot_be_known(client, db):
    answer = client.post("/api/leads", HTTP_TRANSFER_ENCODING="chunked", content_type="")
    assert answer.status_code == 411 and answer.json()["error"]["code"] == "length_required"


async def post_in_pieces(application: Any, headers: list, pieces: int) -> tuple[dict, dict]:
    scope = {"type": "http", "method": "POST", "path": "/api/leads", "raw_path": b"/api/leads", "query_string": b""}
    scope |= {"headers": [(b"host", b"localhost"), *headers], "http_version": "1.1", "scheme": "http"}
    browser = ApplicationCommunicator(application, {**scope, "client": ("127.0.0.1", 1), "server": ("localhost", 80)})
    for _ in range(pieces):
        await browser.send_input({"type": "http.request", "body": bytes(2**20), "more_body": True})
    return await browser.receive_output(timeout=10), await browser.receive_output(timeout=10)


@pytest.mark.parametrize(("headers", "pieces"), [([], 3), ([(b"content-length", b"90000000")], 30)])
def test_a_body_without_end_is_cut_off_under_asgi(db, settings, headers, pieces):
    from crm.asgi import application  # it asks the database while it loads

    settings.BODY_LIMIT_BYTES = 2 * 2**20
    start, body = async_to_sync(post_in_pieces)(application, headers, pieces)
    assert start["status"] == 413
    assert json.loads(body["body"])["error"]["code"] == "too_large"
