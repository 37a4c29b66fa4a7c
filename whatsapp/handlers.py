"""Subscriptions of the WhatsApp app."""

from crm.core.doorbell import ring
from crm.core.facts import on
from whatsapp.events import SessionDeleted, SessionWanted
from whatsapp.tasks import enqueue, remove_folder


@on(SessionWanted)
def _run_at_once(fact: SessionWanted) -> None:
    ring(lambda: enqueue(fact.session_id))  # a lost one is found by the supervisor


@on(SessionDeleted)
def _forget_its_files(fact: SessionDeleted) -> None:
    ring(lambda: remove_folder.delay(fact.session_id))
