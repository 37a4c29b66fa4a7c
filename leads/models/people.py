"""The people of the rotation, when they work, and which leads are whose."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leads.models.base import Product, Source


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


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class WorkingHours(models.Model):
    """A stretch of a weekday, local time, in which a consultant receives leads. Without any: at all hours."""

    consultant = models.ForeignKey(
        Consultant, on_delete=models.CASCADE, related_name="working_hours", verbose_name=_("consultant")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ("weekday", "begins")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="working_hours_forward"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"


class Absence(models.Model):
    """Days on which a consultant receives no leads: from the first to the last, both included, local dates."""

    consultant = models.ForeignKey(
        Consultant, on_delete=models.CASCADE, related_name="absences", verbose_name=_("consultant")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("-first_day",)
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.consultant_id} {self.first_day:%d/%m/%Y}–{self.last_day:%d/%m/%Y}"


class Strategy(models.TextChoices):
    ROUND_ROBIN = "round_robin", _("In turn")
    LEAST_LOADED = "least_loaded", _("Fewest open leads first")


class RotationSettings(models.Model):
    """How the rotation chooses. One row; an empty strategy is the one of `ASSIGNMENT_STRATEGY`."""

    strategy = models.CharField(_("strategy"), max_length=12, choices=Strategy, blank=True)

    class Meta:
        verbose_name = _("rotation settings")
        verbose_name_plural = _("rotation settings")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="rotation_settings_single")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)


class AssignmentRule(models.Model):
    """Which consultants serve some leads. The first rule in order that fits a lead counts; an empty list fits all."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("in use"), default=True)
    products = ArrayField(
        models.CharField(max_length=24, choices=Product), default=list, blank=True, verbose_name=_("products")
    )
    ufs = ArrayField(models.CharField(max_length=2), default=list, blank=True, verbose_name=_("states"))
    sources = ArrayField(
        models.CharField(max_length=10, choices=Source), default=list, blank=True, verbose_name=_("sources")
    )
    consultants = models.ManyToManyField(Consultant, related_name="assignment_rules", verbose_name=_("consultants"))

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class StageExpectation(models.Model):
    """How many hours a card may rest in a column before it is marked amber, then red; 0 is never."""

    status = models.CharField(_("column"), max_length=10, primary_key=True)
    amber_hours = models.PositiveIntegerField(_("amber after (hours)"), validators=[MaxValueValidator(24 * 365)])
    red_hours = models.PositiveIntegerField(_("red after (hours)"), validators=[MaxValueValidator(24 * 365)])

    class Meta:
        verbose_name = _("stage expectation")
        verbose_name_plural = _("stage expectations")

    def __str__(self) -> str:
        return self.status


class LossReason(models.Model):
    """Why a lead was lost, to choose from. `code` is what a lead keeps; an empty name is the product's own word."""

    code = models.SlugField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("lost reason")
        verbose_name_plural = _("lost reasons")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name or self.code
