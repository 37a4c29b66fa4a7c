"""What privacy adds to the lead page: what the client has agreed to, with its history."""

from dataclasses import dataclass
from typing import Any

from crm.privacy.forms import ConsentForm
from leads.consents import consents_of, latest_of
from leads.models import Consent, Lead, Purpose
from leads.realtime import more_of_lead


@dataclass(frozen=True)
class Standing:
    """Where one purpose stands; `consent` is None where nothing was ever said about it."""

    purpose: Purpose
    consent: Consent | None

    @property
    def label(self) -> str:
        return str(self.purpose.label)


@more_of_lead.plug
def lead_page(lead: Lead) -> dict[str, Any]:
    return consents_context(lead, ConsentForm())


def consents_context(lead: Lead, form: ConsentForm) -> dict[str, Any]:
    rows = consents_of(lead)
    latest = latest_of(rows)
    return {
        "consents": rows,
        "consent_standings": [Standing(purpose, latest.get(purpose)) for purpose in Purpose],
        "consent_form": form,
    }
