"""The record of everything done to a lead, and the ledger of the board's totals."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.leads import Lead


class ActorKind(models.TextChoices):
    SYSTEM = "system", _("System")
    LIVIA = "livia", "Lívia"
    PERSON = "person", _("Person")
    CLIENT = "client", _("Client")


class InteractionKind(models.TextChoices):
    CREATED = "created", _("Lead created")
    RETURNED = "returned", _("Came back")
    UPDATED = "updated", _("Data changed")
    MOVED = "moved", _("Moved")
    ASSIGNED = "assigned", _("Assigned")
    CLASSIFIED = "classified", _("Classified")
    SIMULATED = "simulated", _("Simulation made")
    HANDED_OVER = "handed_over", _("Handed over by Lívia")
    TAKEN_OVER = "taken_over", _("Conversation taken over")
    HANDED_BACK = "handed_back", _("Handed back to Lívia")
    OPTED_OUT = "opted_out", _("Asked for no more messages")
    OPTED_IN = "opted_in", _("Writes to us again")
    MERGED = "merged", _("Two leads became one")
    UNMERGED = "unmerged", _("Became two leads again")
    TASK_ADDED = "task_added", _("Task added")
    TASK_DONE = "task_done", _("Task done")
    TASK_CHANGED = "task_changed", _("Task changed")
    TASK_CANCELLED = "task_cancelled", _("Task cancelled")
    NOTED = "noted", _("Note written")
    FILE_ADDED = "file_added", _("File added")
    FILE_REMOVED = "file_removed", _("File removed")
    CONSENTED = "consented", _("Consent written down")
    EXPORTED = "exported", _("Data handed out")
    ERASED = "erased", _("Personal data erased")
    REVIEW_ASKED = "review_asked", _("Review by a person asked for")
    REVIEWED = "reviewed", _("Reviewed by a person")


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("Interactions are append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("Interactions are append-only.")


class Interaction(models.Model):
    """One thing done to a lead, by whom. Append-only."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="interactions", verbose_name=_("lead"))
    kind = models.CharField(_("kind"), max_length=16, choices=InteractionKind)
    actor_kind = models.CharField(_("kind of actor"), max_length=8, choices=ActorKind, default=ActorKind.SYSTEM)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("actor")
    )
    data = models.JSONField(_("data"), default=dict, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ("-id",)
        indexes = [models.Index(fields=["lead", "-id"], name="interaction_lead")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.lead_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("Interactions are append-only.")
        super().save(*args, **kwargs)


class BoardDelta(models.Model):
    """Column totals as a ledger: a trigger appends what each change of a lead adds, a task folds the rows.

    Appending instead of updating a counter keeps concurrent changes from waiting for each other.
    """

    consultant_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10)
    leads = models.IntegerField()
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("column total")
        verbose_name_plural = _("column totals")
        indexes = [models.Index(fields=["consultant_id", "status"], name="boarddelta_column")]

    def __str__(self) -> str:
        return f"{self.consultant_id or '–'} {self.status} {self.leads:+d}"
