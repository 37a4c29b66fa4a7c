"""What somebody should look at: raised by whoever notices it, told to managers, cleared when it is over."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.text import sentence


class Level(models.TextChoices):
    INFO = "info", _("For information")
    WARNING = "warning", pgettext_lazy("alert", "Warning")
    CRITICAL = "critical", _("Critical")


class Alert(models.Model):
    """One matter from when it begins until it ends. `code` says what it is, `key` what it is about (a session, say); of
    each at most one is open.

    The sentences are message ids with their values, so that each reader sees the own language.
    """

    code = models.CharField(_("matter"), max_length=40)
    key = models.CharField(_("about"), max_length=80, blank=True)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.WARNING)
    kind = models.CharField(max_length=24, default="alert", editable=False)  # of its notifications
    title_id = models.CharField(max_length=160)
    body_id = models.CharField(max_length=300, blank=True)
    data = models.JSONField(_("values"), default=dict, blank=True)
    url = models.CharField(_("page"), max_length=200, blank=True)
    raised_at = models.DateTimeField(_("since"))
    last_at = models.DateTimeField(_("last noticed"))
    times = models.PositiveIntegerField(_("times noticed"), default=1)
    told_at = models.DateTimeField(_("managers told"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("over since"), null=True, blank=True)
    # Nobody where it ended by itself.
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("closed by"),
    )  # fmt: skip
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("taken on by"),
    )  # fmt: skip
    taken_at = models.DateTimeField(_("taken on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("-raised_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["code", "key"], condition=models.Q(cleared_at=None), name="alert_open_once")
        ]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="alert_latest"),
            models.Index(fields=["code", "key", "-told_at"], name="alert_last_told"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return sentence(self.title_id, self.data)

    @property
    def body(self) -> str:
        return sentence(self.body_id, self.data)

    @property
    def is_open(self) -> bool:
        return self.cleared_at is None
