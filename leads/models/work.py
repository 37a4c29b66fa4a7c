"""What people keep beside a lead: tasks, notes and files; and the views of the board they save."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.history import ActorKind
from leads.models.leads import Lead


class TaskKind(models.TextChoices):
    CALL = "call", _("Call")
    MESSAGE = "message", _("Message")
    MEETING = "meeting", _("Meeting")
    PROPOSAL = "proposal", _("Proposal")
    DOCUMENTS = "documents", _("Documents")
    OTHER = "other", _("Other task")


class TaskState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Task(models.Model):
    """Something to do for a lead by a time. `made_by` says who thought of it; a rule's `rule` is its code."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="tasks", verbose_name=_("lead"))
    kind = models.CharField(_("kind"), max_length=12, choices=TaskKind, default=TaskKind.OTHER)
    title = models.CharField(_("title"), max_length=120)
    note = models.CharField(_("details"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    # Nobody: whoever is the lead's consultant then.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks",
        verbose_name=_("whose"),
    )  # fmt: skip
    made_by = models.CharField(_("made by"), max_length=8, choices=ActorKind, default=ActorKind.PERSON, editable=False)
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("created by"),
    )  # fmt: skip
    rule = models.CharField(_("rule"), max_length=40, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("closed by"),
    )  # fmt: skip
    snoozed_count = models.PositiveSmallIntegerField(_("put off"), default=0, editable=False)
    # The due time its owner was told of; another due time is told of again.
    told_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "rule"], condition=models.Q(state="open") & ~models.Q(rule=""), name="task_rule_once"
            )
        ]
        indexes = [
            models.Index(fields=["lead", "due_at"], condition=models.Q(state="open"), name="task_open_of_lead"),
            models.Index(fields=["owner", "due_at"], condition=models.Q(state="open"), name="task_open_of_owner"),
            models.Index(fields=["due_at"], condition=models.Q(state="open"), name="task_open_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """What the team tells itself about a lead; never shown to the client."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="notes", verbose_name=_("lead"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=4000)
    mentions = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("mentioned"))
    pinned = models.BooleanField(_("pinned"), default=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-pinned", "-id")
        indexes = [models.Index(fields=["lead", "-id"], name="note_lead")]

    def __str__(self) -> str:
        return f"{self.author} · {self.lead_id}"


class LeadFile(models.Model):
    """A document kept with a lead. `path` is relative to MEDIA_ROOT; a removed one keeps its row, not its bytes."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="files", verbose_name=_("lead"))
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    name = models.CharField(_("name"), max_length=200)
    path = models.CharField(max_length=200, editable=False)
    mime = models.CharField(_("kind"), max_length=100)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("file of a lead")
        verbose_name_plural = _("files of leads")
        ordering = ("-id",)
        indexes = [models.Index(fields=["lead", "-id"], name="leadfile_lead")]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """Filters of the board under a name: one's own, or shared with the team. `query` is the address's query string."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=500)
    shared = models.BooleanField(_("shared with the team"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_unique")]

    def __str__(self) -> str:
        return self.name
