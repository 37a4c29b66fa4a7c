"""What Lívia sells: products by version."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agent.brain.products import ProductTerms
from leads.models import CentsField, Product

_PRICE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100_000))]
_FRACTION = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10))]


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
    effective_from = models.DateField(
        _("in force from"), null=True, blank=True, help_text=_("A local date. Empty: at once.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("by")
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


class ModelPrice(models.Model):
    """What a language model costs, in US dollars for a million tokens, from a local date on."""

    model = models.CharField(_("model"), max_length=80)
    input_usd = models.DecimalField(
        _("read (US$ a million tokens)"), max_digits=10, decimal_places=4, validators=_PRICE
    )
    cached_usd = models.DecimalField(
        _("read again (US$ a million tokens)"), max_digits=10, decimal_places=4, validators=_PRICE
    )
    output_usd = models.DecimalField(
        _("written (US$ a million tokens)"), max_digits=10, decimal_places=4, validators=_PRICE
    )
    effective_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("price of a model")
        verbose_name_plural = _("prices of models")
        ordering = ("model", "-effective_from")
        constraints = [models.UniqueConstraint(fields=["model", "effective_from"], name="model_price_unique")]

    def __str__(self) -> str:
        return f"{self.model} {self.effective_from:%d/%m/%Y}"
