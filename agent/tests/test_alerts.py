"""What only shows in the rows is looked for again and again: it is an alert while it lasts."""

import pytest

from agent.alerts import managers_warn
from agent.models import Turn
from agent.tasks import watch
from conversations.models import Conversation
from crm.alerts.selectors import open_alerts
from crm.core.clock import now
from crm.realtime.models import Notification
from leads.models import Lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn(maria_thread):
    values = {"conversation": maria_thread, "message_ids": [], "outcome": "answered"}
    return lambda **more: Turn.objects.create(**values, stage_before="a", stage_after="a", **more)


def test_the_rows_are_watched_for_silence_of_the_model_stuck_threads_and_leads_without_anybody(bruno, turn):
    for _turn in range(3):
        turn(model_error="open")
    Lead.objects.update(awaits_consultant=True)
    Conversation.objects.update(turn_failed_at=now())
    watch()
    assert {alert.code for alert in open_alerts()} == {"model_away", "stuck_turns", "leads_waiting"}
    turn(model_status=200)
    Conversation.objects.update(turn_failed_at=None)
    Lead.objects.update(awaits_consultant=False)
    watch()
    watch()
    assert not open_alerts().exists() and Notification.objects.count() == 6


def test_a_refused_key_is_over_once_a_model_has_answered(bruno, turn):
    managers_warn(status=401)
    turn(model_error="auth")
    watch()
    assert [alert.code for alert in open_alerts()] == ["model_key"]
    turn(model_status=200)
    watch()
    assert not open_alerts().exists()
