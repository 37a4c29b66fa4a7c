"""One thing done to many leads: each in a transaction of its own, so that one refusal leaves the others done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.accounts.models import User
from crm.core.errors import DomainError, Invalid
from leads.actors import person
from leads.agenda import task_create
from leads.losses import loss_labels
from leads.models import Lead, TaskKind
from leads.moves import lead_move
from leads.pipeline import Status
from leads.selectors import leads_visible_to
from leads.services import lead_assign

MOST_LEADS = 100


@dataclass
class Outcome:
    """What became of them: how many were changed, and who was refused and why."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[Lead, str]] = field(default_factory=list)

    def sentence(self, done: str) -> str:
        """`done`, such as "12 moved", and what was refused with the first reason."""
        if not self.refused:
            return done
        n = len(self.refused)
        lead, why = self.refused[0]
        text = ngettext("%(n)s refused: %(name)s – %(why)s", "%(n)s refused, such as %(name)s – %(why)s", n)
        return f"{done}, {text % {'n': n, 'name': lead.display_name, 'why': why}}"


def leads_move(
    *, user: User, ids: Sequence[int], to: str, lost_reason: str = "", lost_note: str = ""
) -> Outcome:  # fmt: skip
    """To the top of a column, in the order given. Raises Invalid for WON, which asks each deal's amount, and for LOST
    without a reason."""
    if to == Status.WON:
        raise Invalid(_("A won lead needs its amount: move one at a time."), code="won_singly")
    if to not in Status.values:
        raise Invalid(_("There is no such column."), code="unknown_column")
    if to == Status.LOST and lost_reason not in loss_labels():
        raise Invalid(_("Say why the lead was lost."), code="lost_reason_required")

    def act(lead: Lead) -> None:
        if lead.status != to:
            closing = {"lost_reason": lost_reason, "lost_note": lost_note} if to == Status.LOST else {}
            lead_move(lead_id=lead.pk, to=to, version=lead.version, actor=person(user), **closing)

    return _each(user, list(reversed(ids)), act)


def leads_assign(*, user: User, ids: Sequence[int], consultant_id: int | None, reason: str = "") -> Outcome:
    """To one consultant, or with None each to the next in turn. Managers only."""
    return _each(
        user,
        ids,
        lambda lead: lead_assign(lead_id=lead.pk, consultant_id=consultant_id, actor=person(user), reason=reason),
    )


def leads_plan(*, user: User, ids: Sequence[int], title: str, due_at: datetime, kind: str = TaskKind.OTHER) -> Outcome:
    """The same task for each."""
    return _each(
        user,
        ids,
        lambda lead: task_create(lead_id=lead.pk, title=title, due_at=due_at, kind=kind, actor=person(user)),
    )


def _each(user: User, ids: Sequence[int], act: Callable[[Lead], object]) -> Outcome:
    """Leads the person may not see are passed over without a word, as if they did not exist."""
    visible = leads_visible_to(user).in_bulk(list(ids))
    outcome = Outcome()
    for lead_id in ids:
        if (lead := visible.get(lead_id)) is None:
            continue
        try:
            act(lead)
        except DomainError as error:
            outcome.refused.append((lead, str(error.message)))
        else:
            outcome.done.append(lead_id)
    return outcome
