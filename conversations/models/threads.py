"""Threads: one contact in one inbox."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.people import Contact, Inbox, InboxRole
from leads.models import Attendance, Lead


class LabelColor(models.TextChoices):
    GRAY = "gray", _("Gray")
    GREEN = "green", _("Green")
    BLUE = "blue", _("Blue")
    PURPLE = "purple", _("Purple")
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")


class Label(models.Model):
    """A word the team sorts threads by."""

    name = models.CharField(_("name"), max_length=30, unique=True)
    color = models.CharField(_("colour"), max_length=8, choices=LabelColor, default=LabelColor.GRAY)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


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
    # Out of the list until then, or until the client writes.
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True, editable=False)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("snoozed by"),
    )  # fmt: skip
    labels = models.ManyToManyField("Label", blank=True, related_name="conversations", verbose_name=_("labels"))
    # Lívia's turns that ended in an error nobody foresaw: tried again later and later, then a person's to run again.
    turn_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    turn_not_before = models.DateTimeField(null=True, blank=True, editable=False)
    turn_failed_at = models.DateTimeField(_("given up since"), null=True, blank=True, editable=False)
    turn_error = models.CharField(max_length=80, blank=True, editable=False)
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
            models.Index(fields=["status", "last_message_at"], name="conversation_life"),
            models.Index(
                fields=["snoozed_until"], condition=~models.Q(snoozed_until=None), name="conversation_snoozed"
            ),
            models.Index(
                fields=["turn_failed_at"], condition=~models.Q(turn_failed_at=None), name="conversation_given_up"
            ),
            models.Index(
                fields=["-last_message_at", "-id"], condition=models.Q(unread_count__gt=0), name="conversation_unread"
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
