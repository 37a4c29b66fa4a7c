"""What is kept about privacy itself: erasures, data handed out, reviews by a person, and how long rows may stay."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models import Lead


class ErasureState(models.TextChoices):
    CLEARING = "clearing", _("Files being removed")
    DONE = "done", _("Erased")


class Erasure(models.Model):
    """That a client was erased, by whom and why. Holds nothing of the client: `reason` is checked for it.

    The database is clean when the row appears; `leftovers` names what lies outside of it and is still to go.
    """

    lead_id = models.BigIntegerField(_("lead"), unique=True)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    counts = models.JSONField(_("what went"), default=dict, blank=True)
    leftovers = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=ErasureState, default=ErasureState.CLEARING)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-id",)
        indexes = [models.Index(fields=["id"], condition=models.Q(state="clearing"), name="erasure_unfinished")]

    def __str__(self) -> str:
        return f"#{self.lead_id}"


class SubjectExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being put together")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class SubjectExport(models.Model):
    """All we hold of one person, packed for them. `path` is relative to MEDIA_ROOT; empty once the file is gone."""

    lead = models.ForeignKey(
        Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="subject_exports", verbose_name=_("lead")
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    state = models.CharField(_("state"), max_length=8, choices=SubjectExportState, default=SubjectExportState.WAITING)
    path = models.CharField(max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)  # a worker's sign of life
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        verbose_name = _("data handed out")
        verbose_name_plural = _("data handed out")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="subject_export_due")
        ]

    def __str__(self) -> str:
        return f"#{self.lead_id or '–'} {self.state}"


class ReviewChannel(models.TextChoices):
    WHATSAPP = "whatsapp", "WhatsApp"
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    PERSON = "person", _("In person")


class ReviewSubject(models.TextChoices):
    SCORE = "score", _("Score and temperature")
    TRANSFER = "transfer", _("Choice of the consultant")
    BOTH = "both", _("Score and choice of the consultant")


class ReviewState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")


class ReviewOutcome(models.TextChoices):
    KEPT = "kept", _("The decision stands")
    CHANGED = "changed", _("The decision was changed")


class Review(models.Model):
    """A client asked a person to look at what was decided automatically (LGPD, art. 20)."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("lead"))
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("written down by"),
    )  # fmt: skip
    channel = models.CharField(_("asked by"), max_length=10, choices=ReviewChannel, default=ReviewChannel.PERSON)
    what = models.CharField(_("about"), max_length=10, choices=ReviewSubject, default=ReviewSubject.SCORE)
    state = models.CharField(_("state"), max_length=6, choices=ReviewState, default=ReviewState.OPEN)
    outcome = models.CharField(_("outcome"), max_length=8, choices=ReviewOutcome, blank=True)
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("reviewed by"),
    )  # fmt: skip
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    # A human judgement stands until a manager lifts it.
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("review by a person")
        verbose_name_plural = _("reviews by a person")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["lead", "what"], condition=models.Q(state="open"), name="review_open_once")
        ]
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(state="open"), name="review_open")]

    def __str__(self) -> str:
        return f"#{self.lead_id} {self.state}"


class RetentionKind(models.TextChoices):
    NOTIFICATIONS = "notifications", _("Read notifications")
    ACCESSES = "accesses", _("Who looked at client data")
    SET_ASIDE = "set_aside", _("Messages set aside")
    TURN_OUTPUTS = "turn_outputs", _("Raw answers of the model")
    CLOSED_MEDIA = "closed_media", _("Files of closed leads")
    LOST_LEADS = "lost_leads", _("Lost leads without contact")


class RetentionRule(models.Model):
    """How long rows of a kind stay. What has no row here keeps the days of `crm.privacy.retention.DEFAULTS`."""

    kind = models.CharField(_("what"), max_length=16, choices=RetentionKind, primary_key=True)
    days = models.PositiveSmallIntegerField(
        _("days"), validators=[MinValueValidator(1), MaxValueValidator(3650)], help_text=_("Older rows are removed.")
    )
    active = models.BooleanField(_("active"), default=True)
    last_run_at = models.DateTimeField(_("last run"), null=True, blank=True, editable=False)
    last_count = models.PositiveIntegerField(_("removed then"), default=0, editable=False)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ("kind",)

    def __str__(self) -> str:
        return str(self.get_kind_display())
