"""Other systems hear of alerts, with a signature, when managers are told."""

import pytest

from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.webhooks.models import Delivery, Endpoint
from crm.webhooks.telling import endpoints_changed

pytestmark = pytest.mark.django_db


def full() -> None:
    alert_raise(code="disk", key="db1", level=Level.CRITICAL, title="Disk of %(host)s", data={"host": "db1"}, url="/x/")


def test_other_systems_hear_of_its_beginning_and_its_end(bruno):
    Endpoint.objects.create(
        name="Pager",
        url="https://pager.example.com/x",
        secret="s",
        events=["alert.raised", "alert.cleared"],
        creator=bruno,
    )
    endpoints_changed()
    full()
    full()
    alert_clear(code="disk", key="db1")
    told = [(each.event, each.payload["data"]["alert"]) for each in Delivery.objects.order_by("created_at")]
    assert [event for event, _alert in told] == ["alert.raised", "alert.cleared"]
    assert told[0][1]["code"] == "disk" and told[0][1]["level"] == "critical" and told[0][1]["cleared_at"] is None
    assert told[1][1]["cleared_at"]
