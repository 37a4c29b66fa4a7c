"""Tokens: given, exchanged, spent, ended; and every way of having none that is good."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from conftest import PASSWORD
from crm.accounts.events import AccessEnded
from crm.accounts.models import Role, SecurityEvent, SecurityKind, User
from crm.api.families import families_forget, family_start
from crm.api.keys import key_create
from crm.api.models import TokenFamily
from crm.api.tests.asking import ask, at_once, refusal, sign_in
from crm.api.tokens import AUDIENCE, ISSUER, check_settings, signing_key
from crm.core.clock import now
from crm.core.facts import publish
from crm.core.work import unit

NOT_VALID = (401, "token_not_valid")
NO_SIGN_IN = [
    {}, [], {"email": "ana@example.com"}, {"email": "x" * 300, "password": "y"}, {"email": "a@b.co", "password": []},
    {"email": "a\0@b.co", "password": "\ud800"}, {"email": "a@b.co", "password": "x", "is_admin": True},
    {"email": "a@b.co", "password": "x" * 5000},
]  # fmt: skip


def refresh(text: str):
    return ask("POST", "auth/refresh", {"refresh": text})


def me(access: str):
    return ask("GET", "me", bearer=access)


def test_a_program_signs_in_and_asks_as_its_person(ana):
    tokens = sign_in(ana)
    assert (tokens["token_type"], tokens["expires_in"], tokens["refresh_expires_in"]) == ("Bearer", 900, 604_800)
    answer = me(tokens["access"])
    assert answer.json()["id"] == ana.pk and answer.json()["signed_in_by"] == "token"
    said = jwt.decode(tokens["access"], options={"verify_signature": False})
    assert set(said) == {
        "token_type",
        "exp",
        "iat",
        "jti",
        "sub",
        "fam",
        "mark",
        "aud",
        "iss",
    }  # and nothing of the person
    ana.refresh_from_db()
    assert ana.last_login is not None


def test_what_is_wrong_is_told_in_one_sentence_whatever_it_was(ana):
    gone = User.objects.create_user("gone@example.com", PASSWORD, name="Gone", is_active=False)
    told = {
        ask("POST", "auth/token", {"email": email, "password": word}).content
        for email, word in [(ana.email, "wrong"), ("nobody@example.com", PASSWORD), (gone.email, PASSWORD)]
    }
    assert len(told) == 1
    answer = ask("POST", "auth/token", {"email": ana.email, "password": "wrong"})
    assert refusal(answer) == (401, "wrong_credentials") and answer["WWW-Authenticate"] == "Bearer"
    assert answer["Cache-Control"] == "no-store"


def test_failures_lock_the_api_and_the_page_together_however_the_address_is_written(ana, client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    client.post("/login/", {"username": ana.email, "password": "wrong"})
    wrong = [{"email": email, "password": "wrong"} for email in (ana.email, ana.email.upper())]
    assert [ask("POST", "auth/token", body).status_code for body in wrong] == [401, 429]
    answer = ask("POST", "auth/token", {"email": ana.email, "password": PASSWORD})
    assert refusal(answer) == (429, "locked") and int(answer["Retry-After"]) == 900
    assert client.post("/login/", {"username": ana.email, "password": PASSWORD}).status_code == 429


def test_success_forgives_the_failures_before_it(ana, settings):
    settings.AXES_FAILURE_LIMIT = 3
    for word in ("wrong", "wrong", PASSWORD, "wrong", "wrong"):
        answer = ask("POST", "auth/token", {"email": ana.email, "password": word})
        assert answer.status_code == (200 if word == PASSWORD else 401)


def test_a_refresh_token_is_good_once_and_each_gives_a_week_again(ana):
    first = sign_in(ana)
    with time_machine.travel(now() + timedelta(days=6), tick=False):
        second = refresh(first["refresh"]).json()
        assert me(first["access"]).json()["error"]["code"] == "token_expired"
        assert me(second["access"]).status_code == 200
    with time_machine.travel(now() + timedelta(days=12), tick=False):
        third = refresh(second["refresh"])
        assert third.status_code == 200
    with time_machine.travel(now() + timedelta(days=20), tick=False):
        assert refusal(refresh(third.json()["refresh"])) == (401, "token_expired")


def test_a_spent_refresh_token_that_comes_back_ends_its_sign_in_and_is_told(ana, bruno):
    mine, other = sign_in(ana), sign_in(ana)
    second = refresh(mine["refresh"]).json()
    with time_machine.travel(now() + timedelta(seconds=6), tick=False):
        assert refusal(refresh(mine["refresh"])) == NOT_VALID
        assert refusal(me(second["access"])) == refusal(refresh(second["refresh"])) == NOT_VALID
        assert me(other["access"]).status_code == 200
    assert TokenFamily.objects.exclude(revoked_at=None).get().revoked_why == "reuse"
    event = SecurityEvent.objects.get(kind=SecurityKind.TOKEN_REUSED)
    assert event.user == ana and event.address == "127.0.0.1"
    assert ana.notifications.filter(kind="token_reused").count() == 1


def test_an_older_one_is_not_excused_even_at_once(ana):
    first = sign_in(ana)
    second = refresh(first["refresh"]).json()
    third = refresh(second["refresh"]).json()
    assert refusal(refresh(second["refresh"])) == (409, "already_refreshed")
    assert me(third["access"]).status_code == 200
    assert refusal(refresh(first["refresh"])) == NOT_VALID
    assert refusal(me(third["access"])) == NOT_VALID


@pytest.mark.django_db(transaction=True)
def test_of_several_who_spend_one_token_at_once_exactly_one_gets_tokens_and_the_sign_in_lives(ana):
    tokens = sign_in(ana)
    answers = at_once(lambda: refresh(tokens["refresh"]), 4)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    new = next(answer.json() for answer in answers if answer.status_code == 200)
    assert me(new["access"]).status_code == 200
    assert refresh(new["refresh"]).status_code == 200


def test_signing_out_ends_one_sign_in_by_whatever_token_it_has(ana):
    by_refresh, by_access, other = sign_in(ana), sign_in(ana), sign_in(ana)
    assert ask("POST", "auth/logout", {"refresh": by_refresh["refresh"]}).status_code == 204
    assert ask("POST", "auth/logout", bearer=by_access["access"]).status_code == 204
    assert ask("POST", "auth/logout", {"refresh": by_refresh["refresh"]}).status_code == 204  # twice is once
    assert [me(tokens["access"]).status_code for tokens in (by_refresh, by_access, other)] == [401, 401, 200]
    assert refusal(ask("POST", "auth/logout")) == (401, "not_authenticated")
    assert SecurityEvent.objects.filter(kind=SecurityKind.SIGNED_OUT).count() == 2


def test_signing_out_everywhere_ends_tokens_and_pages_but_no_key_can(ana, caio, browse):
    mine, theirs, page = sign_in(ana), sign_in(caio), browse(ana)
    _key, text = key_create(user=ana, name="a key", scopes=["leads:read"])
    assert refusal(ask("POST", "auth/logout-everywhere", bearer=text)) == (403, "scope")
    assert page.get("/board/").status_code == 200
    assert ask("POST", "auth/logout-everywhere", bearer=mine["access"]).status_code == 204
    assert refusal(me(mine["access"])) == NOT_VALID and me(theirs["access"]).status_code == 200
    assert me(text).status_code == 200
    assert page.get("/board/").status_code == 302


def test_a_person_sees_and_ends_their_own_sign_ins(ana, caio, browse):
    old, here, theirs = sign_in(ana), sign_in(ana), sign_in(caio)
    rows = ask("GET", "auth/sessions", bearer=here["access"]).json()["results"]
    assert [row["current"] for row in rows] == [True, False] and rows[0]["address"] == "127.0.0.1"
    assert ask("DELETE", f"auth/sessions/{rows[1]['id']}", bearer=here["access"]).status_code == 204
    assert refusal(me(old["access"])) == NOT_VALID
    their_id = ask("GET", "auth/sessions", bearer=theirs["access"]).json()["results"][0]["id"]
    assert ask("DELETE", f"auth/sessions/{their_id}", bearer=here["access"]).status_code == 404
    assert me(theirs["access"]).status_code == 200
    page = browse(ana)
    assert [row["current"] for row in ask("GET", "auth/sessions", client=page).json()["results"]] == [False]


def test_a_program_that_signs_in_again_and_again_ends_its_own_oldest_sign_in(ana, monkeypatch):
    monkeypatch.setattr("crm.api.families._MOST", 2)
    given = [sign_in(ana) for _ in range(3)]
    assert [me(tokens["access"]).status_code for tokens in given] == [401, 200, 200]


@pytest.mark.parametrize("why", ["password", "role", "everywhere", "factor"])
def test_what_ends_access_ends_tokens_in_the_same_transaction(ana, why):
    tokens = sign_in(ana)
    with pytest.raises(RuntimeError), unit():
        publish(AccessEnded(user_id=ana.pk, why=why))
        raise RuntimeError
    assert me(tokens["access"]).status_code == 200
    with unit():
        publish(AccessEnded(user_id=ana.pk, why=why))
    assert refusal(me(tokens["access"])) == refusal(refresh(tokens["refresh"])) == NOT_VALID


def test_a_password_changed_behind_everybodys_back_ends_tokens_as_it_ends_sessions(ana):
    """As `manage.py changepassword` does it; and whoever is just signing in with the old one comes too late."""
    tokens = sign_in(ana)
    late = family_start(user=ana, request=RequestFactory().get("/"))
    changed = User.objects.get(pk=ana.pk)
    changed.set_password("another long password")
    changed.save()
    for access, again in ((tokens["access"], tokens["refresh"]), (late.access, late.refresh)):
        assert refusal(me(access)) == refusal(refresh(again)) == NOT_VALID


def test_who_is_deactivated_or_demoted_is_so_at_the_next_request(bruno):
    tokens = sign_in(bruno)
    assert me(tokens["access"]).json()["is_manager"] is True
    User.objects.filter(pk=bruno.pk).update(role=Role.CONSULTANT)
    assert me(tokens["access"]).json()["is_manager"] is False
    User.objects.filter(pk=bruno.pk).update(is_active=False)
    assert refusal(me(tokens["access"])) == refusal(refresh(tokens["refresh"])) == NOT_VALID


def test_a_demo_login_gets_no_token_where_demo_logins_are_off(ana, settings):
    User.objects.filter(pk=ana.pk).update(is_demo=True)
    tokens = sign_in(ana)
    settings.DEMO_ENABLED = False
    assert ask("POST", "auth/token", {"email": ana.email, "password": PASSWORD}).status_code == 401
    assert refusal(me(tokens["access"])) == NOT_VALID


def forged(claims: dict, key: str, algorithm: str) -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def unsigned(claims: dict) -> str:
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def test_every_forged_token_is_refused(ana, caio):
    tokens = sign_in(ana)
    good = jwt.decode(tokens["access"], options={"verify_signature": False})
    key, moment = signing_key(), int(now().timestamp())
    assert me(forged(good, key, "HS256")).status_code == 200  # so that what follows is refused for its own fault
    header, payload, signature = tokens["access"].split(".")
    other_payload = base64.urlsafe_b64encode(json.dumps({**good, "sub": str(caio.pk)}).encode()).decode().rstrip("=")
    bad = {
        "unsigned": unsigned(good),
        "no signature": f"{header}.{payload}.",
        "another's payload": f"{header}.{other_payload}.{signature}",
        "another key": forged(good, "x" * 64, "HS256"),
        "the secret itself": forged(good, django_settings.SECRET_KEY, "HS256"),
        "another algorithm": forged(good, key, "HS512"),
        "another's sign-in": forged({**good, "sub": str(caio.pk)}, key, "HS256"),
        "an unknown sign-in": forged({**good, "fam": str(uuid4())}, key, "HS256"),
        "another audience": forged({**good, "aud": "elsewhere"}, key, "HS256"),
        "no audience": forged({k: v for k, v in good.items() if k != "aud"}, key, "HS256"),
        "another issuer": forged({**good, "iss": "elsewhere"}, key, "HS256"),
        "no end": forged({k: v for k, v in good.items() if k != "exp"}, key, "HS256"),
        "not yet": forged({**good, "nbf": moment + 3600}, key, "HS256"),
        "a refresh token": tokens["refresh"],
        "no number": forged({**good, "sub": "ana"}, key, "HS256"),
        "no sign-in": forged({**good, "fam": ["x"]}, key, "HS256"),
        "no token": "a.b.c",
        "nothing": " ",
        "no letters of ours": "\u00e9.\u00e9.\u00e9",
        "a header without end": base64.urlsafe_b64encode(b"[" * 1300).decode().rstrip("=") + ".e30.x",
        "far too long": "e" * 7000,
    }
    assert {name: refusal(me(text)) for name, text in bad.items()} == dict.fromkeys(bad, NOT_VALID)
    assert refusal(me(forged({**good, "exp": moment - 60}, key, "HS256"))) == (401, "token_expired")
    assert refusal(refresh(tokens["access"])) == NOT_VALID


def test_a_public_key_is_not_taken_for_a_secret(ana):
    """The header may ask for RS256: ours is one algorithm, and its key is nobody's public one."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    good = jwt.decode(sign_in(ana)["access"], options={"verify_signature": False})
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refusal(me(jwt.encode(good, own, algorithm="RS256"))) == NOT_VALID


def test_another_signing_key_ends_all_tokens_and_a_short_one_stops_the_start(ana, settings):
    tokens = sign_in(ana)
    settings.JWT_SIGNING_KEY = "another key of thirty-two letters"
    assert refusal(me(tokens["access"])) == NOT_VALID
    settings.JWT_SIGNING_KEY = "short"
    with pytest.raises(ImproperlyConfigured, match="JWT_SIGNING_KEY"):
        check_settings()
    assert (ISSUER, AUDIENCE) == ("livia-crm", "livia-api")


def test_sign_ins_are_forgotten_a_month_after_their_end(ana):
    sign_in(ana)
    with time_machine.travel(now() + timedelta(days=36), tick=False):
        assert families_forget() == 0
    with time_machine.travel(now() + timedelta(days=38), tick=False):
        assert families_forget() == 1


def test_a_body_that_is_none_is_told_so(db):
    for body in NO_SIGN_IN:
        assert refusal(ask("POST", "auth/token", body))[0] == 400, body
