"""What may be sent about leads, tasks and notes."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from crm.api.serializing import Cents, Id, Line, Moment, Strict, Text, Whole, YesNo
from crm.core.errors import Invalid
from crm.core.phones import phone_normalise
from leads.agenda import NOTE_MAX, TITLE_MAX
from leads.inline import UFS
from leads.models import MAX_CENTS, Product, TaskKind
from leads.notes import LIMIT
from leads.pipeline import Status
from leads.tracking import KEYS
from leads.words import OCCUPATIONS, PURPOSES


class Phone(Line):
    """Any way to write a phone; kept in E.164."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return phone_normalise(text)
        except Invalid as error:
            raise serializers.ValidationError(error.message, code=error.code) from error


class Email(Line, serializers.EmailField):
    """An address of e-mail."""


class _Data(Strict):
    """The data of a lead that a person may write; whose it is and where it stands have ways of their own."""

    name = Line(max_length=200)
    phone = Phone(max_length=30, help_text="Any usual way to write it; kept in E.164.")
    email = Email(allow_blank=True, max_length=254)
    city = Line(allow_blank=True, max_length=80)
    uf = serializers.ChoiceField(choices=UFS, allow_blank=True, help_text="State of Brazil.")
    product = serializers.ChoiceField(choices=Product.choices, allow_blank=True)
    credit_amount = Cents(max_value=MAX_CENTS, allow_null=True, help_text="What they want to borrow, in cents.")
    property_value = Cents(max_value=MAX_CENTS, allow_null=True)
    vehicle_value = Cents(max_value=MAX_CENTS, allow_null=True)
    monthly_income = Cents(max_value=MAX_CENTS, allow_null=True)
    down_payment = Cents(max_value=MAX_CENTS, allow_null=True)
    term_months = Whole(min_value=1, max_value=480, allow_null=True)
    occupation = Line(
        allow_blank=True, max_length=24, help_text=f"Their own word, or one of: {', '.join(OCCUPATIONS)}."
    )
    purpose = Line(allow_blank=True, max_length=80, help_text=f"Their own words, or one of: {', '.join(PURPOSES)}.")
    message = Text(allow_blank=True, max_length=4000, help_text="What they wrote in a form.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Only what a kind of body says it needs is required."""
        fields: dict[str, serializers.Field] = super().get_fields()
        for name, field in fields.items():
            field.required = name in self.needed
        return fields

    needed: frozenset[str] = frozenset()


class Tracking(Strict):
    """Where a lead came from; of each the first 300 characters are kept."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {key: Line(required=False, allow_blank=True, max_length=2000) for key in KEYS}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A lead of a form",
            {
                "name": "Maria Souza", "phone": "+5511998123340", "email": "maria@example.com", "uf": "SP",
                "product": "home_equity", "credit_amount": 25_000_000, "property_value": 80_000_000,
                "consent": True, "tracking": {"utm_source": "google", "utm_campaign": "spring"},
            },
            request_only=True,
        )
    ]
)  # fmt: skip
class LeadNew(_Data):
    needed = frozenset({"name", "phone"})

    consent = YesNo(required=False, help_text="Whether they agreed to be written to by WhatsApp.")
    tracking = Tracking(required=False)


@extend_schema_serializer(
    examples=[OpenApiExample("Another amount", {"credit_amount": 30_000_000, "term_months": 120}, request_only=True)]
)
class LeadChange(_Data):
    """Of the fields only those that are to change; null or "" empties one."""

    phone = Phone(max_length=30, allow_blank=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("Won", {"to": "WON", "won_amount": 25_000_000}, request_only=True),
        OpenApiExample("Lost", {"to": "LOST", "lost_reason": "rate", "lost_note": "1.29 elsewhere"}, request_only=True),
        OpenApiExample("On the board", {"to": "PROPOSAL", "after": 412, "version": 3}, request_only=True),
    ]
)
class LeadMove(Strict):
    to = serializers.ChoiceField(choices=Status.choices)
    after = Id(required=False, allow_null=True, help_text="The lead above it in the column; to the top without.")
    version = Whole(required=False, min_value=1, help_text="The lead's `version`: refused (409) if it was moved since.")
    lost_reason = Line(
        required=False,
        allow_blank=True,
        max_length=16,
        help_text="Needed for LOST. Managers keep the codes; they begin as `rate`, `denied`, `competitor`, "
        "`no_answer`, `postponed`, `not_eligible`, `other`. A refusal lists them.",
    )
    lost_note = Text(required=False, allow_blank=True, max_length=500)
    won_amount = Cents(required=False, allow_null=True, max_value=MAX_CENTS, help_text="Cents; needed for WON.")


@extend_schema_serializer(
    examples=[
        OpenApiExample("To somebody", {"consultant_id": 3, "reason": "knows the client"}, request_only=True),
        OpenApiExample("To the next in turn", {"consultant_id": None}, request_only=True),
    ]
)
class LeadAssign(Strict):
    consultant_id = Id(allow_null=True, help_text="null: the next in turn.")
    reason = Line(required=False, allow_blank=True, max_length=300)


@extend_schema_serializer(examples=[OpenApiExample("A note", {"text": "Prefers the morning."}, request_only=True)])
class NoteNew(Strict):
    text = Text(max_length=LIMIT, help_text="@name tells that person.")


class _Task(Strict):
    title = Line(max_length=TITLE_MAX)
    due_at = Moment()
    kind = serializers.ChoiceField(choices=TaskKind.choices, required=False)
    note = Text(required=False, allow_blank=True, max_length=NOTE_MAX)
    owner_id = Id(required=False, allow_null=True, help_text="Who does it: somebody who may see the lead.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A call",
            {"lead_id": 412, "title": "Send the proposal", "kind": "proposal", "due_at": "2026-12-01T13:00:00Z"},
            request_only=True,
        )
    ]
)
class TaskNew(_Task):
    lead_id = Id()


@extend_schema_serializer(
    examples=[OpenApiExample("Later", {"due_at": "2026-12-02T13:00:00-03:00"}, request_only=True)]
)
class TaskChange(_Task):
    """Of the fields only those that are to change."""
