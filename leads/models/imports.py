"""Leads that come from a file: the file, how its columns are read, and what became of each of its rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.leads import Lead


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to be chosen")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing written yet")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")


class Import(models.Model):
    """One file of leads. The row is the queue: a worker that dies is followed by one that goes on after `rows_done`."""

    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=200, blank=True, editable=False)  # under MEDIA_ROOT; empty once deleted
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    sheet = models.CharField(_("sheet"), max_length=80, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    columns = models.JSONField(_("columns of the file"), default=list)  # their headings, in order
    sample = models.JSONField(default=list)  # the first rows, as read
    mapping = models.JSONField(_("what each column is"), default=dict)  # column number as text -> field of a lead
    # Of the file: heading (its line), sheets. Of a person: assign ("rotation", "nobody" or a consultant's id), known,
    # consent, consent_text. Of an undoing: undo (how many rows), owners (whose boards it changes).
    options = models.JSONField(_("options"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    error = models.CharField(_("error"), max_length=300, blank=True)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    created_count = models.PositiveIntegerField(_("new"), default=0)
    known_count = models.PositiveIntegerField(_("known already"), default=0)
    repeated_count = models.PositiveIntegerField(_("twice in the file"), default=0)
    error_count = models.PositiveIntegerField(_("with errors"), default=0)
    kept_count = models.PositiveIntegerField(_("kept when undone"), default=0)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)  # a worker's sign of life
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class RowOutcome(models.TextChoices):
    NEW = "new", _("New")
    KNOWN = "known", _("Known already")
    REPEATED = "repeated", _("Twice in the file")
    ERROR = "error", _("With errors")


class ImportRow(models.Model):
    """What became of a row of a file, or in a dry run would. `line` is the row's number as a spreadsheet shows it."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", verbose_name=_("import"))
    line = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=RowOutcome)
    # Kept where a person has to look: errors, and who it was taken for.
    values = models.JSONField(_("values"), null=True, blank=True)
    errors = models.JSONField(_("errors"), default=dict, blank=True)  # field -> sentence id
    lead = models.ForeignKey(
        Lead, on_delete=models.CASCADE, null=True, blank=True, related_name="import_rows", verbose_name=_("lead")
    )

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ("line",)
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_row_unique")]
        indexes = [models.Index(fields=["batch", "outcome", "line"], name="import_row_outcome")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line} {self.outcome}"
