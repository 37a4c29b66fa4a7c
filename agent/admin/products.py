from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from agent.admin.business import name_of
from agent.admin.fields import ONE_BUTTON, MoneyField, PercentField
from agent.admin.samples import sample_of, told
from agent.brain.money import percent
from agent.brain.products import ProductTerms
from agent.catalogue import (
    business,
    product_version_add,
    today,
    version_in_force,
    versions_in_force,
    versions_to_come,
)
from agent.models import ProductVersion, System
from agent.simulating import MOST
from crm.accounts.models import User
from leads.models import Product

LONGEST = 480  # months: no schedule of ours is longer
DEAREST = 10_000_000  # cents of a fee
_FIELDS = (
    "code", "name", "active", "system", "rate_month", "rate_year", "min_term", "max_term", "max_ltv", "max_ltv_price",
    "iof", "income_commitment", "admin_fee", "reserve_fund", "fee_financed", "max_credit", "max_collateral",
    "effective_from",
)  # fmt: skip
_FURTHEST = timedelta(days=730)
_PRICE = (("rate_month", "rate_year"), ("admin_fee", "reserve_fund"), ("fee_financed", "iof"))
_LIMITS = (
    ("min_term", "max_term"), ("max_ltv", "max_ltv_price"), ("max_credit", "max_collateral"), "income_commitment",
)  # fmt: skip
_COLLATERAL = {
    Product.HOME_EQUITY: "property", Product.REAL_ESTATE: "property", Product.AUTO_EQUITY: "vehicle",
}  # fmt: skip


def _months(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=LONGEST, widget=UnfoldAdminIntegerFieldWidget)


class ProductVersionForm(forms.ModelForm):
    """Terms as a manager writes them: percents and reais."""

    rate_month = PercentField(label=gettext_lazy("Rate a month (%)"), most=20, help_text=gettext_lazy("Such as 1,19."))
    rate_year = PercentField(
        label=gettext_lazy("Rate a year (%)"), most=400, help_text=gettext_lazy("Instead of the monthly one.")
    )
    min_term = _months(gettext_lazy("Shortest term (months)"))
    max_term = _months(gettext_lazy("Longest term (months)"))
    max_ltv = PercentField(label=gettext_lazy("LTV at most (%)"), places=2)
    max_ltv_price = PercentField(
        label=gettext_lazy("LTV at most by Price (%)"), places=2, help_text=gettext_lazy("Only where SAC allows more.")
    )
    income_commitment = PercentField(
        label=gettext_lazy("Income commitment (%)"), places=2, required=True, initial=Decimal("0.30")
    )
    admin_fee = PercentField(
        label=gettext_lazy("Administration fee (%)"), places=2, help_text=gettext_lazy("Of a consórcio, in all.")
    )
    reserve_fund = PercentField(
        label=gettext_lazy("Reserve fund (%)"), places=2, help_text=gettext_lazy("Of a consórcio, in all.")
    )
    fee_financed = MoneyField(label=gettext_lazy("Financed fee (R$)"), most=DEAREST)
    max_credit = MoneyField(label=gettext_lazy("Credit at most (R$)"), most=MOST)
    max_collateral = MoneyField(label=gettext_lazy("Collateral at most (R$)"), most=MOST)

    class Meta:
        model = ProductVersion
        fields = _FIELDS

    def clean_name(self) -> str:
        return name_of(self.cleaned_data["name"], business().links)

    def clean_effective_from(self) -> date | None:
        day: date | None = self.cleaned_data["effective_from"]
        if day is not None and day < today():
            raise forms.ValidationError(_("This day is over. Leave it empty and the terms count at once."))
        if day is not None and day > today() + _FURTHEST:
            raise forms.ValidationError(_("At most two years ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("admin_fee", "reserve_fund"):
            values[name] = values.get(name) or Decimal(0)
        values["fee_financed"] = values.get("fee_financed") or 0
        values["collateral"] = _COLLATERAL.get(values.get("code", ""), "")
        if not self.errors:
            for name, sentence in _contradictions(values):
                self.add_error(name, sentence)
        if not self.errors:
            self._refuse_what_the_calculator_does()
        return values

    def _refuse_what_the_calculator_does(self) -> None:
        try:
            self.terms()
        except ValueError as error:
            self.add_error(None, _("These terms contradict each other: %(why)s") % {"why": error})

    def values(self) -> dict[str, Any]:
        """What makes a version, without its code."""
        return {name: self.cleaned_data[name] for name in (*_FIELDS, "collateral") if name != "code"}

    def terms(self) -> ProductTerms:
        return ProductVersion(code=self.cleaned_data["code"], version=0, **self.values()).terms()


def _contradictions(values: dict[str, Any]) -> list[tuple[str, str]]:
    """(field, sentence) of everything that cannot be so together."""
    is_consorcio = values["system"] == System.CONSORCIO
    month, year = values["rate_month"], values["rate_year"]
    ltv, ltv_price = values["max_ltv"], values["max_ltv_price"]
    rules = (
        (values["min_term"] > values["max_term"], "max_term", _("The longest term is shorter than the shortest.")),
        (is_consorcio != (values["code"] == Product.CONSORCIO), "system", _("A consórcio, and only it, goes as such.")),
        (is_consorcio and (month or year), "rate_month", _("A consórcio has no interest: leave the rates empty.")),
        (not is_consorcio and month is None and year is None, "rate_month", _("Give a rate, a month or a year.")),
        (month is not None and year is not None, "rate_year", _("Give one of the two rates: the other follows.")),
        (
            not is_consorcio and bool(values["admin_fee"] or values["reserve_fund"]),
            "admin_fee",
            _("Only a consórcio has these fees."),
        ),
        (ltv is not None and not ltv, "max_ltv", _("Leave it empty where there is no ceiling.")),
        (
            bool(ltv_price) and (ltv is None or ltv_price > ltv),
            "max_ltv_price",
            _("It is the tighter one: at most the LTV."),
        ),
        (bool(ltv) and not values["collateral"], "max_ltv", _("This product has no collateral.")),
        (not values["income_commitment"], "income_commitment", _("More than zero.")),
        (values["max_credit"] == 0, "max_credit", _("Leave it empty where there is no ceiling.")),
        (values["max_collateral"] == 0, "max_collateral", _("Leave it empty where there is no ceiling.")),
    )
    return [(name, sentence) for broken, name, sentence in rules if broken]


def standing_of(version: Any) -> tuple[str, str]:
    """Code and words of what a version annotated by the admin is today."""
    if version.is_current:
        return "now", _("in force")
    if version.is_to_come:
        return "later", _("from %(day)s") % {"day": f"{version.effective_from:%d/%m/%Y}"}
    return "old", _("replaced")


def _beside(saved: ProductVersion, other: ProductVersion) -> str:
    """What becomes of a version that was already to come."""
    values = {"n": other.version, "day": f"{other.effective_from:%d/%m/%Y}"}
    if saved.effective_from == other.effective_from:
        return _("It replaces version %(n)s, which was to begin on %(day)s.") % values
    return _("Version %(n)s still begins on %(day)s.") % values


@admin.register(ProductVersion)
class ProductVersionAdmin(ModelAdmin):
    """Adding makes the version that counts from now on, or from a day to come; older ones stay as they were."""

    form = ProductVersionForm
    list_display = (
        "name", "version", "standing", "active", "system", "rate", "ltv", "terms_offered", "created_by", "created_at",
    )  # fmt: skip
    list_filter = ("code", "active")
    list_select_related = ("created_by",)
    search_fields = ("name",)
    add_form_template = "admin/agent/productversion/add.html"
    fieldsets = (
        (None, {"fields": (("code", "name"), ("active", "system"), "effective_from")}),
        (gettext_lazy("Price"), {"fields": _PRICE}),
        (gettext_lazy("Limits"), {"fields": _LIMITS}),
    )

    class Media:
        css = {"all": ("css/livia-admin.css", "css/livia-admin-parts.css")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductVersion]:
        day = today()
        in_force = versions_in_force(day).values("pk")
        same_day = ProductVersion.objects.filter(code=OuterRef("code"), effective_from=OuterRef("effective_from"))
        replaced = Exists(same_day.filter(version__gt=OuterRef("version")))
        return (
            super()
            .get_queryset(request)
            .annotate(is_current=Q(pk__in=in_force), is_to_come=Q(effective_from__gt=day) & ~replaced)
        )

    @display(
        description=gettext_lazy("in force"),
        label={"now": "success", "later": "info", "old": ""},
    )
    def standing(self, version: ProductVersion) -> tuple[str, str]:
        return standing_of(version)

    @admin.display(description=gettext_lazy("rate"))
    def rate(self, version: ProductVersion) -> str:
        if version.rate_month is not None:
            return _("%(rate)s a month") % {"rate": percent(version.rate_month)}
        return _("%(rate)s a year") % {"rate": percent(version.rate_year)} if version.rate_year is not None else "–"

    @admin.display(description=gettext_lazy("LTV at most"))
    def ltv(self, version: ProductVersion) -> str:
        return percent(version.max_ltv) if version.max_ltv is not None else "–"

    @admin.display(description=gettext_lazy("term (months)"))
    def terms_offered(self, version: ProductVersion) -> str:
        return f"{version.min_term}–{version.max_term}"

    def get_urls(self) -> list[URLPattern]:
        sample = path("sample/", self.admin_site.admin_view(self.sample_view), name="agent_productversion_sample")
        return [sample, *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Over which version the new one is written: `?code=` names the product."""
        code = request.GET.get("code", "")
        current = version_in_force(code) if code in Product.values else None
        if current is None:
            return {**super().get_changeform_initial_data(request), "active": True}
        return {name: getattr(current, name) for name in _FIELDS if name != "effective_from"}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {**(extra_context or {}), **ONE_BUTTON})

    def sample_view(self, request: HttpRequest) -> HttpResponse:
        """What a client would be told under the terms of the form, before they are saved."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise Http404
        form = ProductVersionForm(request.POST)
        sample = sample_of(form.terms(), version_in_force(form.cleaned_data["code"])) if form.is_valid() else None
        context = {**self.admin_site.each_context(request), "sample": sample, "form": form, "title": _("Preview")}
        is_part = bool(request.headers.get("HX-Request"))
        name = "_sample.html" if is_part else "sample.html"
        return render(request, f"admin/agent/productversion/{name}", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A version as it is: it is never changed."""
        if not self.has_view_permission(request):
            raise Http404
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404
        history = self.get_queryset(request).filter(code=version.code).order_by("-version")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(version),
            "version": version,
            "standing": standing_of(version),
            "told": told(version.terms(), active=version.active),
            "sample": sample_of(version.terms(), None),
            "history": [(row, *standing_of(row)) for row in history],
        }
        return TemplateResponse(request, "admin/agent/productversion/page.html", context)

    def save_model(self, request: HttpRequest, obj: ProductVersion, form: Any, change: bool) -> None:
        waiting = list(versions_to_come(obj.code))
        saved = product_version_add(code=obj.code, values=form.values(), user=cast(User, request.user))
        obj.pk, obj.version, obj.collateral = saved.pk, saved.version, saved.collateral
        obj._state.adding = False
        for other in waiting:
            messages.warning(request, _beside(saved, other))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
