"""Lists as files: who asked for which rows, and what became of it. The row is the queue."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ExportKind(models.TextChoices):
    LEADS = "leads", _("Leads")
    TASKS = "tasks", _("Tasks")
    CONVERSATIONS = "conversations", _("Conversations")
    MESSAGES = "messages", _("Messages")
    INTERACTIONS = "interactions", _("History of leads")
    SIMULATIONS = "simulations", _("Simulations")
    CONTACTS = "contacts", _("Contacts on WhatsApp")
    CONSENTS = "consents", _("Consents")


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being written")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Deleted")


class Export(models.Model):
    """One list somebody asked for. `params` says which rows: `query` of the list's address, `ids`, `first` and `last`
    days. They are chosen when it runs, by what the requester may see then."""

    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    kind = models.CharField(_("list"), max_length=16, choices=ExportKind)
    format = models.CharField(_("format"), max_length=4, choices=ExportFormat, default=ExportFormat.CSV)
    params = models.JSONField(_("which rows"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ExportState, default=ExportState.WAITING)
    rows_done = models.PositiveIntegerField(_("rows written"), default=0)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    path = models.CharField(max_length=100, blank=True, editable=False)  # under MEDIA_ROOT; empty while there is none
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    error = models.CharField(_("error"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    claim = models.UUIDField(null=True, blank=True, editable=False)  # of the worker that writes it, and of its file
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)  # that worker's last sign of life
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["requester", "-id"], name="export_of_person"),
            models.Index(fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="export_due"),
            models.Index(fields=["expires_at"], condition=models.Q(state="ready"), name="export_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_busy(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.RUNNING)

    @property
    def error_text(self) -> str:
        return gettext(self.error) if self.error else ""

    @property
    def percent(self) -> int:
        return min(100, 100 * self.rows_done // self.rows_total) if self.rows_total else 0
