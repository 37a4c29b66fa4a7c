"""On Monday each manager gets last week's figures by e-mail, once, whatever happens on the way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from crm import env
from crm.accounts.models import Role, User
from crm.alerts.models import Level
from crm.alerts.selectors import open_alerts
from crm.alerts.services import alert_raise
from crm.analytics.services import figures_rebuild
from crm.core.tests.smtp import MailServer
from crm.production import refuse_mail_from_nobody
from crm.realtime.preferences import preferences_save
from crm.realtime.topics import CHOICES, WEEKLY_EMAIL
from crm.summary.models import SummarySent, SummaryState
from crm.summary.services import PAUSES, summaries_plan, summary_claim
from crm.summary.tasks import run
from crm.summary.weeks import week_due
from leads.models import Lead, Source
from leads.services import lead_create

pytestmark = pytest.mark.django_db(transaction=True)

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=SAO_PAULO)
WEEK = datetime(2026, 11, 16).date()


@pytest.fixture
def post(settings):
    """A mail server, and settings that lead to it."""
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "Lívia CRM <crm@example.com>"
    settings.SITE_URL = "https://crm.example.com"
    yield server
    server.stop()


@pytest.fixture
def monday(monkeypatch, bruno, ana):
    """It is Monday; last week two leads came, the week before one; one alert is open. Moves with `monday(hours)`."""
    for name, days in (("<b>Maria</b>", 5), ("Rosa", 4), ("Lia", 12)):
        lead, _new = lead_create(values={"name": name}, source=Source.FORM)
        Lead.objects.filter(pk=lead.pk).update(created_at=MONDAY - timedelta(days=days))
    alert_raise(code="disk", level=Level.WARNING, title="Disk of %(name)s", data={"name": "<db1>"})
    moment = {"now": MONDAY}
    for module in ("sending", "services", "views"):
        monkeypatch.setattr(f"crm.summary.{module}.now", lambda: moment["now"])

    def later(**span: float) -> None:
        moment["now"] += timedelta(**span)

    monkeypatch.setattr("crm.summary.sending.figures_cover", lambda _period: True)
    figures_rebuild()
    return later


def test_each_manager_gets_it_once_in_their_language_with_the_week_before(post, monday, bruno, caio):
    User.objects.create_user("dora@example.com", "a-long-test-password", name="Dora", role=Role.ADMIN, language="en")
    for _round in range(3):
        run()
    assert sorted(mail["To"] for mail in post.mails) == ["bruno@example.com", "dora@example.com"]
    mail = next(mail for mail in post.mails if mail["To"] == "dora@example.com")
    assert mail["From"] == "Lívia CRM <crm@example.com>"
    assert mail["Subject"] == "Week 16/11 – 22/11/2026: 2 new leads, 0 won"
    assert mail["Message-ID"].startswith("<weekly.20261116.") and mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(["plain"]).get_content()
    assert "New leads: 2 (1)" in text and "- Form: 2 (1), 0 won" in text and "Disk of <db1>" in text
    assert "https://crm.example.com/analytics/?from=2026-11-16&to=2026-11-22" in text
    html = mail.get_body(["html"]).get_content()
    assert "Disk of &lt;db1&gt;" in html and "<b>Maria" not in html + text
    assert set(SummarySent.objects.values_list("state", "week")) == {(SummaryState.SENT, WEEK)}


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (MONDAY - timedelta(seconds=1), None),
        (MONDAY, WEEK),
        (MONDAY + timedelta(hours=47), WEEK),
        (MONDAY + timedelta(hours=49), None),
        (MONDAY + timedelta(days=6), None),
    ],
)
def test_it_is_due_from_monday_morning_for_two_days(moment, week):
    assert week_due(moment) == week


def test_nobody_gets_it_who_switched_it_off_or_has_no_mailbox(post, monday, bruno):
    wanted = CHOICES - {WEEKLY_EMAIL}
    preferences_save(user_id=bruno.pk, wanted=wanted, quiet_from=None, quiet_until=None, quiet_weekends=False)
    User.objects.create_user("demo@demo.livia", "a-long-test-password", name="D", role=Role.MANAGER, is_demo=True)
    run()
    assert not post.mails and not SummarySent.objects.exists()


def test_who_switches_it_off_between_two_tries_gets_none(post, monday, bruno):
    post.answers = ["451 later"]
    run()
    wanted = CHOICES - {WEEKLY_EMAIL}
    preferences_save(user_id=bruno.pk, wanted=wanted, quiet_from=None, quiet_until=None, quiet_weekends=False)
    monday(minutes=2)
    run()
    assert not post.mails and SummarySent.objects.get().state == SummaryState.DROPPED


def test_what_the_server_did_not_take_is_tried_again_later_and_later(post, monday, bruno):
    post.answers = ["451 try later"] * len(PAUSES)
    for pause in PAUSES:
        run()
        run()
        assert not post.mails and "451 try later" in SummarySent.objects.get().error
        monday(minutes=pause)
    run()
    run()
    assert len(post.mails) == 1 and SummarySent.objects.get().attempts == len(PAUSES) + 1


def test_what_never_arrives_is_given_up_and_managers_are_told(post, monday, bruno):
    post.refusals["bruno@example.com"] = "550 no such user"
    run()
    monday(days=1)
    run()
    assert SummarySent.objects.get().state == SummaryState.FAILED
    alert = open_alerts().get(code="weekly_mail")
    assert "550 no such user" in alert.body


def test_that_one_never_arrives_is_not_over_because_another_did(post, monday, bruno):
    post.refusals["bruno@example.com"] = "550 no such user"
    User.objects.create_user("dora@example.com", "a-long-test-password", name="Dora", role=Role.MANAGER)
    run()
    assert [mail["To"] for mail in post.mails] == ["dora@example.com"]
    assert open_alerts().filter(code="weekly_mail").exists()
    post.refusals.clear()
    monday(days=7)
    run()
    assert len(post.mails) == 3 and not open_alerts().filter(code="weekly_mail").exists()


def test_a_server_that_is_away_is_no_error(post, monday, bruno, settings):
    post.stop()
    run()
    assert SummarySent.objects.get().state == SummaryState.WAITING
    post.start()
    settings.EMAIL_PORT = post.port
    monday(minutes=2)
    run()
    assert len(post.mails) == 1


def test_a_claim_left_by_a_worker_that_died_is_taken_again(post, monday, bruno):
    summaries_plan(week=WEEK)
    row = SummarySent.objects.get()
    assert summary_claim(summary_id=row.pk)
    monday(minutes=9)
    run()
    assert not post.mails
    monday(minutes=2)
    run()
    run()
    assert len(post.mails) == 1 and SummarySent.objects.get().state == SummaryState.SENT


def test_workers_that_die_again_and_again_do_not_send_for_ever(post, monday, bruno):
    summaries_plan(week=WEEK)
    for _worker in range(len(PAUSES) + 1):
        assert summary_claim(summary_id=SummarySent.objects.get().pk)
        monday(minutes=11)
    run()
    assert not post.mails and SummarySent.objects.get().state == SummaryState.FAILED
    assert open_alerts().filter(code="weekly_mail").exists()


def test_without_a_mail_server_nothing_is_sent_and_the_page_says_so(monday, bruno, browse, settings):
    settings.EMAIL_HOST = ""
    run()
    assert not SummarySent.objects.exists()
    assert "EMAIL_URL" in browse(bruno).get(reverse("weekly:preview")).content.decode()
    assert browse(bruno).post(reverse("weekly:send")).status_code == 409


def test_a_manager_sends_it_to_themselves_and_sees_what_the_server_says(post, monday, bruno, browse):
    page = browse(bruno)
    assert page.post(reverse("weekly:send")).status_code == 200
    assert [mail["To"] for mail in post.mails] == ["bruno@example.com"] and not SummarySent.objects.exists()
    post.answers = ["554 blocked"]
    answer = page.post(reverse("weekly:send"), headers={"Accept": "application/json"})
    assert answer.status_code == 409 and "554 blocked" in answer.json()["error"]["message"]
    frame = page.get(reverse("weekly:mail"))
    assert frame["X-Frame-Options"] == "SAMEORIGIN" and "sandbox" in frame["Content-Security-Policy"]


def test_a_mail_server_is_read_from_one_address(monkeypatch):
    monkeypatch.setenv("A_MAIL_URL", "smtp+tls://u%40x:p%3Aw@mail.example.com")
    found = env.mail("A_MAIL_URL")
    assert (found["HOST"], found["PORT"], found["HOST_USER"], found["HOST_PASSWORD"], found["USE_TLS"]) == (
        "mail.example.com", 587, "u@x", "p:w", True,
    )  # fmt: skip
    for wrong in ("mail.example.com", "http://mail.example.com", "smtp://", "smtp://x:notaport"):
        monkeypatch.setenv("A_MAIL_URL", wrong)
        with pytest.raises(ImproperlyConfigured, match="A_MAIL_URL"):
            env.mail("A_MAIL_URL")
    with pytest.raises(ImproperlyConfigured, match="DEFAULT_FROM_EMAIL"):
        refuse_mail_from_nobody(host="mail.example.com", sender="")
