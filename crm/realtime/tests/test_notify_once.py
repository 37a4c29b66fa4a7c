"""The same matter is told once to each person, and what was read is read everywhere."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.core.work import unit
from crm.realtime.models import Event, Notification
from crm.realtime.publish import notify
from crm.realtime.tests.test_numbering import at_once


def tell(
    *users: User, once: str = "", url: str = "/leads/7/", title: str = "Call Maria", kind: str = "task_due"
) -> None:
    with unit():
        notify([user.pk for user in users], kind=kind, title=title, url=url, once=once)


def pushed(user: User) -> list[tuple[str, str]]:
    return list(Event.objects.filter(room=f"user.{user.pk}").order_by("seq").values_list("kind", "object_id"))


@pytest.mark.django_db
def test_the_same_matter_is_told_once_to_each(ana: User, caio: User) -> None:
    tell(ana, once="task.7")
    tell(ana, caio, once="task.7")
    assert Notification.objects.filter(user=ana).count() == 1
    assert Notification.objects.filter(user=caio).count() == 1
    assert [kind for kind, _id in pushed(ana)] == ["bell", "toast"]  # and nothing the second time


@pytest.mark.django_db
def test_what_has_no_matter_is_told_every_time(ana: User) -> None:
    tell(ana)
    tell(ana)
    assert Notification.objects.filter(user=ana).count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_tell_the_same_matter_once(ana: User, caio: User) -> None:
    at_once(*[lambda: tell(ana, caio, once="task.7")] * 4, *[lambda: tell(caio, ana, once="task.7")] * 4)
    assert Notification.objects.filter(once="task.7").count() == 2
    assert [kind for kind, _id in pushed(ana)].count("toast") == 1


@pytest.mark.django_db
def test_reading_one_takes_it_off_every_page_and_leaves_the_others(ana: User, browse: Callable) -> None:
    tell(ana, title="First")
    tell(ana, title="Second")
    first = Notification.objects.get(title_id="First")
    browse(ana).post(reverse("notifications:read_one", args=[first.pk]))
    assert list(Notification.objects.filter(read_at=None).values_list("title_id", flat=True)) == ["Second"]
    assert pushed(ana)[-2:] == [("gone", f"toast-{first.pk}"), ("bell", "bell")]


@pytest.mark.django_db
def test_nobody_reads_one_of_another_persons(ana: User, bruno: User, browse: Callable) -> None:
    tell(ana)
    note = Notification.objects.get()
    assert browse(bruno).post(reverse("notifications:read_one", args=[note.pk])).status_code == 404
    browse(bruno).post(reverse("notifications:visit"), {"path": "/leads/7/"})
    note.refresh_from_db()
    assert note.read_at is None


@pytest.mark.django_db
def test_looking_at_the_page_reads_what_led_there_and_nothing_else(ana: User, browse: Callable) -> None:
    tell(ana, title="Here", url="/leads/7/")
    tell(ana, title="A place on it", url="/leads/7/#note-3")
    tell(ana, title="Elsewhere", url="/leads/70/")
    browse(ana).post(reverse("notifications:visit"), {"path": "/leads/7/"})
    assert list(Notification.objects.filter(read_at=None).values_list("title_id", flat=True)) == ["Elsewhere"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "leads/7/", "https://evil.example/", "/" + "x" * 300])
def test_a_page_that_is_none_of_ours_is_refused(path: str, ana: User, browse: Callable) -> None:
    assert browse(ana).post(reverse("notifications:visit"), {"path": path}).status_code == 400
