"""A session: one WhatsApp number of ours, its connection, and the history of what became of it."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from whatsapp.states import Gateway, State
from whatsapp.words import reason_text


class Session(models.Model):
    inbox = models.OneToOneField(
        "conversations.Inbox", on_delete=models.CASCADE, related_name="session", verbose_name=_("inbox")
    )
    gateway = models.CharField(_("gateway"), max_length=16, choices=Gateway.choices, default=Gateway.NEONIZE)
    wanted = models.BooleanField(_("wanted"), default=False, help_text=_("Whether it should be connected."))
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.STOPPED)
    state_reason = models.CharField(_("reason"), max_length=200, blank=True)
    state_until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("End of a ban, or of the wait for pairing.")
    )
    state_changed_at = models.DateTimeField(_("state since"), auto_now_add=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    jid = models.CharField("JID", max_length=80, blank=True)

    lease_owner = models.CharField(_("run by"), max_length=120, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_expires_at = models.DateTimeField(_("lease until"), null=True, blank=True)
    child_pid = models.PositiveIntegerField(_("process"), null=True, blank=True)

    last_event_at = models.DateTimeField(_("last event"), null=True, blank=True)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    alarmed = models.BooleanField(_("managers were told"), default=False)

    attempts_total = models.PositiveIntegerField(_("attempts"), default=0)
    successes_total = models.PositiveIntegerField(_("successes"), default=0)
    failures_total = models.PositiveIntegerField(_("failures"), default=0)
    qr_total = models.PositiveIntegerField(_("QR codes"), default=0)
    reconnects_total = models.PositiveIntegerField(_("reconnections"), default=0)
    cleanups_total = models.PositiveIntegerField(_("clean-ups"), default=0)
    ignored_total = models.PositiveIntegerField(_("ignored (groups, lists, status)"), default=0)
    quarantined_total = models.PositiveIntegerField(_("set aside"), default=0)

    memory_mb = models.PositiveIntegerField(_("memory (MB)"), null=True, blank=True)
    disk_full_since = models.DateTimeField(_("disk full since"), null=True, blank=True)
    spool_waiting_since = models.DateTimeField(_("spool not stored since"), null=True, blank=True)
    cold_blocked_until = models.DateTimeField(
        _("no first messages until"),
        null=True,
        blank=True,
        help_text=_("WhatsApp refused messages to people who never wrote to this number."),
    )
    cleaned_at = models.DateTimeField(_("cleaned up"), null=True, blank=True)
    backed_up_at = models.DateTimeField(_("last backup"), null=True, blank=True)
    # The last hour's counters as they stood at its start, and which alerts are raised now.
    watched = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("WhatsApp session")
        verbose_name_plural = _("WhatsApp sessions")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=State.values), name="session_state_known")]

    def __str__(self) -> str:
        return str(self.inbox)

    @property
    def folder(self) -> Path:
        """Where the session keeps its credentials and its spool: one folder a session, for nobody else's eyes."""
        return Path(settings.WHATSAPP_SESSION_DIR) / str(self.pk)


class SessionHistory(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="history", verbose_name=_("session"))
    from_state = models.CharField(_("from"), max_length=16, choices=State.choices)
    to_state = models.CharField(_("to"), max_length=16, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["session", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"

    @property
    def reason_text(self) -> str:
        return reason_text(self.reason)


class SetAside(models.Model):
    """A record of the spool that could not be stored, as it lay there: it waits for a person to try it again."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="set_aside", verbose_name=_("session"))
    raw = models.BinaryField()
    error = models.CharField(_("error"), max_length=80)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("message set aside")
        verbose_name_plural = _("messages set aside")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.session} #{self.pk}"
