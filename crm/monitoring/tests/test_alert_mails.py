"""Grave alerts, and those nobody looks after, reach people by e-mail too."""

from datetime import timedelta

import pytest

from crm.accounts.models import Role, User
from crm.alerts.models import Alert, Level
from crm.alerts.services import alert_clear, alert_raise, alert_take
from crm.core.clock import now
from crm.core.tests.smtp import MailServer
from crm.monitoring.mail_services import PAUSES
from crm.monitoring.mailing import mails_run
from crm.monitoring.models import AlertMail, MailReason, MailState
from crm.realtime.preferences import preferences_save
from crm.realtime.topics import ALERT_EMAIL, CHOICES

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings):
    server = MailServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL, settings.SITE_URL = "Lívia CRM <crm@example.com>", "https://crm.example.com"
    yield server
    server.stop()


def full(level: Level = Level.CRITICAL) -> Alert:
    return alert_raise(
        code="disk", key="db1", level=level, title="Disk of %(host)s\r\nis full", data={"host": "db1"}, url="/x/"
    )


def age(alert: Alert, minutes: float) -> None:
    Alert.objects.filter(pk=alert.pk).update(told_at=now() - timedelta(minutes=minutes))


def test_a_critical_alert_is_mailed_once_to_each_manager_and_address_and_again_when_it_is_over(
    post, bruno, ana, settings
):
    settings.ALERT_EMAILS = ["oncall@example.com", "bruno@example.com"]
    User.objects.create_user("dora@example.com", "a-long-test-password", name="D", role=Role.ADMIN, language="en")
    full()
    full()
    assert mails_run() == 3 and mails_run() == 0
    assert sorted(mail["To"] for mail in post.mails) == ["bruno@example.com", "dora@example.com", "oncall@example.com"]
    mail = next(mail for mail in post.mails if mail["To"] == "dora@example.com")
    assert mail["Subject"] == "Critical: Disk of db1 is full" and mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "https://crm.example.com/x/" in text and "https://crm.example.com/alerts/" in text
    alert_clear(code="disk", key="db1")
    assert mails_run() == 3
    assert next(mail for mail in post.mails[3:] if mail["To"] == "dora@example.com")["Subject"].startswith("Over: ")


def test_a_warning_is_mailed_only_when_nobody_looks_after_it(post, bruno, settings):
    alert = full(Level.WARNING)
    assert mails_run() == 0
    age(alert, settings.ALERT_UNTAKEN_MINUTES + 1)
    assert mails_run() == 1 and mails_run() == 0
    assert AlertMail.objects.get().reason == MailReason.UNTAKEN
    AlertMail.objects.all().delete()
    alert_take(alert_id=alert.pk, user=bruno)
    assert mails_run() == 0


def test_nobody_is_mailed_who_switched_it_off_or_where_no_server_is_named(post, bruno, settings):
    wanted = CHOICES - {ALERT_EMAIL}
    preferences_save(user_id=bruno.pk, wanted=wanted, quiet_from=None, quiet_until=None, quiet_weekends=False)
    full()
    assert mails_run() == 0 and not AlertMail.objects.exists()
    alert_clear(code="disk", key="db1")
    settings.EMAIL_HOST, settings.ALERT_EMAILS = "", ["oncall@example.com"]
    full()
    assert not AlertMail.objects.exists()


def test_what_the_server_does_not_take_is_tried_again_then_given_up(post, bruno):
    post.answers = ["451 later"] * 9
    full()
    for _pause in range(len(PAUSES) + 1):
        assert mails_run() == 0 and mails_run() == 0
        AlertMail.objects.update(not_before=None)
    mail = AlertMail.objects.get()
    assert (mail.state, mail.attempts) == (MailState.FAILED, len(PAUSES) + 1) and "451" in mail.error


def test_a_mail_that_did_not_leave_before_the_end_is_dropped_and_no_end_is_told(post, bruno):
    full()
    alert_clear(code="disk", key="db1")
    assert mails_run() == 0
    assert AlertMail.objects.get().state == MailState.DROPPED
