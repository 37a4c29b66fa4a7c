"""Subscriptions of the leads app."""

from crm.accounts.events import AvailabilityChanged
from crm.core.doorbell import ring
from crm.core.facts import on
from leads.tasks import assign_waiting


@on(AvailabilityChanged)
def _someone_returned(fact: AvailabilityChanged) -> None:
    if fact.available:
        ring(assign_waiting.delay)  # a lost one is made up for each minute
