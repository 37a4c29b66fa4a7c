"""How the installation does: its processes, a measurement a minute, a report an hour, and the mails about alerts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.alerts.models import Alert


class ProcessKind(models.TextChoices):
    WEB = "web", _("Web")
    REALTIME = "realtime", _("Realtime")
    WORKER = "worker", pgettext_lazy("process", "Worker")
    WHATSAPP = "whatsapp", _("WhatsApp worker")
    BEAT = "beat", _("Clock (beat)")


class Process(models.Model):
    """A process that says every few seconds that it is there; silent ones are forgotten after a while.

    `memory_mb` is its resident memory with that of its children, `cpu_percent` of one core since the last pulse;
    `host_cpu_percent`, `host_memory_percent` and `disk_percent` are those of its machine, null where they cannot be
    read. `data` holds what only its kind knows: queues it serves, sockets, its pool of connections.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ProcessKind)
    host = models.CharField(_("machine"), max_length=120)
    pid = models.PositiveIntegerField(_("process"))
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last seen"))
    stopping = models.BooleanField(_("shutting down"), default=False)
    memory_mb = models.FloatField(_("memory (MB)"), null=True)
    cpu_percent = models.FloatField(_("processor (%)"), null=True)
    host_cpu_percent = models.FloatField(_("machine's processor (%)"), null=True)
    host_memory_percent = models.FloatField(_("machine's memory (%)"), null=True)
    disk_percent = models.FloatField(_("disk (%)"), null=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ("kind", "host", "pid")
        constraints = [models.UniqueConstraint(fields=["host", "pid", "started_at"], name="process_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.host}:{self.pid}"


class Sample(models.Model):
    """What was measured at one minute, over the minutes before it (`ALERT_WINDOW_MINUTES`); null where nothing could
    be measured, because nothing happened or the source was away. Never guessed."""

    at = models.DateTimeField(_("minute"), unique=True)
    received = models.PositiveIntegerField(_("messages received"), default=0)
    answered = models.PositiveIntegerField(_("answers"), default=0)
    response_s = models.FloatField(_("answer after (s)"), null=True)
    model_s = models.FloatField(_("model (s)"), null=True)
    error_percent = models.FloatField(_("errors (%)"), null=True)
    cpu_percent = models.FloatField(_("processor (%)"), null=True)
    memory_percent = models.FloatField(_("memory (%)"), null=True)
    cache_percent = models.FloatField(_("cache hits (%)"), null=True)
    queue = models.PositiveIntegerField(_("waiting"), null=True)
    db_connections = models.PositiveIntegerField(_("database connections"), null=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Band(models.TextChoices):
    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", pgettext_lazy("health", "Good")
    FAIR = "fair", pgettext_lazy("health", "Fair")
    POOR = "poor", pgettext_lazy("health", "Poor")


class Report(models.Model):
    """One hour, once it is over. `figures` are those the score was made of, `lost` [[reason, points]…] what it lost,
    `advice` the codes of the recommendations, so that each reader sees the own language."""

    hour = models.DateTimeField(_("hour"), unique=True)
    score = models.SmallIntegerField(_("score"))
    band = models.CharField(_("health"), max_length=10, choices=Band)
    figures = models.JSONField(_("figures"), default=dict)
    lost = models.JSONField(default=list)
    advice = models.JSONField(default=list)
    created_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("hourly report")
        verbose_name_plural = _("hourly reports")
        ordering = ("-hour",)

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:%M}"


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", pgettext_lazy("alert mail", "Sent")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("No longer wanted")


class MailReason(models.TextChoices):
    RAISED = "raised", pgettext_lazy("alert mail", "Begun")
    UNTAKEN = "untaken", _("Nobody looks after it")
    CLEARED = "cleared", pgettext_lazy("alert mail", "Over")


class AlertMail(models.Model):
    """An e-mail about an alert: a row from when it is due until it was sent. The row is the queue."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="mails", verbose_name=_("alert"))
    to = models.EmailField(_("to"))
    language = models.CharField(max_length=10, default="pt-br")
    reason = models.CharField(_("reason"), max_length=8, choices=MailReason)
    state = models.CharField(_("state"), max_length=8, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(_("error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(pgettext_lazy("alert mail", "sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail about an alert")
        verbose_name_plural = _("mails about alerts")
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(fields=["alert", "to", "reason"], name="alert_mail_once")]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state__in=["waiting", "sending"]), name="mail_due")
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.to}"
