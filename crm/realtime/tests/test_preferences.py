"""Each person decides what calls them, how, and when it is quiet."""

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.core.errors import Invalid
from crm.core.work import unit
from crm.realtime.models import Event, Notification, NotificationSettings
from crm.realtime.preferences import is_quiet, preferences_of, preferences_save, ways_open
from crm.realtime.publish import notify
from crm.realtime.topics import CHOICES, Topic, Way

pytestmark = pytest.mark.django_db

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=SAO_PAULO)


def save(user: User, *, wanted: set[str] = CHOICES, start: time | None = None, end: time | None = None) -> None:
    preferences_save(user_id=user.pk, wanted=wanted, quiet_from=start, quiet_until=end, quiet_weekends=False)


def toasts(user: User) -> list[str]:
    events = Event.objects.filter(room=f"user.{user.pk}", kind="toast").order_by("seq")
    return [event.html["en"] for event in events]


def tell(user: User, kind: str = "message") -> None:
    with unit():
        notify([user.pk], kind=kind, title="Maria wrote", url="/conversations/1/")


def test_until_ana_chooses_everything_reaches_her_but_what_is_nobodys_hurry(ana: User) -> None:
    preferences = preferences_of(ana.pk)
    assert ways_open(preferences, Topic.MESSAGES, MONDAY_NOON) == set(Way)
    assert ways_open(preferences, Topic.SYSTEM, MONDAY_NOON) == {Way.TOAST}


def test_what_is_muted_still_rings_the_bell(ana: User) -> None:
    save(ana, wanted=CHOICES - {f"messages.{way}" for way in Way.values})
    tell(ana)
    assert Notification.objects.filter(user=ana, read_at=None).count() == 1
    assert toasts(ana) == []
    tell(ana, kind="lead_assigned")
    assert len(toasts(ana)) == 1


def test_the_page_is_told_which_ways_are_open(ana: User) -> None:
    save(ana, wanted=CHOICES - {"messages.sound"})
    tell(ana)
    assert 'data-ways="toast"' in toasts(ana)[0]  # and no device: Ana has none


@pytest.mark.parametrize(
    ("start", "end", "clock", "quiet"),
    [
        (time(19), time(8), time(23, 30), True),
        (time(19), time(8), time(7, 59), True),
        (time(19), time(8), time(8), False),
        (time(19), time(8), time(12), False),
        (time(12), time(13, 30), time(12), True),
        (time(12), time(13, 30), time(13, 30), False),
    ],
)
def test_quiet_hours_may_run_past_midnight(start: time, end: time, clock: time, quiet: bool) -> None:
    preferences = NotificationSettings(quiet_from=start, quiet_until=end)
    moment = datetime.combine(MONDAY_NOON.date(), clock, tzinfo=SAO_PAULO).astimezone(ZoneInfo("UTC"))
    assert is_quiet(preferences, moment) is quiet


def test_a_weekend_may_be_quiet_altogether() -> None:
    preferences = NotificationSettings(quiet_weekends=True)
    assert is_quiet(preferences, MONDAY_NOON.replace(day=22))
    assert not is_quiet(preferences, MONDAY_NOON)


def test_in_quiet_hours_it_waits_in_the_bell(ana: User) -> None:
    save(ana, start=time(0), end=time(23, 59, 59))
    tell(ana)
    assert Notification.objects.filter(user=ana).count() == 1
    assert toasts(ana) == []


def test_half_a_quiet_time_is_refused(ana: User) -> None:
    with pytest.raises(Invalid) as refused:
        save(ana, start=time(19))
    assert "quiet_until" in refused.value.fields
    with pytest.raises(Invalid):
        save(ana, start=time(19), end=time(19))


def form(client: Client, **fields: object) -> Client:
    return client.post(reverse("notifications:settings"), fields, headers={"HX-Request": "true"})


def test_the_page_keeps_what_was_chosen_and_says_so(ana: User, browse: Callable) -> None:
    answer = form(browse(ana), way=["messages.toast"], quiet_from="19:00", quiet_until="08:00", quiet_weekends="1")
    assert answer.status_code == 200 and "toast" in answer["HX-Trigger"]
    saved = NotificationSettings.objects.get(user=ana)
    assert set(saved.muted) == CHOICES - {"messages.toast"}
    assert (saved.quiet_from, saved.quiet_until, saved.quiet_weekends) == (time(19), time(8), True)
    page = browse(ana).get(reverse("notifications:settings")).content.decode()
    assert 'value="19:00"' in page and page.count(" checked") == 2


def test_a_time_that_is_none_stays_in_the_form_beside_its_error(ana: User, browse: Callable) -> None:
    for wrong in ("25:00", "soon"):
        answer = form(browse(ana), way=["tasks.push"], quiet_from=wrong, quiet_until="08:00")
        assert answer.status_code == 422
        assert 'value="tasks.push" checked' in answer.content.decode()
    assert not NotificationSettings.objects.filter(user=ana).exists()


def test_choices_nobody_offers_are_ignored(ana: User, browse: Callable) -> None:
    assert form(browse(ana), way=["messages.toast", "messages.smoke", "x" * 500]).status_code == 200
    assert set(NotificationSettings.objects.get(user=ana).muted) == CHOICES - {"messages.toast"}
