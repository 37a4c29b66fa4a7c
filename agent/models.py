"""What Lívia knows, sells and did: dialogues, products, simulations and the record of every turn."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent.brain.products import ProductTerms
from agent.brain.stages import Stage
from conversations.models import Conversation, Message
from leads.models import CentsField, Lead, Product

_FRACTION = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10))]


class StageChoice(models.TextChoices):
    """The stages of the brain, with names for people."""

    INTRO = Stage.INTRO.value, _("Introduction")
    QUALIFICATION = Stage.QUALIFICATION.value, _("Qualification")
    SIMULATION = Stage.SIMULATION.value, _("Simulation")
    CONVERSION = Stage.CONVERSION.value, _("Conversion")
    TRANSFERRED = Stage.TRANSFERRED.value, _("Transferred")
    OPTED_OUT = Stage.OPTED_OUT.value, _("Opted out")
    HANDED_OVER = Stage.HANDED_OVER.value, _("Handed over")


class System(models.TextChoices):
    PRICE = "price", "Price"
    SAC = "sac", "SAC"
    CONSORCIO = "consorcio", _("Consórcio")


class ProductVersion(models.Model):
    """The terms of a product from a moment on. Rows are never changed: an edit is a new version.

    Rates and ratios are fractions (0.0119 is 1.19 %); money is in cents, terms in months.
    """

    code = models.CharField(_("product"), max_length=24, choices=Product)
    version = models.PositiveIntegerField(_("version"), editable=False)
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("offered"), default=True)
    system = models.CharField(_("system"), max_length=12, choices=System)
    rate_month = models.DecimalField(
        _("rate a month"), max_digits=12, decimal_places=10, null=True, blank=True, validators=_FRACTION
    )
    rate_year = models.DecimalField(
        _("rate a year"), max_digits=12, decimal_places=10, null=True, blank=True, validators=_FRACTION
    )
    min_term = models.PositiveSmallIntegerField(_("shortest term"))
    max_term = models.PositiveSmallIntegerField(_("longest term"))
    max_ltv = models.DecimalField(_("LTV at most"), max_digits=5, decimal_places=4, null=True, blank=True)
    max_ltv_price = models.DecimalField(
        _("LTV at most by Price"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    iof = models.BooleanField(_("IOF due"), default=False)
    income_commitment = models.DecimalField(
        _("income commitment"), max_digits=5, decimal_places=4, default=Decimal("0.30")
    )
    admin_fee = models.DecimalField(_("administration fee"), max_digits=6, decimal_places=4, default=Decimal(0))
    reserve_fund = models.DecimalField(_("reserve fund"), max_digits=6, decimal_places=4, default=Decimal(0))
    fee_financed = CentsField(_("financed fee (cents)"), default=0)
    max_credit = CentsField(_("credit at most (cents)"))
    max_collateral = CentsField(_("collateral at most (cents)"))
    collateral = models.CharField(
        _("collateral"), max_length=8, blank=True, choices=[("property", _("Property")), ("vehicle", _("Vehicle"))]
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("product version")
        verbose_name_plural = _("product versions")
        ordering = ("code", "-version")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="product_version_unique")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def terms(self) -> ProductTerms:
        """These terms as the calculator reads them. Raises ValueError when they contradict each other."""
        shared = {name: getattr(self, name) for name in TERMS}
        return ProductTerms(
            **shared,
            collateral=self.collateral or None,  # type: ignore[arg-type]
            fee_financed=self.fee_financed or 0,
            version_id=self.pk,
        )


# Fields of ProductTerms that a version holds under the same name and in the same form.
TERMS = (
    "code", "name", "system", "rate_month", "rate_year", "min_term", "max_term", "max_ltv", "max_ltv_price", "iof",
    "income_commitment", "admin_fee", "reserve_fund", "max_credit", "max_collateral",
)  # fmt: skip


class BusinessProfile(models.Model):
    """Who Lívia speaks for. One row."""

    name = models.CharField(_("name"), max_length=80, default="Lívia Crédito")
    services = models.TextField(_("services, one a line"), blank=True)
    tone = models.CharField(_("tone of voice"), max_length=200, blank=True)
    hours = models.CharField(_("business hours"), max_length=120, default="de segunda a sexta, das 9h às 18h")
    address = models.CharField(_("address"), max_length=200, blank=True)

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


class Dialogue(models.Model):
    """Where Lívia stands with a client: the state her brain reads and writes."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="dialogue")
    stage = models.CharField(_("stage"), max_length=14, choices=StageChoice, default=StageChoice.INTRO)
    slots = models.JSONField(_("collected"), default=dict, blank=True)
    sources = models.JSONField(_("message of each value"), default=dict, blank=True)
    state = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("dialogue")
        verbose_name_plural = _("dialogues")

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.stage}"


class Simulation(models.Model):
    """A loan computed for a client, with the terms it was computed by."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="simulations", verbose_name=_("lead"))
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("conversation")
    )
    product_version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, verbose_name=_("product version"))
    result = models.JSONField(_("result"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.product_version.name} #{self.pk}"


class Turn(models.Model):
    """One answer of Lívia: what she read, how she decided, what she said. For audit and replay."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="turns", verbose_name=_("conversation")
    )
    message_ids = models.JSONField(_("messages read"))
    reply_ids = models.JSONField(_("replies"), default=list)
    outcome = models.CharField(_("outcome"), max_length=12)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    intent = models.CharField(_("intent"), max_length=24, blank=True)
    path = models.JSONField(_("path"), default=list)
    stage_before = models.CharField(_("stage before"), max_length=14)
    stage_after = models.CharField(_("stage after"), max_length=14)
    slots_before = models.JSONField(_("collected before"), default=dict)
    slots_after = models.JSONField(_("collected after"), default=dict)
    slot_sources = models.JSONField(_("message of each value"), default=dict)
    state_before = models.JSONField(_("state before"), default=dict)
    replies = models.JSONField(_("texts of the replies"), default=list)
    simulation = models.ForeignKey(
        Simulation, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("simulation")
    )
    wall_ms = models.PositiveIntegerField(_("own time (ms)"), default=0)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ("-id",)
        indexes = [models.Index(fields=["conversation", "-id"], name="turn_conversation")]

    def __str__(self) -> str:
        return f"{self.conversation_id} #{self.pk} {self.outcome}"

    def messages(self) -> models.QuerySet[Message]:
        return Message.objects.filter(pk__in=self.message_ids)
