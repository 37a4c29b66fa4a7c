"""An alert is one row from its beginning to its end; managers hear of both once, and look after it on its page."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from crm.accounts.models import Role, User
from crm.alerts.models import Alert, Level
from crm.alerts.selectors import open_alerts
from crm.alerts.services import alert_clear, alert_raise
from crm.alerts.tasks import tell_late
from crm.core.clock import now
from crm.realtime.models import Notification

pytestmark = pytest.mark.django_db


def disk(level: Level = Level.WARNING, title: str = "Disk of %(name)s", **data: str) -> Alert:
    values = {"name": "db1", **data}
    return alert_raise(code="disk", key="db1", level=level, title=title, body="90 %% of it", data=values, url="/queue/")


def told() -> list[str]:
    return [bell.title for bell in Notification.objects.order_by("pk")]


def test_what_is_noticed_again_is_one_alert_and_told_once(bruno, caio):
    for _minute in range(3):
        disk()
    alert = Alert.objects.get()
    assert (alert.times, alert.title, alert.body) == (3, "Disk of db1", "90 % of it")
    assert told() == ["Disk of db1"] and Notification.objects.get().user == bruno


def test_what_gets_worse_or_is_something_else_now_is_told_again(bruno):
    disk()
    disk(Level.CRITICAL)
    disk(Level.CRITICAL)
    disk(Level.WARNING)
    disk(Level.WARNING, title="No disk at %(name)s")
    assert told() == ["Disk of db1", "Disk of db1", "No disk at db1"]
    assert Alert.objects.count() == 1


def test_its_end_is_told_and_a_later_beginning_is_a_new_alert(bruno):
    disk()
    assert alert_clear(code="disk", key="db1", title="Room again at %(name)s")
    assert not alert_clear(code="disk", key="db1")
    Alert.objects.update(told_at=now() - timedelta(minutes=16))
    disk()
    assert told() == ["Disk of db1", "Room again at db1", "Disk of db1"]
    assert Alert.objects.count() == 2 and open_alerts().count() == 1


def test_what_comes_and_goes_is_told_again_only_if_it_stays(bruno):
    disk()
    alert_clear(code="disk", key="db1")
    disk()
    alert_clear(code="disk", key="db1")
    disk()
    assert [bell.body_id for bell in Notification.objects.order_by("pk")] == ["90 %% of it", "This is over."]
    tell_late()
    assert len(told()) == 2
    Alert.objects.exclude(told_at=None).update(told_at=now() - timedelta(minutes=16))
    tell_late()
    tell_late()
    assert told() == ["Disk of db1"] * 3


def test_the_gravest_stand_first(bruno):
    alert_raise(code="a", level=Level.INFO, title="A", data={})
    alert_raise(code="b", level=Level.CRITICAL, title="B", data={})
    alert_raise(code="c", level=Level.WARNING, title="C", data={})
    alert_raise(code="d", level=Level.CRITICAL, title="D", data={})
    assert [alert.code for alert in open_alerts()] == ["d", "b", "c", "a"]


@pytest.mark.django_db(transaction=True)
def test_many_who_notice_at_once_raise_one_alert(bruno):
    start = threading.Barrier(8)

    def notice() -> None:
        start.wait()
        disk()
        connection.close()

    threads = [threading.Thread(target=notice) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Alert.objects.get().times == 8 and len(told()) == 1


def test_a_manager_takes_it_on_notes_what_is_known_and_closes_it(bruno, ana, browse):
    alert, page = disk(), browse(bruno)
    assert "Disk of db1" in page.get(reverse("alerts:list")).content.decode()
    page.post(reverse("alerts:take", args=[alert.pk]))
    page.post(reverse("alerts:note", args=[alert.pk]), {"note": "new <disk> ordered"})
    answer = page.post(reverse("alerts:close", args=[alert.pk]), headers={"HX-Request": "true"})
    alert.refresh_from_db()
    assert (alert.taken_by, alert.cleared_by, alert.is_open) == (bruno, bruno, False)
    assert "Disk of db1" not in answer.content.decode()
    history = page.get(reverse("alerts:list"), {"state": "closed", "level": "warning"}).content.decode()
    assert "new &lt;disk&gt; ordered" in history
    assert page.post(reverse("alerts:take", args=[alert.pk])).status_code == 409
    assert page.post(reverse("alerts:take", args=[alert.pk + 1])).status_code == 404
    assert disk().pk != alert.pk  # noticed again, it is open again


def test_two_managers_do_not_take_on_the_same(bruno, browse):
    other = User.objects.create_user("dora@example.com", "a-long-test-password", name="Dora", role=Role.MANAGER)
    alert = disk()
    assert browse(bruno).post(reverse("alerts:take", args=[alert.pk])).status_code == 302
    assert browse(other).post(reverse("alerts:take", args=[alert.pk])).status_code == 409
    browse(other).post(reverse("alerts:release", args=[alert.pk]))
    assert browse(other).post(reverse("alerts:take", args=[alert.pk])).status_code == 302
