"""How leads are given out, how long cards may rest, and why leads are lost."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from leads.assignment_rules import rule_serves
from leads.inline import UFS
from leads.losses import loss_name
from leads.models import (
    AssignmentRule,
    Consultant,
    Lead,
    LossReason,
    LostReason,
    Product,
    RotationSettings,
    Source,
    StageExpectation,
)
from leads.pipeline import Status
from leads.rotation_page import rule_in_words


class UfsField(forms.CharField):
    """Letters of states as people write them ("SP, RJ"); cleans to a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, widget=UnfoldAdminTextInputWidget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        letters = list(dict.fromkeys(re.findall(r"[^\s,;/]+", super().clean(value).upper())))
        if wrong := [uf for uf in letters if uf not in UFS]:
            raise forms.ValidationError(_("%(text)s is no state.") % {"text": wrong[0]})
        return letters


class AssignmentRuleForm(forms.ModelForm):
    products = forms.MultipleChoiceField(
        label=gettext_lazy("Products"), required=False, choices=Product.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text=gettext_lazy("None marked: every product."),
    )  # fmt: skip
    ufs = UfsField(label=gettext_lazy("States"), help_text=gettext_lazy("For example SP, RJ. Empty: every state."))
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Sources"), required=False, choices=Source.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text=gettext_lazy("None marked: every source."),
    )  # fmt: skip
    consultants = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Consultants"), queryset=Consultant.objects.select_related("user").order_by("user__name"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("If none of them is in the rotation, the lead goes to everybody."),
    )  # fmt: skip

    class Meta:
        model = AssignmentRule
        fields = ("name", "position", "active", "products", "ufs", "sources", "consultants")


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(ModelAdmin):
    form = AssignmentRuleForm
    list_display = ("name", "leads", "who", "active", "position")
    list_filter = ("active",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssignmentRule]:
        return super().get_queryset(request).prefetch_related("consultants__user")

    @admin.display(description=gettext_lazy("leads"))
    def leads(self, rule: AssignmentRule) -> str:
        return rule_in_words(rule)

    @admin.display(description=gettext_lazy("consultants"))
    def who(self, rule: AssignmentRule) -> str:
        return ", ".join(each.name for each in rule.consultants.all())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        rule = self.get_queryset(request).get(pk=form.instance.pk)
        if rule.active and not rule_serves(rule):
            messages.warning(request, _("None of them is in the rotation: these leads go to everybody."))


@admin.register(RotationSettings)
class RotationSettingsAdmin(ModelAdmin):
    """One row, opened at once."""

    fields = ("strategy",)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if field is not None:
            field.help_text = _("Empty: as the installation is set up (ASSIGNMENT_STRATEGY).")
        return field

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        RotationSettings.objects.get_or_create(pk=1)
        return self.changeform_view(request, "1", extra_context=extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StageExpectationForm(forms.ModelForm):
    class Meta:
        model = StageExpectation
        fields = ("amber_hours", "red_hours")
        help_texts = dict.fromkeys(fields, gettext_lazy("Hours; 0 is never."))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        amber, red = values.get("amber_hours"), values.get("red_hours")
        if red and amber and red < amber:
            raise forms.ValidationError({"red_hours": _("Red comes after amber.")})
        return values


@admin.register(StageExpectation)
class StageExpectationAdmin(ModelAdmin):
    form = StageExpectationForm
    list_display = ("column", "amber_hours", "red_hours")

    @admin.display(description=gettext_lazy("column"))
    def column(self, expectation: StageExpectation) -> str:
        return str(dict(Status.choices).get(expectation.status, expectation.status))

    def get_queryset(self, request: HttpRequest) -> QuerySet[StageExpectation]:
        open_ones = [status for status in Status.values if status not in (Status.WON, Status.LOST)]
        return super().get_queryset(request).filter(status__in=open_ones).order_by("amber_hours", "status")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LossReasonForm(forms.ModelForm):
    class Meta:
        model = LossReason
        fields = ("name", "code", "position", "active")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        code = self.instance.code if self.instance.pk else values.get("code", "")
        if not values.get("name") and code not in LostReason.values:
            self.add_error("name", _("Give the reason a name."))
        others = LossReason.objects.filter(active=True).exclude(pk=self.instance.pk)
        if values.get("active") is False and not others.exists():
            self.add_error("active", _("Keep at least one reason in use."))
        return values


@admin.register(LossReason)
class LossReasonAdmin(ModelAdmin):
    form = LossReasonForm
    list_display = ("label", "code", "active", "position")
    list_filter = ("active",)
    search_fields = ("name", "code")
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "code", "position", "active"),
                "description": gettext_lazy(
                    "A reason leads were lost for is not deleted, so that they can still be read: take it out of use."
                ),
            },
        ),
    )

    @admin.display(description=gettext_lazy("reason"), ordering="position")
    def label(self, reason: LossReason) -> str:
        return loss_name(reason.code, reason.name)

    def get_readonly_fields(self, request: HttpRequest, obj: LossReason | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # leads keep it

    def get_prepopulated_fields(self, request: HttpRequest, obj: LossReason | None = None) -> dict[str, Any]:
        return {} if obj else {"code": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: LossReason | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not Lead.objects.filter(lost_reason=obj.code).exists())
