"""Subscriptions of the WhatsApp app."""

from crm.core.doorbell import ring
from crm.core.facts import on
from whatsapp.events import SessionWanted
from whatsapp.tasks import enqueue


@on(SessionWanted)
def _run_at_once(fact: SessionWanted) -> None:
    ring(lambda: enqueue(fact.session_id))  # a lost one is found by the supervisor
