"""Consents a file brings along: written for new leads alone, with the sentence the clients agreed to.

The same rows as `leads.consents.consent_add` writes, for hundreds at once."""

from collections.abc import Callable, Sequence

from crm.core.clock import now
from crm.core.copying import rows_copy
from leads.imports.cleaning import Cleaned
from leads.models import ActorKind, Consent, ConsentSource, Import, Interaction, InteractionKind, Lead, Purpose


def consents_add(batch: Import, leads: Sequence[Lead], rows: Sequence[Cleaned]) -> Callable[[], None]:
    """Marks the leads; what it returns writes the ledger once they have keys."""
    if not batch.options.get("consent"):
        return lambda: None
    by_row = "consent" in batch.mapping.values()
    agreed = []
    for lead, row in zip(leads, rows, strict=True):
        if row.consent or (row.consent is None and not by_row):
            lead.consented_at = row.consented_on or now()
            agreed.append((lead, row.line))

    def write() -> None:
        rows_copy([_consent(batch, lead, line) for lead, line in agreed])
        rows_copy([_told(batch, lead) for lead, _line in agreed])

    return write


def _told(batch: Import, lead: Lead) -> Interaction:
    data = {"purpose": Purpose.WHATSAPP.value, "given": True, "source": ConsentSource.IMPORT.value}
    return Interaction(
        lead=lead, kind=InteractionKind.CONSENTED, actor_kind=ActorKind.PERSON, actor=batch.creator, data=data
    )


def _consent(batch: Import, lead: Lead, line: int) -> Consent:
    return Consent(
        lead=lead,
        purpose=Purpose.WHATSAPP,
        given=True,
        source=ConsentSource.IMPORT,
        text=batch.options.get("consent_text", ""),
        evidence={"import": batch.pk, "line": line},
        actor_kind=ActorKind.PERSON,
        actor=batch.creator,
        at=lead.consented_at,
    )
