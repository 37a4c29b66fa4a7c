"""Subscriptions of the leads app."""

from crm.accounts.events import AvailabilityChanged
from crm.core.facts import on
from leads.tasks import assign_waiting


@on(AvailabilityChanged)
def _someone_returned(fact: AvailabilityChanged) -> None:
    if fact.available:
        assign_waiting.delay()
