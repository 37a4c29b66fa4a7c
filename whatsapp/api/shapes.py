"""What version 1 says of the company's numbers, and is told about them."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from conversations.models import InboxRole
from crm.api.serializing import Id, Line, ModelAnswer, Moment, Strict
from whatsapp.cards import card_of
from whatsapp.creation import MAX_NAME
from whatsapp.models import Session, SessionHistory
from whatsapp.selectors import owners_possible
from whatsapp.states import Gateway
from whatsapp.words import remedy, sentence


class NumberOwner(serializers.Serializer):
    """The consultant whose own number it is."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


class SessionCounters(serializers.Serializer):
    """Since the number was added."""

    attempts = serializers.IntegerField(source="attempts_total", help_text="To connect.")
    successes = serializers.IntegerField(source="successes_total", help_text="Connections that came about.")
    failures = serializers.IntegerField(source="failures_total")
    qr = serializers.IntegerField(source="qr_total", help_text="QR codes that were shown.")
    reconnects = serializers.IntegerField(source="reconnects_total")
    cleanups = serializers.IntegerField(source="cleanups_total")
    ignored = serializers.IntegerField(source="ignored_total", help_text="Messages of groups, lists and status.")
    quarantined = serializers.IntegerField(source="quarantined_total", help_text="Messages set aside, to be looked at.")


class SessionSerializer(ModelAnswer):
    """One of the company's WhatsApp numbers, and how it is connected."""

    phone = serializers.SerializerMethodField(help_text="E.164, `+5511…`; empty until it was paired.")
    inbox_id = serializers.IntegerField(help_text="The `inbox` by which conversations are filtered.")
    name = serializers.CharField(source="inbox.name")
    role = serializers.ChoiceField(InboxRole.choices, source="inbox.role", help_text="Who answers on it.")
    livia_enabled = serializers.BooleanField(source="inbox.livia_enabled", help_text="Lívia answers on it.")
    owner = NumberOwner(source="inbox.owner", allow_null=True)
    reason = serializers.CharField(source="state_reason", help_text="Why it is in this state; may be empty.")
    sentence = serializers.SerializerMethodField(help_text="The state in words.")
    remedy = serializers.SerializerMethodField(help_text="What a person can do about it; empty where nothing is.")
    counters = SessionCounters(source="*")

    class Meta:
        model = Session
        fields: ClassVar[tuple[str, ...]] = (
            "id", "inbox_id", "name", "role", "livia_enabled", "owner", "gateway", "phone", "state", "reason",
            "state_changed_at", "state_until", "sentence", "remedy", "wanted", "last_event_at", "last_attempt_at",
            "failures", "cold_blocked_until", "disk_full_since", "spool_waiting_since", "backed_up_at", "counters",
        )  # fmt: skip
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "state_until": {"help_text": "End of a ban, or of the wait for pairing."},
            "wanted": {"help_text": "Whether it should be connected."},
            "last_event_at": {"help_text": "When WhatsApp was last heard of on it."},
            "failures": {"help_text": "Failed attempts in a row."},
            "cold_blocked_until": {"help_text": "No first messages to people who never wrote, until then."},
        }

    def get_phone(self, session: Session) -> str:
        """WhatsApp tells of its own number in digits; everywhere else in the API phones have their plus."""
        return f"+{session.phone}" if session.phone else ""

    def get_sentence(self, session: Session) -> str:
        until = Moment().to_representation(session.state_until) if session.state_until else None
        return sentence(session.state, until=until, reason=session.state_reason)

    def get_remedy(self, session: Session) -> str:
        return remedy(session.state, reason=session.state_reason)


class SessionNotice(serializers.Serializer):
    level = serializers.ChoiceField(["danger", "warn", "info"])
    text = serializers.CharField()
    remedy = serializers.CharField(allow_blank=True)


class SessionMove(ModelAnswer):
    class Meta:
        model = SessionHistory
        fields = ("from_state", "to_state", "reason", "at")


class SessionOutbox(serializers.Serializer):
    """Of the number's messages."""

    waiting = serializers.IntegerField(help_text="Queued.")
    due_since = Moment(allow_null=True, help_text="Since when the longest waiting one might have left.")
    unconfirmed = serializers.IntegerField(help_text="Nobody can tell whether they arrived.")


class SessionWholeSerializer(SessionSerializer):
    """With what its card shows besides: what needs a look, what waits to leave, and what became of it lately."""

    notices = SessionNotice(many=True, source="card.notices")
    outbox = SessionOutbox(source="card.outbox")
    history = SessionMove(many=True, source="card.history")

    class Meta(SessionSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (*SessionSerializer.Meta.fields, "notices", "outbox", "history")


def session_whole(session: Session) -> dict[str, Any]:
    session.card = card_of(session)  # type: ignore[attr-defined]  # read by SessionWholeSerializer
    return dict(SessionWholeSerializer(session).data)


class NewSession(Strict):
    """Lívia answers on her numbers and keeps out of the consultants'."""

    name = Line(max_length=MAX_NAME)
    role = serializers.ChoiceField(InboxRole.choices)
    owner_id = Id(required=False, allow_null=True, help_text="The consultant whose own number it is.")
    gateway = serializers.ChoiceField(Gateway.choices, required=False, help_text="WhatsApp, if it is installed.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        owner_id = values.get("owner_id")
        if owner_id is None:
            return values
        if values["role"] != InboxRole.CONSULTANTS:
            refusal = _("Only a number of the consultants can belong to one of them.")
            raise serializers.ValidationError({"owner_id": [refusal]})
        if not owners_possible().filter(pk=owner_id).exists():
            raise serializers.ValidationError({"owner_id": [_("Choose a consultant.")]})
        return values
