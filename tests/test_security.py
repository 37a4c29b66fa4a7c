"""Headers, limits and what a production start refuses."""

import json
import os
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, identify_hasher, make_password
from django.test import Client
from django.urls import URLResolver, get_resolver

from conftest import PASSWORD
from crm.accounts.models import User
from crm.production import TAKEN_PATHS
from stack import places


def test_every_page_carries_a_strict_content_security_policy(ana, browse):
    policy = browse(ana).get("/board/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["object-src"] == directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


def test_the_admin_runs_no_inline_script_either(bruno, browse):
    policy = browse(bruno).get("/admin/").headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "'unsafe-inline'" not in scripts


def test_pages_hold_no_inline_script_and_no_style_attributes(ana, browse, new_lead):
    lead = new_lead(owner=ana)
    for address in ("/board/", f"/leads/{lead.pk}/", "/conversations/", "/contato/", "/simulator/"):
        page = browse(ana).get(address).content.decode()
        assert " style=" not in page and " onclick=" not in page
        for script in page.split("<script")[1:]:
            opening = script.split(">", 1)[0]
            assert "src=" in opening or 'type="application/json"' in opening


def test_the_usual_headers_are_there(client, db):
    headers = client.get("/login/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=(self)" in headers["Permissions-Policy"] and "camera=()" in headers["Permissions-Policy"]


SHOP = "https://shop.example.com"


@pytest.fixture
def preflight(settings):
    settings.CORS_ALLOWED_ORIGINS = [SHOP]

    def ask(origin: str, path: str = "/api/v1/leads") -> dict[str, str]:
        asked = {"HTTP_ORIGIN": origin, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PATCH"}
        return dict(Client().options(path, **asked).headers)

    return ask


def test_a_listed_origin_may_call_the_api_with_credentials(preflight, db):
    headers = preflight(SHOP)
    assert headers["access-control-allow-origin"] == SHOP
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["access-control-allow-methods"] == "GET, POST, PUT, PATCH, DELETE, OPTIONS"
    assert {"idempotency-key", "if-match", "x-api-key"} <= set(headers["access-control-allow-headers"].split(", "))
    answer = Client().get("/api/v1/me", HTTP_ORIGIN=SHOP)
    assert "ratelimit-remaining" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "null", "https://shop.example.com.evil.example", "https://evilshop.example.com",
        "http://shop.example.com", "https://shop.example.com:8443", "https://shop.example.com@evil.example", "file://",
    ],
)  # fmt: skip
def test_no_other_origin_may(preflight, db, origin):
    assert not [name for name in preflight(origin) if name.startswith("access-control")]


def test_pages_are_for_no_other_origin_at_all(preflight, db):
    assert not [name for name in preflight(SHOP, "/board/") if name.startswith("access-control")]


def test_a_page_without_its_csrf_token_is_refused(ana):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post("/account/availability/", {"available": "1"}).status_code == 403


def test_guessing_a_password_locks_for_a_while(client, ana, settings):
    settings.AXES_FAILURE_LIMIT = 3
    wrong = {"username": ana.email, "password": "wrong"}
    assert [client.post("/login/", wrong).status_code for _ in range(3)] == [200, 200, 429]
    assert client.post("/login/", {"username": ana.email, "password": "a-long-test-password"}).status_code == 429


def test_a_demo_login_is_refused_where_demo_logins_are_off(client, ana, settings):
    User.objects.filter(pk=ana.pk).update(is_demo=True)
    settings.DEMO_ENABLED = False
    answer = client.post("/login/", {"username": ana.email, "password": "a-long-test-password"})
    assert answer.status_code == 200


def test_a_deactivated_person_is_out_at_the_next_click(ana, browse):
    client = browse(ana)
    assert client.get("/board/").status_code == 200
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.get("/board/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
     "javascript:alert(1)", "http:///evil.example", "/\t/evil.example", "https://testserver@evil.example"],
)  # fmt: skip
def test_signing_in_does_not_lead_to_another_site(client, ana, address):
    fields = {"username": ana.email, "password": PASSWORD, "next": address}
    answer = client.post("/login/", fields)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/board/")
    admin = Client().get("/admin/login/", {"next": address})
    assert admin.headers["Location"].startswith("/login/?next=")


def test_signing_in_gives_the_session_a_new_key_and_keeps_nothing_planted(client, ana):
    session = client.session
    session["signing_in"] = {"user": ana.pk, "hash": "", "until": 9e12, "leads_to": "/"}
    session.save()
    assert client.post("/login/code/", {"code": "000000"}).headers["Location"] == "/login/"
    key = client.session.session_key
    client.post("/login/", {"username": ana.email, "password": PASSWORD})
    assert client.session.session_key != key
    assert Client(headers={"cookie": f"sessionid={key}"}).get("/board/").status_code == 302


class Counting(MD5PasswordHasher):
    calls = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.calls += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("email", ["ana@example.com", "nobody@example.com", "gone@example.com"])
def test_an_unknown_address_costs_the_same_hash_as_a_known_one(ana, client, settings, email):
    settings.PASSWORD_HASHERS = ["tests.test_security.Counting"]
    gone = User.objects.create_user("gone@example.com", PASSWORD, name="Gone", is_active=False)
    for user in (ana, gone):
        user.set_password(PASSWORD)
        user.save()
    Counting.calls = 0
    answer = client.post("/login/", {"username": email, "password": "wrong"})
    assert Counting.calls == 1 and answer.status_code == 200


HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
]


@pytest.mark.parametrize("kind", ["bcrypt", "bcrypt_sha256"])
def test_a_password_kept_by_bcrypt_is_accepted_and_kept_by_argon2id_from_then_on(ana, client, settings, kind):
    settings.PASSWORD_HASHERS = HASHERS
    User.objects.filter(pk=ana.pk).update(password=make_password(PASSWORD, hasher=kind))
    client.post("/login/", {"username": ana.email, "password": PASSWORD})
    ana.refresh_from_db()
    assert client.get("/board/").status_code == 200
    assert identify_hasher(ana.password).algorithm == "argon2"
    kinds, memory = ana.password.split("$")[1], ana.password.split("$")[3]
    assert kinds == "argon2id" and int(memory.split(",")[0].removeprefix("m=")) >= 19 * 1024


def start(code: str = "import django; django.setup()", **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings as a server would."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "crm.settings", "DATABASE_URL": "postgresql:///x"}
        | environment,
        cwd=places.ROOT,
        capture_output=True,
        text=True,
    )


LONG = "k" * 50


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "too short for production"),
        ({"SECRET_KEY": LONG, "SIMULATOR_ENABLED": "1"}, "SIMULATOR_ENABLED=1 is for development"),
        ({"SECRET_KEY": LONG, "DEMO_ENABLED": "1"}, "DEMO_ENABLED=1"),
        ({"SECRET_KEY": LONG, "DB_POOL_MAX": "many"}, "DB_POOL_MAX must be a valid int"),
        ({"SECRET_KEY": LONG, "BOARD_PAGE_SIZE": "0"}, "BOARD_PAGE_SIZE must be 1 or more"),
        ({"SECRET_KEY": LONG, "DATABASE_URL": ""}, "DATABASE_URL"),
        ({"SECRET_KEY": LONG, "BACKUP_S3_BUCKET": "backups"}, "BACKUP_KEY is not"),
        ({"SECRET_KEY": LONG, "BACKUP_KEY": "secret"}, "keys of 32 bytes"),
        ({"SECRET_KEY": LONG, "BACKUP_KEY": "é" * 44}, "keys of 32 bytes"),
        ({"SECRET_KEY": LONG, "BACKUP_HOUR": "24"}, "BACKUP_HOUR must be 0 to 23"),
        ({"SECRET_KEY": LONG, "THROTTLE_SIGN_IN": "often"}, "THROTTLE_SIGN_IN: A rate must look like"),
        ({"SECRET_KEY": LONG, "ADMIN_PATH": "login"}, "ADMIN_PATH must be a name of its own"),
        ({"SECRET_KEY": LONG, "CORS_ALLOWED_ORIGINS": "null"}, "CORS_ALLOWED_ORIGINS must list whole origins"),
    ],
)
def test_an_unsafe_or_broken_start_is_refused_with_a_sentence(environment, sentence):
    answer = start(**environment)
    assert answer.returncode != 0
    assert sentence in answer.stderr


CHECKED = """
import django, json; django.setup()
from django.conf import settings as s
from django.core.management import call_command
from django.urls import Resolver404, resolve, reverse
call_command("check", deploy=True, fail_level="WARNING")
try:
    old = resolve("/admin/").func is not None
except Resolver404:
    old = False
names = ["SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
  "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_SAMESITE", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT",
  "MANAGERS_NEED_SECOND_FACTOR", "LEADS_API_PUBLIC", "WEBHOOK_ALLOW_PRIVATE", "BODY_LIMIT_BYTES", "THROTTLE_USER",
  "THROTTLE_ANONYMOUS", "CORS_ALLOWED_ORIGINS"]
print(json.dumps({name: getattr(s, name) for name in names} | {"admin": reverse("admin:index"), "old": old}))
"""


def test_a_proper_production_start_passes_djangos_own_check_and_is_closed_by_default():
    key = "".join(chr(33 + (n * 37) % 90) for n in range(60))
    answer = start(CHECKED, SECRET_KEY=key, ALLOWED_HOSTS="crm.example.com", ADMIN_PATH="counter-7f")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout.splitlines()[-1]) == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "MANAGERS_NEED_SECOND_FACTOR": True,
        "LEADS_API_PUBLIC": False,
        "WEBHOOK_ALLOW_PRIVATE": False,
        "BODY_LIMIT_BYTES": 10 * 1024 * 1024,
        "THROTTLE_USER": "200/min",
        "THROTTLE_ANONYMOUS": "100/15min",
        "CORS_ALLOWED_ORIGINS": [],
        "admin": "/counter-7f/",
        "old": False,
    }


def test_the_admin_cannot_take_the_place_of_a_page():
    def firsts(patterns: list, before: str = "") -> set[str]:
        found = set()
        for pattern in patterns:
            path = before + str(pattern.pattern)
            found |= firsts(pattern.url_patterns, path) if isinstance(pattern, URLResolver) else {path.split("/")[0]}
        return found

    pages = {first for first in firsts(get_resolver().url_patterns) if "." not in first}
    assert pages - {"", "admin"} <= TAKEN_PATHS


def test_a_production_server_refuses_a_database_with_demo_logins(ana, settings):
    from crm.production import refuse_demo_logins

    settings.DEBUG = False
    refuse_demo_logins()
    User.objects.filter(pk=ana.pk).update(is_demo=True)
    with pytest.raises(SystemExit, match="demo logins"):
        refuse_demo_logins()
