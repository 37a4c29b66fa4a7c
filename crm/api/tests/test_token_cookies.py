"""Tokens as cookies: out of every script's reach, and of no use to another site."""

import pytest
from django.test import Client

from crm.api.cookies import ACCESS, REFRESH
from crm.api.tests.asking import ask, refusal, sign_in


@pytest.fixture
def browser() -> Client:
    """As a browser: it keeps cookies, and the server checks where a request comes from."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def token(browser, ana) -> str:
    """The CSRF token of a browser in which a program has signed in as Ana."""
    return sign_in(ana, cookies=True, client=browser)["csrf_token"]


def test_the_cookies_are_for_the_server_alone_and_the_answer_holds_no_token(browser, ana, settings):
    settings.SESSION_COOKIE_SECURE = True
    body = sign_in(ana, cookies=True, client=browser)
    assert set(body) == {"csrf_token", "token_type", "expires_in", "refresh_expires_in"}
    kept = {name: browser.cookies[name] for name in (ACCESS, REFRESH)}
    assert [cookie["path"] for cookie in kept.values()] == ["/api/", "/api/v1/auth/"]
    assert [cookie["max-age"] for cookie in kept.values()] == [900, 604_800]
    assert all(cookie["httponly"] and cookie["secure"] for cookie in kept.values())
    assert {cookie["samesite"] for cookie in kept.values()} == {"Strict"}


def test_reading_needs_the_cookie_and_changing_needs_the_csrf_token_too(browser, token):
    assert ask("GET", "me", client=browser).json()["signed_in_by"] == "token"
    for path in ("auth/refresh", "auth/logout", "auth/logout-everywhere"):
        assert ask("POST", path, client=browser).status_code == 403, path
        forged = {"X_CSRFToken": token, "Origin": "https://elsewhere.example"}
        assert ask("POST", path, client=browser, **forged).status_code == 403, path
    assert ask("GET", "me", client=browser).status_code == 200


def test_cookies_are_exchanged_for_new_ones_and_go_when_one_signs_out(browser, token):
    before = browser.cookies[REFRESH].value
    answer = ask("POST", "auth/refresh", client=browser, X_CSRFToken=token)
    assert answer.status_code == 200 and "refresh" not in answer.json()
    assert browser.cookies[REFRESH].value != before
    token = answer.json()["csrf_token"]
    assert ask("POST", "auth/logout", client=browser, X_CSRFToken=token).status_code == 204
    assert [browser.cookies[name].value for name in (ACCESS, REFRESH)] == ["", ""]
    assert refusal(ask("GET", "me", client=browser)) == (401, "not_authenticated")


def test_the_refresh_cookie_signs_nobody_in_and_a_header_goes_before_a_cookie(browser, ana, token):
    refresh = browser.cookies[REFRESH].value
    browser.cookies[ACCESS] = refresh
    assert refusal(ask("GET", "me", client=browser)) == (401, "token_not_valid")
    assert ask("GET", "me", client=browser, bearer=sign_in(ana)["access"]).status_code == 200


def test_the_session_of_a_page_needs_its_csrf_token_too(browser, ana):
    browser.force_login(ana)
    assert ask("GET", "me", client=browser).json()["signed_in_by"] == "session"
    assert ask("POST", "auth/logout-everywhere", client=browser).status_code == 403


def test_no_other_site_can_sign_a_browser_in_with_a_form(browser, ana):
    form = {"email": ana.email, "password": "a-long-test-password"}
    assert browser.post("/api/v1/auth/token", form).status_code == 415
    plain = browser.post("/api/v1/auth/token", '{"email": "ana@example.com"}', content_type="text/plain")
    assert plain.status_code == 415 and not browser.cookies
