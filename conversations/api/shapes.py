"""What version 1 answers about conversations, messages and contacts."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.models import (
    Author,
    Contact,
    Conversation,
    ConversationStatus,
    InboxRole,
    Label,
    MediaState,
    Message,
    MessageState,
    TranscriptState,
)
from conversations.reasons import delivery_note
from conversations.selectors import messages_dress
from crm.api.serializing import ModelAnswer, Moment, moment


class Colleague(serializers.Serializer):
    """A person of the company."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


class ConversationInbox(serializers.Serializer):
    id = serializers.IntegerField(source="pk", help_text="As in `inbox_id` of a session.")
    name = serializers.CharField()
    role = serializers.ChoiceField(InboxRole.choices)


class ConversationContact(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__", help_text="As the pages show it.")
    phone = serializers.CharField(help_text="E.164; empty where WhatsApp has not told it yet.")


class ConversationLabel(ModelAnswer):
    class Meta:
        model = Label
        fields = ("id", "name", "color")


class LastMessage(serializers.Serializer):
    at = Moment()
    text = serializers.CharField(help_text="One line, at most 200 characters.")
    author = serializers.ChoiceField(Author.choices)
    state = serializers.ChoiceField(MessageState.choices)


class ConversationSerializer(ModelAnswer):
    """A thread: one contact on one of our numbers."""

    lead_id = serializers.IntegerField()
    inbox = ConversationInbox()
    contact = ConversationContact()
    state = serializers.ChoiceField(
        ConversationStatus.choices, source="status", help_text="`idle`: silent for a while; `archived`: put away."
    )
    taken_by = Colleague(allow_null=True, help_text="Who took it over; null also where the phone did.")
    consultant = Colleague(source="lead.consultant", allow_null=True, help_text="Whose lead it is.")
    opted_out = serializers.SerializerMethodField(help_text="The client asked for no messages: none can be sent.")
    last_message = serializers.SerializerMethodField()
    labels = ConversationLabel(many=True)

    class Meta:
        model = Conversation
        fields = (
            "id", "lead_id", "inbox", "contact", "state", "attended_by", "attended_since", "taken_by", "consultant",
            "unread_count", "snoozed_until", "opted_out", "last_message", "labels", "created_at",
        )  # fmt: skip
        extra_kwargs: ClassVar[dict[str, Any]] = {"attended_by": {"help_text": "Who answers now; empty: nobody."}}

    def get_opted_out(self, thread: Conversation) -> bool:
        return thread.contact.opted_out_at is not None

    @extend_schema_field(LastMessage(allow_null=True))
    def get_last_message(self, thread: Conversation) -> dict[str, Any] | None:
        if thread.last_message_at is None:
            return None
        told = {name: getattr(thread, f"last_message_{name}") for name in ("text", "author", "state")}
        return {"at": moment(thread.last_message_at), **told}


class QuotedMessage(serializers.Serializer):
    id = serializers.IntegerField()
    text = serializers.CharField(help_text="One line, at most 200 characters.")


class MessageFile(serializers.Serializer):
    state = serializers.ChoiceField(MediaState.choices[1:], help_text="Only a `stored` one can be fetched.")
    url = serializers.CharField(allow_null=True, help_text="Where it is fetched, on this server.")
    name = serializers.CharField(allow_blank=True)
    mime = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField(allow_null=True, help_text="Bytes.")
    seconds = serializers.IntegerField(allow_null=True, help_text="Of a recording or film.")


class MessagePlace(serializers.Serializer):
    name = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class MessageCard(serializers.Serializer):
    """An address card that was sent."""

    name = serializers.CharField(allow_blank=True)
    phones = serializers.ListField(child=serializers.CharField())


class MessageReason(serializers.Serializer):
    code = serializers.CharField(help_text="For programs; may be empty.")
    message = serializers.CharField(help_text="For people.")


class _Dressed(serializers.ListSerializer):
    """What stands elsewhere is fetched once for all messages of a page."""

    def to_representation(self, data: Any) -> Any:
        return super().to_representation(messages_dress(list(data)))


class MessageSerializer(ModelAnswer):
    """A line of a thread: what was said, an event, or a private note of the team, which the client never sees."""

    conversation_id = serializers.IntegerField()
    sender = Colleague(allow_null=True, help_text="Who of the company wrote it; null for all others.")
    text = serializers.SerializerMethodField(help_text="Empty for a file without words, and after an erasure.")
    reason = serializers.SerializerMethodField(help_text="Why it has not left, or may not have.")
    quoted = serializers.SerializerMethodField(help_text="The message it answers.")
    reactions = serializers.SerializerMethodField(help_text="One emoji of each side at most.")
    file = serializers.SerializerMethodField()
    place = serializers.SerializerMethodField(help_text="Of a `location`.")
    cards = serializers.SerializerMethodField(help_text="Of a `contact`.")
    transcript = serializers.SerializerMethodField(help_text="A machine's, of a recording.")

    class Meta:
        model = Message
        fields = (
            "id", "conversation_id", "direction", "author", "sender", "kind", "text", "state", "reason", "quoted",
            "reactions", "file", "place", "cards", "transcript", "sent_at", "state_changed_at", "edited_at",
            "revoked_at", "created_at",
        )  # fmt: skip
        list_serializer_class = _Dressed
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "sent_at": {"help_text": "By WhatsApp's clock; of a queued message when it was written."},
            "state_changed_at": {"help_text": "When it was sent, delivered, read … as `state` says."},
            "revoked_at": {"help_text": "When its writer took it back on WhatsApp."},
        }

    def get_text(self, message: Message) -> str:
        return message.event_text if message.kind == "event" else message.text

    @extend_schema_field(MessageReason(allow_null=True))
    def get_reason(self, message: Message) -> dict[str, str] | None:
        note = delivery_note(message)
        return {"code": message.error_code, "message": note} if note else None

    @extend_schema_field(QuotedMessage(allow_null=True))
    def get_quoted(self, message: Message) -> dict[str, Any] | None:
        quoted = message.quoted  # type: ignore[attr-defined]  # from messages_dress
        return {"id": quoted.pk, "text": quoted.line} if quoted else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_reactions(self, message: Message) -> list[str]:
        return message.reactions  # type: ignore[attr-defined]  # from messages_dress

    @extend_schema_field(MessageFile(allow_null=True))
    def get_file(self, message: Message) -> dict[str, Any] | None:
        if message.media_state == MediaState.NONE:
            return None
        facts = message.media or {}
        stored = message.media_state == MediaState.STORED
        url = reverse("api:message_file", args=[message.pk]) if stored else None
        told = {name: facts.get(name) or "" for name in ("name", "mime")}
        return {"state": message.media_state, "url": url, **told, "size": facts.get("size"),
                "seconds": facts.get("seconds")}  # fmt: skip

    @extend_schema_field(MessagePlace(allow_null=True))
    def get_place(self, message: Message) -> dict[str, Any] | None:
        if message.kind != "location" or not message.media:
            return None
        facts = message.media
        words = {name: facts.get(name, "") for name in ("name", "address")}
        return {**words, **{name: facts.get(name) for name in ("latitude", "longitude")}}

    @extend_schema_field(MessageCard(many=True))
    def get_cards(self, message: Message) -> list[dict[str, Any]]:
        return (message.media or {}).get("contacts", []) if message.kind == "contact" else []

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_transcript(self, message: Message) -> str | None:
        return message.transcript if message.transcript_state == TranscriptState.DONE else None


class ContactSerializer(ModelAnswer):
    """A person on WhatsApp, with the leads and conversations that whoever asks may see."""

    name = serializers.CharField(source="__str__", help_text="As the pages show it.")
    whatsapp_name = serializers.CharField(source="push_name", help_text="As they call themselves on WhatsApp.")
    erased = serializers.SerializerMethodField(help_text="Their data was erased at their request.")
    lead_ids = serializers.SerializerMethodField()
    conversation_ids = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = (
            "id", "name", "whatsapp_name", "phone", "opted_out_at", "erased", "lead_ids", "conversation_ids",
            "created_at",
        )  # fmt: skip
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "phone": {"help_text": "E.164; empty where WhatsApp has not told it yet."},
            "opted_out_at": {"help_text": "Since when they want no messages."},
        }

    def get_erased(self, contact: Contact) -> bool:
        return contact.erased_at is not None

    def get_lead_ids(self, contact: Contact) -> list[int]:
        return sorted({thread.lead_id for thread in _threads(contact)})

    def get_conversation_ids(self, contact: Contact) -> list[int]:
        return [thread.pk for thread in _threads(contact)]


def _threads(contact: Contact) -> list[Conversation]:
    return contact.threads  # type: ignore[attr-defined]  # prefetched: those that may be seen
