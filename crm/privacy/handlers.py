"""Subscriptions of the privacy app."""

from crm.core.doorbell import ring
from crm.core.facts import on
from crm.privacy.events import SubjectErased
from crm.privacy.tasks import clear


@on(SubjectErased)
def _clear(fact: SubjectErased) -> None:
    ring(lambda: clear.delay(fact.erasure_id))
