"""Headers, limits and what a production start refuses."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from crm.accounts.models import User
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
    assert headers["Referrer-Policy"] == "same-origin"


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


def test_signing_in_does_not_lead_to_another_site(client, ana):
    answer = client.post(
        "/login/?next=https://evil.example/", {"username": ana.email, "password": "a-long-test-password"}
    )
    assert answer.headers["Location"] == "/board/"


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings as a server would."""
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
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
    ],
)
def test_an_unsafe_or_broken_start_is_refused_with_a_sentence(environment, sentence):
    answer = start(**environment)
    assert answer.returncode != 0
    assert sentence in answer.stderr


def test_a_proper_production_start_is_accepted():
    assert start(SECRET_KEY=LONG).returncode == 0


def test_a_production_server_refuses_a_database_with_demo_logins(ana, settings):
    from crm.production import refuse_demo_logins

    settings.DEBUG = False
    refuse_demo_logins()
    User.objects.filter(pk=ana.pk).update(is_demo=True)
    with pytest.raises(SystemExit, match="demo logins"):
        refuse_demo_logins()
