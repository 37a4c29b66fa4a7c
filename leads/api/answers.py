"""What is told about leads, tasks and notes.

The serializers describe the answers; rows are told by plain functions, which are many times quicker in a long list.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from crm.api.serializing import ModelAnswer, moment
from leads.history import sentence
from leads.models import Consultant, Interaction, Lead, Note, Task

_OWN = (
    "id", "name", "phone", "email", "city", "uf", "status", "version", "lost_reason", "lost_note", "won_amount",
    "attended_by", "product", "credit_amount", "property_value", "vehicle_value", "monthly_income", "down_payment",
    "term_months", "occupation", "purpose", "ai_score", "ai_temperature", "ai_reasons", "transfer_summary", "source",
    "tracking", "message", "unread_count", "next_task_title",
)  # fmt: skip
_MOMENTS = (
    "status_changed_at", "consented_at", "last_message_at", "next_task_at", "erased_at", "created_at", "updated_at",
)  # fmt: skip
_OF_CONSULTANT = {"consultant__user__name": "name", "consultant__user__email": "email"}
COLUMNS = (*_OWN, *_MOMENTS, "consultant_id", *_OF_CONSULTANT)


def lead_told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A lead, from `values(*COLUMNS)`."""
    told = {name: row[name] for name in _OWN}
    for name in _MOMENTS:
        told[name] = moment(row[name])
    told["consultant"] = row["consultant_id"] and {
        "id": row["consultant_id"],
        "name": row["consultant__user__name"] or row["consultant__user__email"],
    }
    return told


def one_lead_told(lead: Lead) -> dict[str, Any]:
    row = {name: getattr(lead, name) for name in (*_OWN, *_MOMENTS, "consultant_id")}
    user = lead.consultant.user if lead.consultant else None
    return lead_told(row | {column: getattr(user, name, None) for column, name in _OF_CONSULTANT.items()})


class Named(serializers.Serializer):
    """Somebody, or something, by its key and name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class Reason(serializers.Serializer):
    """What the score is made of."""

    code = serializers.CharField(required=False)
    points = serializers.IntegerField(required=False)
    text = serializers.CharField(required=False)


class LeadAnswer(ModelAnswer):
    consultant = Named(allow_null=True)
    ai_reasons = Reason(many=True)
    tracking = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Lead
        fields = (*_OWN, *_MOMENTS, "consultant")


class LeadTaken(serializers.Serializer):
    """`lead` is null where it is not yours to see: the client of somebody else, or given to another in turn."""

    id = serializers.IntegerField()
    created = serializers.BooleanField(help_text="false: a lead with this phone was there already.")
    lead = LeadAnswer(allow_null=True)


class By(serializers.Serializer):
    """Who did it; without `id` nobody of the team."""

    kind = serializers.CharField()
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class InteractionAnswer(ModelAnswer):
    text = serializers.CharField(help_text="What was done, in the language of the request.")
    by = By()
    data = serializers.DictField(help_text="The particulars, by kind.")  # type: ignore[assignment]  # a column's name

    class Meta:
        model = Interaction
        fields = ("id", "lead_id", "kind", "text", "by", "data", "created_at")


def interaction_told(row: Interaction, reasons: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "lead_id": row.lead_id,
        "kind": row.kind,
        "text": sentence(row, reasons),
        "by": {
            "kind": row.actor_kind,
            "id": row.actor_id,
            "name": str(row.actor or row.get_actor_kind_display()),
        },
        "data": row.data,
        "created_at": moment(row.created_at),
    }


class NoteAnswer(ModelAnswer):
    author = Named()
    mentions = serializers.ListField(child=serializers.IntegerField(), help_text="Who is named in it.")

    class Meta:
        model = Note
        fields = ("id", "text", "author", "pinned", "mentions", "edited_at", "created_at")


def note_told(note: Note) -> dict[str, Any]:
    return {
        "id": note.pk,
        "text": note.text,
        "author": named(note.author),
        "pinned": note.pinned,
        "mentions": note.mentions,
        "edited_at": moment(note.edited_at),
        "created_at": moment(note.created_at),
    }


class TaskAnswer(ModelAnswer):
    lead = Named()
    owner = Named(allow_null=True)

    class Meta:
        model = Task
        fields = (
            "id", "lead", "title", "kind", "note", "due_at", "state", "owner", "made_by", "rule", "snoozed_count",
            "closed_at", "created_at",
        )  # fmt: skip


def task_told(task: Task) -> dict[str, Any]:
    return {
        "id": task.pk,
        "lead": named(task.lead, task.lead.display_name),
        "title": task.title,
        "kind": task.kind,
        "note": task.note,
        "due_at": moment(task.due_at),
        "state": task.state,
        "owner": named(task.owner) if task.owner else None,
        "made_by": task.made_by,
        "rule": task.rule,
        "snoozed_count": task.snoozed_count,
        "closed_at": moment(task.closed_at),
        "created_at": moment(task.created_at),
    }


def named(row: Any, name: str = "") -> dict[str, Any]:
    return {"id": row.pk, "name": name or str(row)}


class ConsultantAnswer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    active = serializers.BooleanField(help_text="May sign in.")
    in_rotation = serializers.BooleanField(help_text="Receives leads in turn.")
    available = serializers.BooleanField(help_text="Their own switch: receives leads now.")
    open_leads = serializers.IntegerField(help_text="Neither won nor lost.")


def consultant_told(row: Consultant) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "active": row.user.is_active,
        "in_rotation": row.in_rotation,
        "available": row.user.available,
        "open_leads": row.open_leads,  # type: ignore[attr-defined]  # of with_open_leads
    }
