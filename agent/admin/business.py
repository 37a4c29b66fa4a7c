import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from agent.admin.fields import DatesField, WeekField
from agent.brain.guard import Violation
from agent.catalogue import business, opening, today
from agent.models import BusinessProfile, FaqEntry
from agent.saying import answer_refusals, name_refusals
from agent.words import GUARD, said
from crm.core.text import clean_line

_AHEAD = 150  # days of which holidays are shown
_MARKS = re.compile(r"[*_~`<>{}\[\]\\]")  # of WhatsApp, of pages and of prompts
_UFS = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()


def refuse_bad_words(
    text: str, links: tuple[str, ...], *, refusals: Callable[..., list[Violation]] = answer_refusals
) -> None:
    """Raises ValidationError with everything the guard would refuse."""
    found = refusals(text, links=links)
    if found:
        why = [f"{said(GUARD, item.code)}: “{item.text}”" if item.text else said(GUARD, item.code) for item in found]
        raise forms.ValidationError([_("Lívia may not say this. %(why)s") % {"why": line} for line in why])


def name_of(text: str, links: tuple[str, ...]) -> str:
    """A name as she may say it: one line without marks. Raises ValidationError."""
    name = clean_line(text, limit=80)
    if marks := _MARKS.search(name):
        raise forms.ValidationError(_("A name holds no “%(mark)s”.") % {"mark": marks.group()})
    refuse_bad_words(name, links, refusals=name_refusals)
    return name


class BusinessProfileForm(forms.ModelForm):
    week = WeekField(
        label=gettext_lazy("Open by weekday"),
        required=False,
        help_text=gettext_lazy("Two spans a day; an empty day is closed."),
    )
    closed_on = DatesField(label=gettext_lazy("Also closed on"), help_text=gettext_lazy("A date a line: 24/12/2026."))
    holidays_uf = forms.ChoiceField(
        label=gettext_lazy("State of the holidays"),
        required=False,
        choices=[("", gettext_lazy("Only national holidays")), *[(uf, uf) for uf in _UFS]],
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = BusinessProfile
        fields = (
            "name", "services", "tone", "address", "links", "hours", "week", "holidays_uf", "closed_on", "follow_ups",
        )  # fmt: skip
        widgets = {name: UnfoldAdminTextareaWidget({"rows": 5}) for name in ("services", "links")}

    def clean_links(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        wrong = [line for line in lines if " " in line or "." not in line.strip(".")]
        if wrong:
            raise forms.ValidationError(_("%(text)s is no address.") % {"text": wrong[0]})
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        links = tuple(values.get("links", "").splitlines())
        said = {"tone": name_refusals} | dict.fromkeys(("services", "hours", "address"), answer_refusals)
        try:
            values["name"] = name_of(values.get("name", ""), links)
        except forms.ValidationError as error:
            self.add_error("name", error)
        for name, refusals in said.items():
            try:
                refuse_bad_words(values.get(name, ""), links, refusals=refusals)
            except forms.ValidationError as error:
                self.add_error(name, error)
        return values


@admin.register(BusinessProfile)
class BusinessProfileAdmin(ModelAdmin):
    form = BusinessProfileForm
    list_display = ("name", "hours", "follow_ups")
    fieldsets = (
        (None, {"fields": ("name", "services", "tone", "address", "links")}),
        (
            gettext_lazy("Opening hours"),
            {"fields": ("hours", "week", "holidays_uf", "holidays_ahead", "closed_on", "follow_ups")},
        ),
    )
    readonly_fields = ("holidays_ahead",)

    class Media:
        css = {"all": ("css/livia-admin.css", "css/livia-admin-parts.css")}

    @admin.display(description=gettext_lazy("Closed in the months ahead"))
    def holidays_ahead(self, profile: BusinessProfile) -> str:
        """By the Brazilian calendar and the days named below, as they were saved."""
        days = opening().closed_days(today(), _AHEAD) if profile.pk else []
        rows = [(date_format(day, "D d/m/Y"), name or _("own day")) for day, name in days]
        return format_html_join("", '<span class="block">{} · {}</span>', rows) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not BusinessProfile.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FaqEntryForm(forms.ModelForm):
    class Meta:
        model = FaqEntry
        fields = ("question", "answer", "active")

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        refuse_bad_words(answer, business().links)
        return answer


@admin.register(FaqEntry)
class FaqEntryAdmin(ModelAdmin):
    form = FaqEntryForm
    list_display = ("question", "answer", "active")
    list_filter = ("active",)
    search_fields = ("question", "answer")
