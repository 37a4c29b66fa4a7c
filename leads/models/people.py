"""The people of the rotation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Consultant(models.Model):
    """A user in the rotation; shares the user's primary key. `turn` is the number of the last assignment."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="consultant",
        verbose_name=_("user"),
    )
    in_rotation = models.BooleanField(_("in the rotation"), default=True)
    turn = models.BigIntegerField(_("last turn"), default=0, editable=False)
    assigned_count = models.PositiveIntegerField(_("leads received"), default=0, editable=False)
    last_assigned_at = models.DateTimeField(_("last assigned"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("consultant")
        verbose_name_plural = _("consultants")
        ordering = ("turn", "user_id")
        indexes = [models.Index(fields=["turn", "user_id"], name="consultant_turn")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)
