"""A number out of order is an alert from then until it works again, or until a person leaves it."""

from datetime import timedelta

import pytest

from crm.alerts.models import Alert, Level
from crm.alerts.selectors import open_alerts
from crm.alerts.services import alert_raise
from crm.core.clock import now
from crm.realtime.models import Notification
from whatsapp.creation import session_delete
from whatsapp.services import session_disconnect, session_move
from whatsapp.states import State

pytestmark = pytest.mark.django_db


def test_a_number_that_goes_out_of_order_is_an_alert_until_it_is_connected_or_left(bruno, session):
    for state in (State.STARTING, State.FAILED):
        session_move(session_id=session.pk, to=state)
    (alert,) = open_alerts()
    assert (alert.code, alert.key, alert.level) == ("session", str(session.pk), Level.CRITICAL)
    for state in (State.STARTING, State.ONLINE):
        session_move(session_id=session.pk, to=state)
    assert not open_alerts().exists() and Notification.objects.count() == 2
    Alert.objects.update(told_at=now() - timedelta(minutes=16))
    session_move(session_id=session.pk, to=State.LOGGED_OUT)
    session_disconnect(session_id=session.pk)
    assert not open_alerts().exists() and Notification.objects.count() == 3


def test_a_number_that_is_removed_takes_its_alerts_along(bruno, session):
    for code in ("session", "session_outbox"):
        alert_raise(code=code, key=str(session.pk), level=Level.WARNING, title="x", data={})
    alert_raise(code="session", key=f"{session.pk}0", level=Level.WARNING, title="x", data={})
    session_delete(session_id=session.pk)
    assert [alert.key for alert in open_alerts()] == [f"{session.pk}0"]
