"""What consultants keep at hand: ready answers, and messages for later."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.messages import Message
from conversations.models.threads import Conversation


class CannedReply(models.Model):
    """An answer kept for the next time: the team's, or one's own. `{nome}` and its like are filled in on use."""

    shortcut = models.SlugField(_("shortcut"), max_length=30, help_text=_("Typed after a slash."))
    text = models.TextField(_("text"), max_length=4096)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="canned_replies",
        verbose_name=_("owner"), help_text=_("Empty: the whole team's."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ("shortcut", "id")
        constraints = [
            models.UniqueConstraint(fields=["shortcut"], condition=models.Q(owner=None), name="canned_shared_unique"),
            models.UniqueConstraint(fields=["owner", "shortcut"], name="canned_own_unique"),
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"


class ScheduledState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")
    REFUSED = "refused", _("Not sent")


class ScheduledMessage(models.Model):
    """A text to be sent later. Due, it becomes a row of the outbox; `reason` says why it did not."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="scheduled", verbose_name=_("conversation")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"))
    send_at = models.DateTimeField(_("to be sent"))
    cancel_on_reply = models.BooleanField(_("only if the client has not written by then"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=ScheduledState, default=ScheduledState.WAITING)
    reason = models.CharField(_("why not"), max_length=40, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("message")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("scheduled message")
        verbose_name_plural = _("scheduled messages")
        ordering = ("send_at", "id")
        indexes = [
            models.Index(fields=["send_at"], condition=models.Q(state="waiting"), name="scheduled_due"),
            models.Index(fields=["conversation"], condition=models.Q(state="waiting"), name="scheduled_of_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.send_at:%d/%m %H:%M}"
