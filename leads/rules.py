"""What is planned without anybody asking: facts about leads become tasks. Each rule has one open task a lead at most.

A lead typed in by hand or imported has somebody behind it who knows what comes next: none for those.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from crm.core.clock import now
from crm.core.facts import on
from crm.core.ports import Port
from crm.core.work import service
from leads.actors import SYSTEM, Actor
from leads.agenda import task_create, task_done
from leads.due import at_hour
from leads.events import LeadAssigned, LeadCreated, LeadHandedOver, LeadMoved
from leads.models import Attendance, Lead, Source, Task, TaskKind, TaskState
from leads.pipeline import CLOSED, Status
from leads.services import lead_lock

FIRST_CONTACT, PROPOSAL = "first_contact", "proposal"
_ASKED_FOR_US = frozenset({Source.WHATSAPP, Source.FORM, Source.API})

# The moment itself, or the next at which the business is open; the layer that knows the opening hours plugs it in.
business_moment: Port[[datetime], datetime] = Port(lambda moment: moment)


@dataclass(frozen=True)
class Rule:
    """`title` is a message id with %(name)s; `when` is asked within the transaction of the fact, the lead locked."""

    code: str
    fact: type
    when: Callable[[Any, Lead], bool]
    kind: TaskKind
    title: str
    due: Callable[[], datetime]


def soon() -> datetime:
    """TASK_FIRST_CONTACT_MINUTES from now, counted and falling within opening hours."""
    opens = business_moment(now())
    return business_moment(opens + timedelta(minutes=settings.TASK_FIRST_CONTACT_MINUTES))


def _in_days() -> datetime:
    day = timezone.localdate(now()) + timedelta(days=settings.TASK_PROPOSAL_DAYS)
    return business_moment(at_hour(day, settings.TASK_PROPOSAL_HOUR))


def _waits_for_us(lead: Lead) -> bool:
    return lead.source in _ASKED_FOR_US and lead.status not in CLOSED


def _created_with_owner(fact: LeadCreated, lead: Lead) -> bool:
    return bool(lead.consultant_id) and _waits_for_us(lead)


def _given_without_plan(fact: LeadAssigned, lead: Lead) -> bool:
    """Somebody's tasks have come along with the lead, or Lívia talks with the client: no hurry."""
    owned = lead.consultant_id is not None and lead.next_task_at is None
    return owned and lead.attended_by != Attendance.LIVIA and _waits_for_us(lead)


def _handed_over(fact: LeadHandedOver, lead: Lead) -> bool:
    return lead.status not in CLOSED


def _to_proposal(fact: LeadMoved, lead: Lead) -> bool:
    return fact.to == Status.PROPOSAL


_CALL, _ANSWER = gettext_noop("Call %(name)s"), gettext_noop("Answer %(name)s")
_FOLLOW_UP = gettext_noop("Follow up the proposal")

RULES = (
    Rule(FIRST_CONTACT, LeadHandedOver, _handed_over, TaskKind.MESSAGE, _ANSWER, soon),
    Rule(FIRST_CONTACT, LeadCreated, _created_with_owner, TaskKind.CALL, _CALL, soon),
    Rule(FIRST_CONTACT, LeadAssigned, _given_without_plan, TaskKind.CALL, _CALL, soon),
    Rule(PROPOSAL, LeadMoved, _to_proposal, TaskKind.PROPOSAL, _FOLLOW_UP, _in_days),
)


def rules_apply(fact: Any) -> None:
    """Plan what the rules say about a fact of `lead_id`. Call it in the fact's transaction."""
    if not settings.TASK_RULES:
        return
    for rule in RULES:
        if isinstance(fact, rule.fact):
            lead = lead_lock(fact.lead_id, erased_too=True)
            if lead.erased_at is None and rule.when(fact, lead):
                title = task_title(rule.title, lead)
                task_create(
                    lead_id=lead.pk, title=title, due_at=rule.due(), actor=SYSTEM, kind=rule.kind, rule=rule.code
                )


def task_title(message_id: str, lead: Lead) -> str:
    """A title kept with the task: in the product's language, whoever reads it later."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext(message_id) % {"name": lead.display_name[:80]}


@service
def contact_made(*, lead_id: int, actor: Actor) -> None:
    """Somebody speaks with the client: the first contact is done."""
    waiting = Task.objects.filter(lead_id=lead_id, rule=FIRST_CONTACT, state=TaskState.OPEN)
    for task_id in waiting.values_list("pk", flat=True):
        task_done(task_id=task_id, actor=actor)


for _fact in {rule.fact for rule in RULES}:
    on(_fact, inside=True)(rules_apply)
