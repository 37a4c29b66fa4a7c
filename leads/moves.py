"""Moving a card."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.errors import Conflict, Invalid
from crm.core.facts import publish as publish_fact
from crm.core.text import clean_text
from crm.core.work import holding, service
from leads.actors import Actor
from leads.events import LeadMoved
from leads.losses import loss_choices, loss_labels
from leads.models import MAX_CENTS, Consultant, InteractionKind, Lead
from leads.pipeline import Status, may_move
from leads.ranks import rank_after, top_rank
from leads.realtime import publish_card
from leads.services import interaction_add, lead_assign, lead_lock, lead_save


@service
def lead_move(
    *,
    lead_id: int,
    to: str,
    version: int,
    actor: Actor,
    after_id: int | None = None,
    lost_reason: str = "",
    lost_note: str = "",
    won_amount: int | None = None,
) -> Lead:
    """Move a lead to a column, under the card `after_id` or to its top.

    Raises Invalid (unknown column, missing reason or amount) and Conflict (`stale`, `move_refused`).
    """
    if to not in Status.values:
        raise Invalid(_("There is no such column."), code="unknown_column", fields={"to": _("Unknown column.")})
    lead = lead_lock(lead_id, erased_too=True)
    origin, target = Status(lead.status), Status(to)
    if version != lead.version:
        raise Conflict(_("This card was moved by somebody else meanwhile."), code="stale")
    if not may_move(origin, target, manager=actor.is_manager):
        text = _("A lead cannot go from “%(from)s” to “%(to)s”.")
        raise Conflict(text % {"from": origin.label, "to": target.label}, code="move_refused")
    closing = _closing(target, lost_reason, lost_note, won_amount) if origin != target else {}
    rank = _rank(after_id, target, lead)
    if origin != target:
        lead = _take_if_unowned(lead, actor)
        lead.status_changed_at = now()
    lead.status, lead.rank, lead.version = target, rank, lead.version + 1
    for name, value in closing.items():
        setattr(lead, name, value)
    lead_save(lead, "status", "rank", "version", "status_changed_at", *closing)
    if origin != target:
        interaction_add(lead, InteractionKind.MOVED, actor, origin=origin, to=target, **closing)
        with holding(lead):
            publish_fact(LeadMoved(lead_id=lead.pk, origin=origin, to=target))
    publish_card(lead, totals=True)
    return lead


def _closing(target: Status, lost_reason: str, lost_note: str, won_amount: int | None) -> dict[str, Any]:
    """What leaving the pipeline asks for; reopening empties it."""
    if target == Status.LOST:
        if lost_reason not in loss_labels():
            text = _("Say why the lead was lost.")
            known = _("One of: %(names)s.") % {"names": ", ".join(code for code, _name in loss_choices())}
            raise Invalid(text, code="lost_reason_required", fields={"lost_reason": [text, known]})
        return {"lost_reason": lost_reason, "lost_note": clean_text(lost_note, limit=500).strip(), "won_amount": None}
    if target == Status.WON:
        if won_amount is None or not 0 < won_amount <= MAX_CENTS:
            text = _("Say the amount of the deal.")
            raise Invalid(text, code="won_amount_required", fields={"won_amount": text})
        return {"won_amount": won_amount, "lost_reason": "", "lost_note": ""}
    return {"lost_reason": "", "lost_note": "", "won_amount": None}


def _rank(after_id: int | None, target: Status, lead: Lead) -> int:
    """A card that left the column meanwhile is no reason to refuse: the lead then goes to the top."""
    above = Lead.objects.filter(pk=after_id, status=target).exclude(pk=lead.pk).first() if after_id else None
    return rank_after(above, excluding=lead.pk) if above else top_rank()


def _take_if_unowned(lead: Lead, actor: Actor) -> Lead:
    """Whoever moves a card nobody owns makes it theirs."""
    if lead.consultant_id or actor.user is None:
        return lead
    if not Consultant.objects.filter(pk=actor.user.pk).exists():
        return lead
    return lead_assign(lead_id=lead.pk, consultant_id=actor.user.pk, actor=actor)
