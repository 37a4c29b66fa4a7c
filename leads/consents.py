"""What clients have agreed to: a ledger. The latest entry of a purpose is what counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.text import clean_text
from crm.core.work import service
from leads.actors import Actor
from leads.models import Consent, ConsentSource, InteractionKind, Lead, Purpose
from leads.realtime import publish_page
from leads.services import interaction_add, lead_lock, lead_save

TEXT = 2000


@service
def consent_add(
    *,
    lead_id: int,
    purpose: Purpose | str,
    given: bool,
    source: ConsentSource | str,
    text: str = "",
    evidence: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime | None = None,
) -> Consent:
    """Write down that a client agreed to something, or took it back.

    `text` is the very sentence they saw or wrote, `evidence` ids and addresses without names, `at` when they said so.
    Raises Invalid (purpose, source, a time to come) and NotFound.
    """
    if purpose not in Purpose.values or source not in ConsentSource.values:
        raise Invalid(_("There is no such consent."), code="unknown_consent")
    moment = at or now()
    if moment > now():
        raise Invalid(_("Choose a time that has passed."), fields={"at": _("Choose a time that has passed.")})
    lead = lead_lock(lead_id)
    row = Consent.objects.create(
        lead=lead, purpose=purpose, given=given, source=source, text=clean_text(text, limit=TEXT).strip(),
        evidence=dict(evidence or {}), actor_kind=actor.kind, actor=actor.user, at=moment,
    )  # fmt: skip
    if purpose == Purpose.WHATSAPP:
        _keep_in_step(lead)
    interaction_add(lead, InteractionKind.CONSENTED, actor, purpose=str(purpose), given=given, source=str(source))
    publish_page(lead)
    return row


def consents_of(lead: Lead) -> list[Consent]:
    """The whole ledger of a lead, newest first."""
    return list(Consent.objects.filter(lead=lead).select_related("actor"))


def latest_of(rows: list[Consent]) -> dict[Purpose, Consent]:
    """Of a ledger the word that counts now, for each purpose anything was ever said about."""
    return {Purpose(row.purpose): row for row in reversed(rows)}


def _keep_in_step(lead: Lead) -> None:
    latest = Consent.objects.filter(lead=lead, purpose=Purpose.WHATSAPP).first()
    agreed_at = latest.at if latest and latest.given else None
    if lead.consented_at != agreed_at:
        lead.consented_at = agreed_at
        lead_save(lead, "consented_at")
