"""What a manager reads when a connection ended: every way has its own words."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from crm.core.clock import now
from whatsapp.models import Session
from whatsapp.states import TROUBLE, State
from whatsapp.words import _REASONS, _SPECIAL, reason_text, remedy, sentence

ENDINGS = [
    (State.LOGGED_OUT, "device removed"),
    (State.LOGGED_OUT, "asked"),
    (State.LOGGED_OUT, "store corrupt"),
    (State.LOGGED_OUT, "auth failure"),
    (State.TEMP_BANNED, "temporary ban"),
    (State.OUTDATED, "client outdated"),
    (State.CONFLICT, "stream replaced"),
    (State.FAILED, "connect failure (409)"),
    (State.FAILED, "auth failure"),
    (State.FAILED, "unknown receipt"),
    (State.FAILED, "disk full"),
    (State.FAILED, "too many devices"),
    (State.FAILED, "no network (TimeoutError)"),
    (State.FAILED, "process ended (1)"),
    (State.STOPPED, "pairing timed out"),
    (State.STOPPED, "cleaned up"),
    (State.STOPPED, "asked"),
    (State.STOPPED, "server stopping"),
]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_every_ending_says_something_of_its_own():
    told = [sentence(state, until="noon", reason=reason) for state, reason in ENDINGS]
    same = {text for text in told if told.count(text) > 1}
    assert same == {sentence(State.FAILED, reason="connect failure (409)")}  # refused is refused: the remedies differ
    assert all(remedy(state, reason=reason) for state, reason in ENDINGS)


def test_nothing_reads_like_a_log():
    for state, reason in ENDINGS:
        text = f"{sentence(state, until='noon', reason=reason)} {remedy(state, reason=reason)}"
        assert text[0].isupper()
        assert text.endswith(".")
        assert not re.search(r"[_{}%]|None", text)


def test_details_of_a_reason_stay_behind_its_words():
    assert reason_text("connect failure (409)") == "WhatsApp refused the connection (409)"
    assert reason_text("something new") == "something new"
    assert reason_text("") == ""


def test_every_special_sentence_has_a_reason_with_words():
    assert {reason for _state, reason in _SPECIAL} <= set(_REASONS)


def test_every_reason_our_code_records_has_words():
    """What the gateways and the runner write down."""
    source = "\n".join(path.read_text() for path in Path(settings.BASE_DIR, "whatsapp").rglob("*.py"))
    recorded = re.findall(r"(?:LoggedOut|Banned|Replaced|Outdated|ConnectFailed|Disconnected)\(f?\"([a-z ]+)", source)
    recorded += re.findall(r"reason=\"([a-z ]+)\"", source)
    assert {reason.strip() for reason in recorded} - set(_REASONS) <= {"process ended"}


@pytest.mark.parametrize("state", sorted(TROUBLE))
def test_the_card_of_every_ending_shows_its_sentence_and_remedy(client, db, bruno, session, state):
    client.force_login(bruno)
    until = now() + timedelta(hours=1)
    Session.objects.filter(pk=session.pk).update(state=state, state_until=until, wanted=True)
    answer = client.get(reverse("whatsapp:sessions"), headers={"Accept-Language": "en"})
    (card,) = answer.context["cards"]
    page = answer.content.decode()
    assert (card.sentence in page, card.remedy in page) == (True, True)
    offered = [label for label, _url, _look in card.actions]
    assert ("Connect" in offered) == (state != State.TEMP_BANNED)
