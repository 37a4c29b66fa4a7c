"""Inboxes, contacts, threads and messages. A message row is also the outbox: its state is the queue."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leads.models import Attendance, Lead


class InboxRole(models.TextChoices):
    LIVIA = "livia", "Lívia"
    CONSULTANTS = "consultants", _("Consultants")


class Inbox(models.Model):
    """One WhatsApp number: Lívia's, or the consultants' (shared, or owned by one of them)."""

    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=12, choices=InboxRole)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("owner")
    )
    livia_enabled = models.BooleanField(_("Lívia answers here"), default=True)

    class Meta:
        verbose_name = _("inbox")
        verbose_name_plural = _("inboxes")

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person on WhatsApp: one row whether known by phone (with or without the ninth digit) or by LID."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    push_name = models.CharField(_("name on WhatsApp"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    phone_key = models.CharField(max_length=16, null=True, blank=True, unique=True, editable=False)  # noqa: DJ001
    lid = models.CharField(max_length=40, null=True, blank=True, unique=True, editable=False)  # noqa: DJ001
    opted_out_at = models.DateTimeField(_("asked for no messages"), null=True, blank=True, editable=False)
    # What WhatsApp said when asked for the number: its address, empty for "not there", and when.
    whatsapp_jid = models.CharField(max_length=80, blank=True, editable=False)
    whatsapp_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name or self.push_name or self.phone or f"#{self.pk}"


class ConversationStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    IDLE = "idle", _("Idle")
    ARCHIVED = "archived", _("Archived")


class Conversation(models.Model):
    """A thread: one contact in one inbox. Its owner is its lead's consultant."""

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="conversations", verbose_name=_("inbox"))
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="conversations", verbose_name=_("contact")
    )
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="conversations", verbose_name=_("lead"))
    chat = models.CharField(_("WhatsApp address"), max_length=80, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=ConversationStatus, default=ConversationStatus.ACTIVE)
    attended_by = models.CharField(_("attended by"), max_length=8, choices=Attendance, blank=True)
    attended_since = models.DateTimeField(_("attended since"), null=True, blank=True, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("taken over by"),
    )
    awaiting_since = models.DateTimeField(_("waits for Lívia since"), null=True, blank=True, editable=False)
    last_inbound_id = models.BigIntegerField(default=0, editable=False)
    answered_upto_id = models.BigIntegerField(default=0, editable=False)
    # Read here, by whoever serves the client, and shown to the client as read.
    read_upto_id = models.BigIntegerField(default=0, editable=False)
    receipted_upto_id = models.BigIntegerField(default=0, editable=False)
    last_message_at = models.DateTimeField(_("last message"), null=True, blank=True, editable=False)
    last_message_text = models.CharField(max_length=200, blank=True, editable=False)
    last_message_author = models.CharField(max_length=10, blank=True, editable=False)
    last_message_state = models.CharField(max_length=10, blank=True, editable=False)
    unread_count = models.PositiveIntegerField(_("unread messages"), default=0, editable=False)
    revision = models.BigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [models.UniqueConstraint(fields=["inbox", "contact"], name="conversation_inbox_contact_unique")]
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="conversation_latest"),
            models.Index(
                fields=["awaiting_since"], condition=~models.Q(awaiting_since=None), name="conversation_waits"
            ),
            models.Index(
                fields=["inbox"],
                condition=models.Q(read_upto_id__gt=models.F("receipted_upto_id")),
                name="conversation_unreceipted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.inbox}"

    @property
    def awaits_livia(self) -> bool:
        return self.last_inbound_id > self.answered_upto_id

    @property
    def order_key(self) -> int:
        """Newest first, as a number that grows downwards (milliseconds)."""
        return -int(self.last_message_at.timestamp() * 1000) if self.last_message_at else 0


class ConsultantsConversations(models.Manager["Conversation"]):
    def get_queryset(self) -> models.QuerySet[Conversation]:
        return super().get_queryset().filter(inbox__role=InboxRole.CONSULTANTS)


class WhatsAppConversation(Conversation):
    """A thread on a consultants' number, where clients reach their consultant directly."""

    objects = ConsultantsConversations()

    class Meta:
        proxy = True
        verbose_name = _("consultant's conversation")
        verbose_name_plural = _("consultants' conversations")


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
        text = gettext(self.text)
        return text % self.media if self.media else text


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
