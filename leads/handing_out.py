"""What the leads app hands out of one person: data, consents, what was done, notes, tasks, files, rows of imports."""

from typing import Any

from django.db.models import QuerySet

from crm.core.files import name_clean
from crm.core.handing_out import first_name, known, moment, money
from crm.core.privacy import Subject, gather
from leads.fields import EDITED, LABELS, worded
from leads.history import reason_name
from leads.losses import loss_labels
from leads.models import Consent, ImportRow, Interaction, InteractionKind, Lead, LeadFile, Note, Task

_MONEY = ("credit_amount", "monthly_income", "property_value", "vehicle_value", "down_payment")
_WORDS = ("status", "source", "ai_temperature", "product")


@gather.plug
def hand_out(subject: Subject) -> dict[str, Any]:
    files = list(LeadFile.objects.filter(lead__in=subject.lead_ids).order_by("pk"))
    return {
        "leads": [_lead(row) for row in _of(Lead.objects.filter(pk__in=subject.lead_ids))],
        "consents": [_consent(row) for row in Consent.objects.filter(lead__in=subject.lead_ids).order_by("at", "pk")],
        "history": [_done(row) for row in _history(subject)],
        "notes": [_note(row) for row in _of(Note.objects.filter(lead__in=subject.lead_ids).select_related("author"))],
        "tasks": [_task(row) for row in _of(Task.objects.filter(lead__in=subject.lead_ids).select_related("owner"))],
        "documents": [_file(row) for row in files],
        "imports": [_row(row) for row in _imported(subject)],
        "leads_files": [(archive_name(row), row.path) for row in files if row.removed_at is None],
    }


def _of(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("pk")


def _lead(lead: Lead) -> dict[str, Any]:
    losses = loss_labels()
    return known(
        number=lead.pk,
        **{name: getattr(lead, name) for name in EDITED if name not in (*_MONEY, *_WORDS, "occupation", "purpose")},
        occupation=lead.occupation_label,
        purpose=lead.purpose_label,
        product=lead.product_label,
        **{f"{name}_brl": money(getattr(lead, name)) for name in (*_MONEY, "won_amount")},
        message=lead.message,
        status=str(lead.get_status_display()),
        status_changed_at=moment(lead.status_changed_at),
        lost_reason=str(losses.get(lead.lost_reason, lead.lost_reason)),
        lost_note=lead.lost_note,
        source=str(lead.get_source_display()),
        tracking=lead.tracking,
        consultant=first_name(lead.consultant.user) if lead.consultant else None,
        score=lead.ai_score if lead.ai_temperature else None,
        temperature=str(lead.get_ai_temperature_display()) if lead.ai_temperature else None,
        reasons=[known(points=reason.get("points"), text=reason.get("text")) for reason in lead.ai_reasons],
        transfer_summary=lead.transfer_summary,
        consented_at=moment(lead.consented_at),
        merged_into=lead.merged_into_id,
        created_at=moment(lead.created_at),
    )


def _consent(row: Consent) -> dict[str, Any]:
    return known(
        purpose=str(row.get_purpose_display()), given=row.given, source=str(row.get_source_display()), text=row.text,
        at=moment(row.at),
    )  # fmt: skip


def _history(subject: Subject) -> QuerySet[Interaction]:
    return Interaction.objects.filter(lead__in=subject.lead_ids).select_related("actor").order_by("pk")


def _done(row: Interaction) -> dict[str, Any]:
    changes = row.data.get("changes") if row.kind == InteractionKind.UPDATED else None
    return known(
        at=moment(row.created_at),
        what=str(row.get_kind_display()),
        by=first_name(row.actor) or str(row.get_actor_kind_display()),
        reason=reason_name(str(row.data.get("reason") or "")),
        changes=[
            known(field=str(LABELS.get(name, name)), before=worded(name, before), after=worded(name, after))
            for name, (before, after) in (changes or {}).items()
        ],
    )


def _note(row: Note) -> dict[str, Any]:
    return known(
        at=moment(row.created_at), by=first_name(row.author), text=row.text, edited_at=moment(row.edited_at),
        removed_at=moment(row.removed_at),
    )  # fmt: skip


def _task(row: Task) -> dict[str, Any]:
    return known(
        kind=str(row.get_kind_display()), title=row.title, note=row.note, due_at=moment(row.due_at),
        state=str(row.get_state_display()), by=first_name(row.owner), created_at=moment(row.created_at),
    )  # fmt: skip


def archive_name(row: LeadFile) -> str:
    return f"arquivos/{row.pk}-{name_clean(row.name) or 'arquivo'}"


def _file(row: LeadFile) -> dict[str, Any]:
    return known(
        name=row.name, mime=row.mime, size=row.size, at=moment(row.created_at), removed_at=moment(row.removed_at),
        file=archive_name(row) if row.removed_at is None else None,
    )  # fmt: skip


def _imported(subject: Subject) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(lead__in=subject.lead_ids).select_related("batch").order_by("pk")


def _row(row: ImportRow) -> dict[str, Any]:
    return known(name=row.batch.name, line=row.line, at=moment(row.batch.created_at), values=row.values)
