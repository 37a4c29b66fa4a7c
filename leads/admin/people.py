"""Consultants: their place in the rotation, working hours and days off."""

from datetime import time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, TabularInline

from crm.accounts.services import availability_set
from leads.models import Absence, Consultant, WorkingHours
from leads.rotation import consultant_rotate, rotation, with_open_leads

_OFFICE = (time(9), time(18))


class WorkingHoursFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        spans = sorted((row["weekday"], row["begins"], row["ends"]) for row in kept if row.get("ends"))
        for (day, _begins, ends), (other, begins, _ends) in zip(spans, spans[1:], strict=False):
            if day == other and begins < ends:
                raise forms.ValidationError(_("Two stretches of one day overlap."))


class WorkingHoursForm(forms.ModelForm):
    class Meta:
        labels = {"begins": gettext_lazy("Begins"), "ends": gettext_lazy("Ends")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("begins", "ends"):
            self.fields[name].widget.format = "%H:%M"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begins, ends = values.get("begins"), values.get("ends")
        if begins and ends and begins >= ends:
            text = _(
                "The end comes after the beginning. A night is two rows: until 23:59, and from 00:00 of the next day."
            )
            raise forms.ValidationError(text)
        return values


class WorkingHoursInline(TabularInline):
    model = WorkingHours
    form, formset = WorkingHoursForm, WorkingHoursFormSet
    extra = 0
    hide_title = True
    verbose_name_plural = gettext_lazy("Working hours (none: at all hours)")


class AbsenceForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            raise forms.ValidationError({"last_day": _("The last day is not before the first.")})
        return values


class AbsenceInline(TabularInline):
    model = Absence
    form = AbsenceForm
    extra = 0
    hide_title = True
    verbose_name_plural = gettext_lazy("Days off")


@admin.register(Consultant)
class ConsultantAdmin(ModelAdmin):
    list_display = ("user", "in_rotation", "is_available", "open_leads", "assigned_count", "last_assigned_at")
    list_filter = ("in_rotation", "user__available", "user__is_active")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
    fields = ("user", "in_rotation", "assigned_count", "last_assigned_at")
    readonly_fields = ("assigned_count", "last_assigned_at")
    inlines = (WorkingHoursInline, AbsenceInline)
    actions = ("pause", "resume", "set_available", "set_away", "office_hours")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultant]:
        return with_open_leads(super().get_queryset(request))

    @admin.display(description=gettext_lazy("open leads"), ordering="open_leads")
    def open_leads(self, consultant: Consultant) -> int:
        return consultant.open_leads  # type: ignore[attr-defined]  # annotated

    @admin.display(description=gettext_lazy("available"), boolean=True, ordering="user__available")
    def is_available(self, consultant: Consultant) -> bool:
        return consultant.user.available

    def get_readonly_fields(self, request: HttpRequest, obj: Consultant | None = None) -> tuple[str, ...]:
        return ("user", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Consultant | None = None) -> bool:
        return False  # They leave the rotation instead: their name stays in the audit.

    def save_model(self, request: HttpRequest, obj: Consultant, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        # Afterwards only the one field is written: turns and counts are the rotation's, and go on meanwhile.
        if not change or "in_rotation" in form.changed_data:
            consultant_rotate(consultant_id=obj.pk, in_rotation=obj.in_rotation)
            _warn_if_nobody(request)

    @admin.action(description=gettext_lazy("Pause the rotation for them"))
    def pause(self, request: HttpRequest, consultants: QuerySet[Consultant]) -> None:
        self._rotate(request, consultants, in_rotation=False)

    @admin.action(description=gettext_lazy("Resume the rotation for them"))
    def resume(self, request: HttpRequest, consultants: QuerySet[Consultant]) -> None:
        self._rotate(request, consultants, in_rotation=True)

    def _rotate(self, request: HttpRequest, consultants: QuerySet[Consultant], *, in_rotation: bool) -> None:
        for consultant in consultants:
            consultant_rotate(consultant_id=consultant.pk, in_rotation=in_rotation)
        _say_changed(request, len(consultants))
        _warn_if_nobody(request)

    @admin.action(description=gettext_lazy("Switch them to available"))
    def set_available(self, request: HttpRequest, consultants: QuerySet[Consultant]) -> None:
        _say_changed(request, sum(availability_set(user_id=each.pk, available=True) for each in consultants))

    @admin.action(description=gettext_lazy("Switch them to away"))
    def set_away(self, request: HttpRequest, consultants: QuerySet[Consultant]) -> None:
        _say_changed(request, sum(availability_set(user_id=each.pk, available=False) for each in consultants))

    @admin.action(description=gettext_lazy("Working hours: Monday to Friday, 09:00–18:00 (where there are none)"))
    def office_hours(self, request: HttpRequest, consultants: QuerySet[Consultant]) -> None:
        without = list(consultants.filter(working_hours=None))
        begins, ends = _OFFICE
        WorkingHours.objects.bulk_create(
            WorkingHours(consultant=each, weekday=day, begins=begins, ends=ends) for each in without for day in range(5)
        )
        _say_changed(request, len(without))


def _say_changed(request: HttpRequest, n: int) -> None:
    text = ngettext("%(n)s consultant changed.", "%(n)s consultants changed.", n)
    messages.success(request, text % {"n": n})


def _warn_if_nobody(request: HttpRequest) -> None:
    if not rotation().exists():
        messages.warning(request, _("Nobody is in the rotation: new leads wait until somebody is."))
