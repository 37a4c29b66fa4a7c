"""The columns of each list, with how a row fills them. Headings are in the language of whoever asked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial, reduce
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.cells import phone_cell
from crm.exports.models import ExportKind
from leads.losses import loss_labels


@dataclass(frozen=True)
class Column:
    """A heading and the value of a row: text, a whole number, a Decimal with two places, a moment, a day, True or
    False, or None."""

    label: str | Promise
    value: Callable[[Any], Any]


# ---- a column
def _of(label: str | Promise, path: str) -> Column:
    return Column(label, attrgetter(path))


def _choice(label: str | Promise, name: str) -> Column:
    words: dict[str, str] = {}  # looked up once a run: translating is most of a row's time

    def value(row: Any) -> str:
        code = getattr(row, name)
        if code not in words:
            words[code] = str(getattr(row, f"get_{name}_display")())
        return words[code]

    return Column(label, value)


def _phone(label: str | Promise, path: str) -> Column:
    read = attrgetter(path)
    return Column(label, lambda row: phone_cell(read(row)))


def _money(label: str | Promise, name: str) -> Column:
    return Column(label, lambda row: _reais(getattr(row, name)))


def _text(label: str | Promise, path: str) -> Column:
    """What a related row is called; nothing where there is none."""
    names = path.split(".")
    return Column(label, lambda row: str(reduce(_step, names, row) or ""))


def _step(row: Any, name: str) -> Any:
    return getattr(row, name) if row is not None else None


def _reais(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _tracked(name: str, lead: Any) -> str:
    return str(lead.tracking.get(name) or "")


def columns_of(kind: str) -> list[Column]:
    """In order; to be called in the language of the reader."""
    return _COLUMNS[ExportKind(kind)]()


def _lead_columns() -> list[Column]:
    reasons = loss_labels()
    return [
        _of(_("Number"), "pk"),
        _of(_("Name"), "display_name"),
        _phone(_("Phone"), "phone"),
        _of(_("E-mail"), "email"),
        _of(_("City"), "city"),
        _of(_("State"), "uf"),
        _choice(_("Status"), "status"),
        _choice(_("Temperature"), "ai_temperature"),
        _of(_("Score"), "ai_score"),
        _text(_("Consultant"), "consultant.user.name"),
        _choice(_("Source"), "source"),
        _choice(_("Product"), "product"),
        _money(_("Credit (R$)"), "credit_amount"),
        _of(_("Term (months)"), "term_months"),
        _money(_("Won (R$)"), "won_amount"),
        _money(_("Property (R$)"), "property_value"),
        _money(_("Vehicle (R$)"), "vehicle_value"),
        _money(_("Monthly income (R$)"), "monthly_income"),
        _money(_("Down payment (R$)"), "down_payment"),
        _of(_("Occupation"), "occupation_label"),
        _of(_("Purpose"), "purpose_label"),
        Column(_("Lost reason"), lambda lead: reasons.get(lead.lost_reason, lead.lost_reason)),
        _of(_("Lost note"), "lost_note"),
        _of(_("Next task"), "next_task_at"),
        _of(_("Last message"), "last_message_at"),
        _of(_("In this status since"), "status_changed_at"),
        _of(_("Created"), "created_at"),
        *(Column(name, partial(_tracked, name)) for name in ("utm_source", "utm_medium", "utm_campaign", "referrer")),
    ]


def _of_lead() -> list[Column]:
    return [_of(_("Lead"), "lead.pk"), _of(_("Name"), "lead.display_name"), _phone(_("Phone"), "lead.phone")]


def _task_columns() -> list[Column]:
    return [
        _of(_("Title"), "title"),
        _choice(_("Kind"), "kind"),
        _of(_("Due"), "due_at"),
        _choice(_("State of the task"), "state"),
        _text(_("Whose"), "owner"),
        *_of_lead(),
        _of(_("Details"), "note"),
        _choice(_("Made by"), "made_by"),
        _of(_("Closed"), "closed_at"),
        _of(_("Created"), "created_at"),
    ]


def _conversation_columns() -> list[Column]:
    return [
        _of(_("Number"), "pk"),
        *_of_lead(),
        _text(_("WhatsApp number"), "inbox.name"),
        _text(_("Consultant"), "lead.consultant.user.name"),
        _choice(_("Status"), "status"),
        _choice(_("Attended by"), "attended_by"),
        _of(_("Unread messages"), "unread_count"),
        Column(_("Labels"), lambda row: ", ".join(label.name for label in row.labels.all())),
        _of(_("Last message"), "last_message_at"),
        _of(_("Text of the last message"), "last_message_text"),
        _of(_("Created"), "created_at"),
    ]


def _message_columns() -> list[Column]:
    return [
        _of(_("Number"), "pk"),
        _of(_("Conversation"), "conversation_id"),
        _of(_("Lead"), "conversation.lead_id"),
        _of(_("Name"), "conversation.lead.display_name"),
        _choice(_("Direction"), "direction"),
        _choice(_("Author"), "author"),
        _text(_("Sender"), "sender"),
        _choice(_("Kind"), "kind"),
        Column(_("Text"), lambda row: row.event_text if row.kind == "event" else row.text),
        _of(_("Transcript"), "transcript"),
        _choice(_("State of the message"), "state"),
        _of(_("Sent"), "sent_at"),
    ]


def _interaction_columns() -> list[Column]:
    return [
        *_of_lead(),
        _choice(_("What happened"), "kind"),
        _choice(_("By"), "actor_kind"),
        _text(_("Person"), "actor"),
        Column(_("Details"), lambda row: json.dumps(row.data, ensure_ascii=False) if row.data else ""),
        _of(_("At"), "created_at"),
    ]


def _simulation_columns() -> list[Column]:
    return [
        _of(_("Number"), "pk"),
        *_of_lead(),
        _text(_("Product"), "product_version.name"),
        *(Column(label, partial(_figure, name)) for label, name in _FIGURES),
        Column(_("Made by"), lambda row: str(row.made_by or "Lívia")),
        _of(_("Created"), "created_at"),
    ]


_FIGURES = (
    (_("Credit (R$)"), "credit_amount"),
    (_("Financed (R$)"), "financed_amount"),
    (_("First instalment (R$)"), "first_instalment"),
    (_("Last instalment (R$)"), "last_instalment"),
    (_("Total (R$)"), "total"),
    (_("Term (months)"), "term_months"),
)


def _figure(name: str, simulation: Any) -> Any:
    value = simulation.result.get(name)
    return value if name == "term_months" else _reais(value)


def _contact_columns() -> list[Column]:
    return [
        _of(_("Number"), "pk"),
        Column(_("Name"), str),
        _of(_("Name on WhatsApp"), "push_name"),
        _phone(_("Phone"), "phone"),
        _of(_("Asked for no messages"), "opted_out_at"),
        _of(_("Created"), "created_at"),
    ]


def _consent_columns() -> list[Column]:
    return [
        *_of_lead(),
        _choice(_("Purpose of the data"), "purpose"),
        _of(_("Given"), "given"),
        _choice(_("Source"), "source"),
        _of(_("What was agreed to"), "text"),
        _choice(_("Written by"), "actor_kind"),
        _text(_("Person"), "actor"),
        _of(_("At"), "at"),
    ]


_COLUMNS: Mapping[ExportKind, Callable[[], list[Column]]] = {
    ExportKind.LEADS: _lead_columns,
    ExportKind.TASKS: _task_columns,
    ExportKind.CONVERSATIONS: _conversation_columns,
    ExportKind.MESSAGES: _message_columns,
    ExportKind.INTERACTIONS: _interaction_columns,
    ExportKind.SIMULATIONS: _simulation_columns,
    ExportKind.CONTACTS: _contact_columns,
    ExportKind.CONSENTS: _consent_columns,
}
