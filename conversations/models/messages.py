"""Messages. A row is also the outbox: its state is the queue."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.models.people import Inbox
from conversations.models.threads import Conversation
from crm.core.folding import Fold
from crm.core.text import sentence


class Direction(models.TextChoices):
    IN = "in", _("In")
    OUT = "out", _("Out")


class Author(models.TextChoices):
    CLIENT = "client", _("Client")
    LIVIA = "livia", "Lívia"
    CONSULTANT = "consultant", _("Consultant")
    PHONE = "phone", _("Consultant's phone")
    SYSTEM = "system", _("System")


class MessageKind(models.TextChoices):
    TEXT = "text", _("Text")
    IMAGE = "image", _("Image")
    AUDIO = "audio", _("Voice")
    VIDEO = "video", _("Video")
    DOCUMENT = "document", _("Document")
    STICKER = "sticker", _("Sticker")
    LOCATION = "location", _("Location")
    CONTACT = "contact", _("Contact")
    REACTION = "reaction", _("Reaction")
    PENDING = "pending", _("On its way")
    UNKNOWN = "unknown", _("Other")
    EVENT = "event", _("Event")
    NOTE = "note", _("Private note")


class MessageState(models.TextChoices):
    RECEIVED = "received", _("Received")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    PLAYED = "played", _("Played")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unconfirmed")
    CANCELLED = "cancelled", _("Cancelled")


class MediaState(models.TextChoices):
    """Of the file that belongs to a message."""

    NONE = "", _("No file")
    AWAITED = "awaited", _("Being fetched")
    STORED = "stored", _("Stored")
    GONE = "gone", _("No longer on WhatsApp")
    TOO_LARGE = "too_large", _("Too large")
    FAILED = "failed", _("Not fetched")


class TranscriptState(models.TextChoices):
    """Of the words of a voice message."""

    NONE = "", _("None")
    AWAITED = "awaited", _("Being transcribed")
    DONE = "done", _("Transcribed")
    FAILED = "failed", _("Not transcribed")


class Message(models.Model):
    """One message, in or out. `provider_id` is WhatsApp's; an outgoing row has none until it was sent."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", verbose_name=_("conversation")
    )
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    author = models.CharField(_("author"), max_length=10, choices=Author)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("sender")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind, default=MessageKind.TEXT)
    text = models.TextField(_("text"), blank=True)
    media = models.JSONField(_("media"), null=True, blank=True)
    media_state = models.CharField(_("file"), max_length=10, choices=MediaState, blank=True, default=MediaState.NONE)
    media_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    media_not_before = models.DateTimeField(null=True, blank=True, editable=False)
    transcript = models.TextField(_("transcript"), blank=True)
    transcript_state = models.CharField(
        _("transcription"), max_length=8, choices=TranscriptState, blank=True, default=TranscriptState.NONE
    )
    original_text = models.TextField(_("text before it was edited"), blank=True)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("deleted by its writer"), null=True, blank=True)
    provider_id = models.CharField(_("WhatsApp id"), max_length=80, blank=True)
    quoted_provider_id = models.CharField(_("quoted WhatsApp id"), max_length=80, blank=True)
    client_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    mentions = ArrayField(models.BigIntegerField(), null=True, blank=True, verbose_name=_("mentioned"))
    state = models.CharField(_("state"), max_length=10, choices=MessageState)
    error_code = models.CharField(_("error"), max_length=40, blank=True)
    error_detail = models.CharField(_("error in detail"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    typing_ms = models.PositiveIntegerField(_("typing (ms)"), default=0)
    sent_at = models.DateTimeField(_("sent"))
    state_changed_at = models.DateTimeField(_("state since"), auto_now_add=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    # What arrived, its turn, the answer and the push all carry the same (crm.core.tracing).
    trace_id = models.CharField(_("trace"), max_length=32, blank=True, default="", db_default="", editable=False)
    sentiment = models.FloatField(_("sentiment"), null=True, blank=True)
    keywords = models.JSONField(_("keywords"), null=True, blank=True)
    processing_ms = models.PositiveIntegerField(_("processing (ms)"), null=True, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)

    class Meta:
        verbose_name = _("conversation message")
        verbose_name_plural = _("conversation messages")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "direction", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="message_provider_unique",
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_thread"),
            models.Index(
                fields=["conversation", "id"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="message_outbox",
            ),
            models.Index(fields=["provider_id"], condition=~models.Q(provider_id=""), name="message_provider"),
            models.Index(fields=["id"], condition=models.Q(media_state="awaited"), name="message_file_awaited"),
            models.Index(
                fields=["id"], condition=models.Q(transcript_state="awaited"), name="message_transcript_awaited"
            ),
            models.Index(fields=["conversation"], condition=models.Q(state="unknown"), name="message_unconfirmed"),
            models.Index(
                fields=["conversation", "quoted_provider_id"],
                condition=models.Q(kind="reaction"),
                name="message_reactions",
            ),
            models.Index(fields=["id"], condition=models.Q(state__in=["failed", "unknown"]), name="message_unsent"),
            GinIndex(
                SearchVector(
                    Fold(Concat("text", models.Value(" "), "transcript", output_field=models.TextField())),
                    config="simple",
                ),
                name="message_search",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_author_display()} · {self.get_kind_display()} #{self.pk}"

    @property
    def words(self) -> str:
        """What the writer said, written or spoken."""
        return self.text or self.transcript

    @property
    def media_url(self) -> str:
        """Where a browser fetches the file; empty while there is none."""
        if self.media_state != MediaState.STORED:
            return ""
        return reverse("conversations:media", args=[self.conversation_id, self.pk])

    @property
    def event_text(self) -> str:
        """The sentence of an event in the reader's language: `text` is its message id, `media` holds the names."""
        return sentence(self.text, self.media)


class OrphanReceipt(models.Model):
    """A receipt that came before the message it belongs to was recorded as sent. Matched later."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE)
    chat = models.CharField(max_length=80)
    provider_id = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=MessageState)
    at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("orphan receipt")
        verbose_name_plural = _("orphan receipts")
        constraints = [models.UniqueConstraint(fields=["inbox", "provider_id", "state"], name="orphan_receipt_unique")]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.state}"
