"""The bell: a number and a toast on every open page of a person, in that page's language."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.core.work import unit
from crm.realtime.models import Notification
from crm.realtime.publish import notify
from tests.realtime.conftest import Served, cookie_of
from tests.realtime.follower import Follower

ENGLISH, PORTUGUESE = "New lead: Maria &lt;3", "Novo lead: Maria &lt;3"


def tell_of_maria(user: User) -> None:
    with unit():
        notify([user.pk], kind="lead", title="New lead: %(name)s", url="/leads/1/", data={"name": "Maria <3"})


@pytest.mark.parametrize(
    ("cookie", "header", "title"),
    [
        ("", "", PORTUGUESE),  # the setting
        ("", "en-GB,en;q=0.8", ENGLISH),
        ("", "de, en;q=0.5, pt;q=0.9", PORTUGUESE),
        ("", "xx, *", PORTUGUESE),
        ("", "en;q=0, ;;;q=,", PORTUGUESE),
        ("en", "pt-BR", ENGLISH),
        ("pt-br", "en", PORTUGUESE),
        ("klingon", "en", ENGLISH),
    ],
)
def test_bell_and_toast_come_in_the_language_of_the_page(
    server: Served, transactional_db: None, ana: User, cookie: str, header: str, title: str
) -> None:
    cookies = f"{cookie_of(ana)}; django_language={cookie}" if cookie else cookie_of(ana)
    with Follower(server.port, cookies, language=header) as page:
        page.join({f"user.{ana.pk}": 0})
        tell_of_maria(ana)
        bell, toast = page.hear(), page.hear()
    assert (bell["kind"], toast["kind"]) == ("bell", "toast")
    assert 'data-unread="1"' in bell["html"]
    assert ("não" in bell["html"]) == (title is PORTUGUESE)
    assert title in toast["html"]


def test_two_pages_of_one_person_hear_each_in_its_language(
    follow: Callable[..., Follower], transactional_db: None, ana: User, caio: User
) -> None:
    english, portuguese, stranger = follow(ana, language="en"), follow(ana, language="pt-BR"), follow(caio)
    for page, user in ((english, ana), (portuguese, ana), (stranger, caio)):
        page.join({f"user.{user.pk}": 0})
    tell_of_maria(ana)
    assert ENGLISH in [english.hear(), english.hear()][1]["html"]
    assert PORTUGUESE in [portuguese.hear(), portuguese.hear()][1]["html"]
    assert stranger.until_pong() == []


def test_reading_them_takes_the_number_from_every_open_page(
    follow: Callable[..., Follower], browse: Callable, transactional_db: None, ana: User
) -> None:
    tell_of_maria(ana)
    page = follow(ana)
    assert [frame["kind"] for frame in page.join({f"user.{ana.pk}": 0})] == ["bell", "toast"]
    browse(ana).post(reverse("notifications:read"))
    assert 'data-unread="0"' in page.hear()["html"]
    assert not Notification.objects.filter(read_at=None).exists()


@pytest.mark.django_db
def test_nobody_reads_or_marks_the_notifications_of_another(browse: Callable, ana: User, caio: User) -> None:
    tell_of_maria(ana)
    assert b"Maria" in browse(ana).get(reverse("notifications:list")).content
    assert b"Maria" not in browse(caio).post(reverse("notifications:read")).content
    assert Notification.objects.get().read_at is None
