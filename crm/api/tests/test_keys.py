"""Keys: shown once, bounded by scopes and by their owner, ended."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD
from crm.accounts.events import AccessEnded
from crm.accounts.models import SecurityEvent, SecurityKind
from crm.api.keys import key_create, key_of, key_revoke
from crm.api.models import ApiKey
from crm.api.tests.asking import ask, refusal, sign_in
from crm.core.clock import now
from crm.core.errors import Conflict
from crm.core.facts import publish
from crm.core.work import unit

WISH = {"name": "Website", "scopes": ["leads:read"], "ends": "", "password": PASSWORD}


@pytest.fixture
def key(ana) -> str:
    """The text of a key of Ana's that may read leads."""
    return key_create(user=ana, name="Website", scopes=["leads:read"])[1]


@pytest.fixture
def page(ana, browse) -> Client:
    return browse(ana)


def secret_of(text: str) -> str:
    return text.split("_", 2)[2]


def test_a_key_signs_its_owner_in_either_way_and_remembers_when_and_from_where(ana, key):
    assert ask("GET", "me", bearer=key).json()["scopes"] == ["leads:read"]
    answer = ask("GET", "me", X_Api_Key=key)
    assert (answer.json()["id"], answer.json()["signed_in_by"]) == (ana.pk, "key")
    kept = ApiKey.objects.get()
    assert kept.last_used_at is not None and kept.last_used_from == "127.0.0.1"
    assert secret_of(key) not in str(vars(kept))


def test_a_key_does_what_its_scopes_say_and_sees_what_its_owner_sees(ana, caio, key, new_lead):
    mine, theirs = new_lead(owner=ana), new_lead(owner=caio)
    assert ask("GET", f"leads/{mine.pk}", bearer=key).status_code == 200
    assert ask("GET", f"leads/{theirs.pk}", bearer=key).status_code == 404
    answer = ask("PATCH", f"leads/{mine.pk}", {"name": "Other"}, bearer=key)
    assert refusal(answer) == (403, "scope") and "leads:write" in answer.json()["error"]["message"]
    assert refusal(ask("GET", "auth/sessions", bearer=key)) == (403, "scope")


def test_a_key_that_is_not_right_or_not_any_more_is_refused_alike(ana, key):
    prefix = key.removesuffix(f"_{secret_of(key)}")
    wrong = [f"{prefix}_{'x' * 43}", f"{prefix}_", "livia_0123456789ab_secret", "livia_", "livia_\u00e9_x", f"{key}x"]
    answers = {ask("GET", "me", X_Api_Key=text).content for text in wrong}
    assert len(answers) == 1 and refusal(ask("GET", "me", X_Api_Key=wrong[0])) == (401, "authentication_failed")
    assert key_of("livia_\0\0\0_x") is None
    key_revoke(key_id=ApiKey.objects.get().pk)
    assert ask("GET", "me", bearer=key).status_code == 401


def test_a_key_ends_with_its_day_and_with_its_person_but_not_with_a_password(ana, key):
    dated = key_create(user=ana, name="Dated", scopes=["leads:read"], expires_at=now() + timedelta(days=1))[1]
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert [ask("GET", "me", bearer=text).status_code for text in (dated, key)] == [401, 200]
    with unit():
        publish(AccessEnded(user_id=ana.pk, why="password"))
    assert ask("GET", "me", bearer=key).status_code == 200
    with unit():
        publish(AccessEnded(user_id=ana.pk, why="deactivated"))
    assert ask("GET", "me", bearer=key).status_code == 401
    assert SecurityEvent.objects.filter(kind=SecurityKind.KEY_REVOKED, user=ana).count() == 2


def test_nobody_has_more_good_keys_than_they_can_oversee(ana, key, monkeypatch):
    monkeypatch.setattr("crm.api.keys._MOST", 1)
    with pytest.raises(Conflict):
        key_create(user=ana, name="One more", scopes=["leads:read"])
    key_revoke(key_id=ApiKey.objects.get().pk)
    assert key_create(user=ana, name="One more", scopes=["leads:read"])


def test_the_page_shows_a_new_key_once_and_writes_down_that_it_was_made(page, ana):
    answer = page.post(reverse("keys:list"), WISH)
    text = answer.context["text"]
    assert answer.status_code == 201 and text in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert ask("GET", "me", bearer=text).json()["id"] == ana.pk
    later = page.get(reverse("keys:list")).content.decode()
    assert secret_of(text) not in later and ApiKey.objects.get().prefix in later
    event = SecurityEvent.objects.get(kind=SecurityKind.KEY_CREATED)
    assert event.user == ana and event.address == "127.0.0.1" and secret_of(text) not in str(event.data)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"password": "wrong"}, "password"), ({"name": " "}, "name"), ({"scopes": []}, "scopes"),
     ({"scopes": ["leads:read", "admin"]}, "scopes"), ({"ends": "2001-01-01"}, "ends"),
     ({"ends": "9999-12-31"}, "ends"), ({"name": "x\0"}, "name"), ({"scopes": ["sessions:write"]}, "scopes")],
)  # fmt: skip
def test_the_page_makes_no_key_of_what_is_not_right(page, changes, field):
    answer = page.post(reverse("keys:list"), {**WISH, **changes}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not ApiKey.objects.exists()


def test_one_revokes_ones_own_keys_and_programs_alone(page, ana, caio, browse, key):
    program = sign_in(ana)
    listed = page.get(reverse("keys:list")).context
    addresses = [
        reverse("keys:revoke", args=[listed["keys"][0].pk]),
        reverse("keys:end", args=[listed["programs"][0].pk]),
    ]
    assert [browse(caio).post(address).status_code for address in addresses] == [404, 404]
    assert [ask("GET", "me", bearer=text).status_code for text in (key, program["access"])] == [200, 200]
    assert [page.post(address).status_code for address in addresses] == [302, 302]
    assert [ask("GET", "me", bearer=text).status_code for text in (key, program["access"])] == [401, 401]


def test_a_manager_sees_all_keys_in_the_admin_and_revokes_them(ana, bruno, browse, key):
    sign_in(ana)
    manager, row = browse(bruno), ApiKey.objects.get()
    lists = [reverse("admin:api_apikey_changelist"), reverse("admin:api_tokenfamily_changelist")]
    for address in lists:
        page = manager.get(address).content.decode()
        assert "Ana Clara" in page and row.digest not in page
        rows = {"action": "revoke", "_selected_action": [*ApiKey.objects.values_list("pk", flat=True)]}
        if "family" in address:
            rows["_selected_action"] = [str(pk) for pk in ana.token_families.values_list("pk", flat=True)]
        assert manager.post(address, rows).status_code == 302
    assert ask("GET", "me", bearer=key).status_code == 401
    assert not ana.token_families.filter(revoked_at=None).exists()
    assert set(SecurityEvent.objects.filter(by=bruno).values_list("kind", flat=True)) >= {"key_revoked", "signed_out"}
