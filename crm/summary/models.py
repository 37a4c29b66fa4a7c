"""The weekly summary of one manager: a row from when it is due until it was sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SummaryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", pgettext_lazy("summary", "Sent")
    DROPPED = "dropped", _("No longer wanted")
    FAILED = "failed", _("Failed")


class SummarySent(models.Model):
    """`week` is the Monday of the week it tells of. A claim left by a worker that died is taken again: the mail then
    carries the same Message-ID, by which mail programs show it once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=pgettext_lazy("summary", "to"),
    )
    week = models.DateField(_("week"))
    state = models.CharField(_("state"), max_length=8, choices=SummaryState, default=SummaryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(_("error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(pgettext_lazy("summary", "sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("weekly summary")
        verbose_name_plural = _("weekly summaries")
        ordering = ("-week", "user_id")
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="summary_once_a_week")]
        indexes = [
            models.Index(
                fields=["not_before"], condition=models.Q(state__in=["waiting", "sending"]), name="summary_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.user_id}"
