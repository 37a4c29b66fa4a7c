"""Who Lívia speaks for and how: the business, its answers, her prompts by stage."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent.models.stages import StageChoice

# Stages in which she speaks, and so has a prompt.
SPEAKING = ("INTRO", "QUALIFICATION", "SIMULATION", "CONVERSION")
DEFAULT_WEEK = {str(day): [["09:00", "18:00"]] for day in range(5)}


def default_week() -> dict[str, list[list[str]]]:
    return {day: [list(span) for span in spans] for day, spans in DEFAULT_WEEK.items()}


class BusinessProfile(models.Model):
    """Who Lívia speaks for. One row."""

    name = models.CharField(_("name"), max_length=80, default="Lívia Crédito")
    services = models.TextField(_("services, one a line"), blank=True)
    tone = models.CharField(_("tone of voice"), max_length=200, blank=True)
    hours = models.CharField(_("business hours"), max_length=120, default="de segunda a sexta, das 9h às 18h")
    address = models.CharField(_("address"), max_length=200, blank=True)
    links = models.TextField(
        _("addresses she may name, one a line"), blank=True, help_text=_("Any other link in a reply is refused.")
    )
    # Monday is "0"; spans of local time, as ["09:00", "18:00"].
    week = models.JSONField(_("open by weekday"), default=default_week, blank=True)
    holidays_uf = models.CharField(
        _("state of the holidays"), max_length=2, blank=True, help_text=_("Empty: only national holidays.")
    )
    closed_on = models.JSONField(_("also closed on"), default=list, blank=True)  # ISO dates
    follow_ups = models.BooleanField(
        _("remind clients who stop answering"), default=True, help_text=_("At most twice, in business hours.")
    )

    class Meta:
        verbose_name = _("business profile")
        verbose_name_plural = _("business profile")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="business_profile_single")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)


class FaqEntry(models.Model):
    """A question clients ask, with the answer Lívia gives."""

    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"), max_length=600)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("frequent question")
        verbose_name_plural = _("frequent questions")
        ordering = ("question",)

    def __str__(self) -> str:
        return self.question


class PromptVersion(models.Model):
    """How Lívia behaves in a stage from a moment on. Rows are never changed: an edit is a new version."""

    stage = models.CharField(
        _("stage"),
        max_length=14,
        choices=[choice for choice in StageChoice.choices if choice[0] in SPEAKING],
    )
    version = models.PositiveIntegerField(_("version"), editable=False)
    instructions = models.TextField(
        _("instructions"), max_length=4000, help_text=_("What she is told in this stage, in Portuguese.")
    )
    default_reply = models.TextField(
        _("default reply"), max_length=700, help_text=_("Said when nothing else fits. No figures.")
    )
    asks = models.JSONField(_("also asks for"), default=list, blank=True)  # soft slots; figures are always needed
    limits = models.JSONField(_("plausible values"), default=dict, blank=True)  # slot -> [least, greatest]
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("prompt version")
        verbose_name_plural = _("prompt versions")
        ordering = ("stage", "-version")
        constraints = [models.UniqueConstraint(fields=["stage", "version"], name="prompt_version_unique")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} v{self.version}"
