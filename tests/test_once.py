"""Requests that may be sent twice: done once, answered alike, and never mixed up."""

from datetime import timedelta

import pytest
import time_machine

from crm.api.idempotency import forget_old
from crm.api.keys import key_create
from crm.api.models import Repeatable
from crm.api.tests.asking import ask, at_once, refusal
from crm.core.clock import now
from crm.privacy.services import subject_erase
from leads.actors import SYSTEM
from leads.models import Lead

MARIA = {"name": "Maria Souza", "phone": "+5511998123340"}
WRITES = ["leads:read", "leads:write"]


@pytest.fixture
def key(ana) -> str:
    return key_create(user=ana, name="Website", scopes=WRITES)[1]


@pytest.fixture
def post(key):
    """Create a lead as Ana's program does."""
    return lambda body=MARIA, once="one", bearer=key: ask("POST", "leads", body, bearer=bearer, Idempotency_Key=once)


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_is_done_and_all_are_answered_alike(post):
    answers = at_once(post, 4)
    assert Lead.objects.count() == 1
    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert sorted("Idempotency-Replayed" in answer.headers for answer in answers) == [False, True, True, True]


def test_another_request_with_the_same_key_is_refused_and_does_nothing(post):
    assert post().status_code == 201
    assert refusal(post({**MARIA, "name": "Other"})) == (422, "idempotency_mismatch")
    assert Lead.objects.get().name == "Maria Souza"


def test_a_refused_request_leaves_nothing_and_may_be_mended_under_the_same_key(post):
    assert refusal(post({**MARIA, "phone": "none"})) == (400, "invalid")
    assert not Repeatable.objects.exists() and not Lead.objects.exists()
    assert post().status_code == 201


def test_what_fails_in_the_middle_leaves_neither_the_lead_nor_the_answer(post, monkeypatch):
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("in the middle")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="in the middle"):
        patch.setattr("crm.api.idempotency.JSONRenderer.render", fail)
        post()
    assert not Repeatable.objects.exists() and not Lead.objects.exists()


def test_keys_of_different_programs_do_not_meet(post, caio):
    other = key_create(user=caio, name="Other", scopes=WRITES)[1]
    assert post().status_code == 201
    theirs = post({**MARIA, "phone": "+5511998123341"}, bearer=other)
    assert theirs.status_code == 201 and "Idempotency-Replayed" not in theirs.headers
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("once", ["", "x" * 201, "with space", "\u00e9"])
def test_a_key_that_is_none_is_told_so(post, once):
    assert refusal(post(once=once)) == (400, "idempotency_key")


def test_the_kept_answer_is_erased_with_its_lead_and_forgotten_after_a_day(post):
    lead_id = post().json()["id"]
    kept = Repeatable.objects.get()
    assert kept.lead_id == lead_id and "Maria" in str(kept.body)
    subject_erase(lead_id=lead_id, actor=SYSTEM, reason="asked")
    kept.refresh_from_db()
    assert kept.body is None and kept.headers == {}
    assert forget_old() == 0
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        assert forget_old() == 1
