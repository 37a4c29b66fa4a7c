"""Subscriptions of the leads app."""

from crm.accounts.events import AvailabilityChanged
from crm.core.doorbell import ring
from crm.core.facts import on
from leads.agenda import tasks_cancel_open, tasks_follow
from leads.events import ImportBegun, LeadAssigned, LeadMoved, RotationResumed
from leads.imports.tasks import WORK
from leads.models import ImportState
from leads.pipeline import CLOSED
from leads.tasks import assign_waiting


@on(AvailabilityChanged)
def _someone_returned(fact: AvailabilityChanged) -> None:
    if fact.available:
        ring(assign_waiting.delay)  # a lost one is made up for each minute


@on(RotationResumed)
def _someone_joined(_fact: RotationResumed) -> None:
    ring(assign_waiting.delay)


@on(LeadAssigned, inside=True)
def _tasks_go_along(fact: LeadAssigned) -> None:
    tasks_follow(lead_id=fact.lead_id, previous_id=fact.previous_id)


@on(LeadMoved, inside=True)
def _nothing_more_to_do(fact: LeadMoved) -> None:
    if fact.to in CLOSED:
        tasks_cancel_open(lead_id=fact.lead_id, why="closed")


@on(ImportBegun)
def _work_on_the_file(fact: ImportBegun) -> None:
    task = WORK[ImportState(fact.state)]
    ring(lambda: task.delay(fact.import_id))  # a lost one is found by the sweep
