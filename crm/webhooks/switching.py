"""Endpoints that switch themselves off, and what managers hear of it. Call these with the endpoint locked."""

from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.core.clock import now
from crm.webhooks.models import Endpoint
from crm.webhooks.telling import endpoints_changed

CODE = "webhook_off"
FAILING, ENDED = "failing", "gone"
_OFF = gettext_noop("The webhook %(name)s was switched off")
_WHY = {
    FAILING: gettext_noop("It failed %(times)s times in a row. What waits for it is kept; look at the answers."),
    ENDED: gettext_noop("Its address says that it is gone for good (410)."),
}


def endpoint_disable(endpoint: Endpoint, why: str) -> None:
    if not endpoint.active:
        return
    endpoint.active, endpoint.disabled_why, endpoint.disabled_at = False, why, now()
    endpoint.save(update_fields=["active", "disabled_why", "disabled_at"])
    endpoints_changed()
    alert_raise(
        code=CODE, key=str(endpoint.pk), level=Level.WARNING, title=_OFF, body=_WHY[why],
        data={"name": endpoint.name, "times": endpoint.failures}, url=reverse("webhooks:detail", args=[endpoint.pk]),
    )  # fmt: skip


def endpoint_recovered(endpoint: Endpoint) -> None:
    endpoint.failures = 0
    endpoint.save(update_fields=["failures"])


def alert_end(endpoint: Endpoint) -> None:
    """A person has looked after it."""
    alert_clear(code=CODE, key=str(endpoint.pk), quietly=True)
