"""What became of each backup: a row from its start, so that a run that was cut off is seen too."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    """One run. `name` is the set's name in the storage, `parts` what it holds with bytes and seconds; `checked_at` is
    when it was read back whole. A run without `finished_at` still works, or was killed."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    place = models.CharField(_("place"), max_length=300)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    checked_at = models.DateTimeField(_("read back"), null=True, blank=True)
    bytes = models.BigIntegerField(_("bytes"), default=0)
    parts = models.JSONField(_("parts"), default=dict, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return self.name
