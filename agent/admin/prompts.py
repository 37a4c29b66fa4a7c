from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
)

from agent.admin.fields import ONE_BUTTON, MoneyField
from agent.brain.policies import LIMITS
from agent.brain.requirements import ASKABLE
from agent.models import PromptVersion
from agent.prompt_preview import preview
from agent.prompts import (
    MOST_MONTHS,
    asks_text,
    difference,
    is_same,
    limits_text,
    newer_sentence,
    policy_of_version,
    prompt_current,
    prompt_in_force,
    prompt_version_add,
    prompt_version_restore,
    same_sentence,
    stages_now,
    values_check,
    values_of,
)
from agent.words import SLOTS
from crm.accounts.models import User
from crm.core.errors import DomainError, Invalid, NotFound


def _end(slot: str, label: Any) -> forms.Field:
    if slot == "term_months":
        widget = UnfoldAdminIntegerFieldWidget
        return forms.IntegerField(label=label, min_value=0, max_value=MOST_MONTHS, widget=widget)
    return MoneyField(label=label, required=True)


# Two fields a slot: the least and the greatest plausible value.
_ENDS: dict[str, forms.Field] = {}
for _slot in LIMITS:
    _ENDS[f"least_{_slot}"] = _end(_slot, format_lazy(gettext_lazy("{slot}, at least"), slot=SLOTS[_slot]))
    _ENDS[f"most_{_slot}"] = _end(_slot, format_lazy(gettext_lazy("{slot}, at most"), slot=SLOTS[_slot]))
_Ends: Any = type(forms.ModelForm)("_Ends", (forms.ModelForm,), {**_ENDS, "__module__": __name__})  # type: ignore[misc]


class PromptVersionForm(_Ends):
    asks = forms.MultipleChoiceField(
        label=gettext_lazy("Also asks for"),
        required=False,
        choices=[(slot, SLOTS[slot]) for slot in ASKABLE],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("The figures a product needs are always asked for."),
    )
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = PromptVersion
        fields = ("stage", "instructions", "default_reply", "asks", "note")
        widgets = {
            "instructions": UnfoldAdminTextareaWidget({"rows": 14}),
            "default_reply": UnfoldAdminTextareaWidget({"rows": 4}),
        }

    def limits(self) -> dict[str, list[int]]:
        values = self.cleaned_data
        return {slot: [values[f"least_{slot}"], values[f"most_{slot}"]] for slot in LIMITS}

    def clean(self) -> dict[str, Any]:
        """What the service would refuse stands beside its field."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        try:
            values_check(self.values())
        except Invalid as error:
            for name, sentences in error.fields.items():
                self.add_error(name if name in self.fields else None, sentences)
        self._refuse_what_others_saved()
        return values

    def _refuse_what_others_saved(self) -> None:
        """Somebody else saved meanwhile: saved again after the warning, it is meant. The same words again are not."""
        current = prompt_current(self.cleaned_data["stage"])
        if current and not self.errors and is_same(current, self.values()):
            self.add_error(None, same_sentence(current))
        newest, base = current.version if current else 0, self.cleaned_data.get("base")
        if base is not None and base != newest:
            self.add_error(None, newer_sentence(newest))
            self.data = self.data.copy()  # type: ignore[has-type]
            self.data["base"] = str(newest)

    def values(self) -> dict[str, Any]:
        names = ("instructions", "default_reply", "asks", "note")
        return {**{name: self.cleaned_data[name] for name in names}, "limits": self.limits()}


@admin.register(PromptVersion)
class PromptVersionAdmin(ModelAdmin):
    """What Lívia is told, by stage and version. Adding makes the version that counts from now on."""

    form = PromptVersionForm
    list_display = ("stage_name", "version", "current", "note", "created_by", "created_at")
    list_filter = ("stage",)
    list_select_related = ("created_by",)
    search_fields = ("instructions", "default_reply", "note")
    list_before_template = "admin/agent/promptversion/stages.html"
    add_form_template = "admin/agent/promptversion/add.html"
    fieldsets = (
        (None, {"fields": ("stage", "instructions", "default_reply", "asks", "note", "base")}),
        (
            gettext_lazy("Plausible values"),
            {
                "fields": [(f"least_{slot}", f"most_{slot}") for slot in LIMITS],
                "description": gettext_lazy("Beyond these a value is not taken, and Lívia asks again with an example."),
            },
        ),
    )

    class Media:
        css = {"all": ("css/livia-admin.css", "css/livia-admin-parts.css")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptVersion]:
        newer = PromptVersion.objects.filter(stage=OuterRef("stage"), version__gt=OuterRef("version"))
        return super().get_queryset(request).annotate(is_old=Exists(newer))

    @admin.display(description=gettext_lazy("stage"), ordering="stage")
    def stage_name(self, version: PromptVersion) -> str:
        return version.get_stage_display()

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def current(self, version: PromptVersion) -> bool:
        return not version.is_old  # type: ignore[attr-defined]  # annotated above

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("preview/", self.admin_site.admin_view(self.preview_view), name="agent_promptversion_preview"),
            path(
                "<int:version_id>/restore/",
                self.admin_site.admin_view(self.restore_view),
                name="agent_promptversion_restore",
            ),
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {**(extra_context or {}), **ONE_BUTTON})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "stages": stages_now()})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Over which version the new one is written: `?from=` a version, or `?stage=` the one in force."""
        stage = request.GET.get("stage", "INTRO")
        try:
            old = PromptVersion.objects.filter(pk=_number(request.GET.get("from")) or 0).first()
            old = old or prompt_in_force(stage)
        except Invalid as error:
            raise Http404 from error
        current = prompt_current(old.stage)
        ends = {f"least_{slot}": span[0] for slot, span in old.limits.items()}
        ends |= {f"most_{slot}": span[1] for slot, span in old.limits.items()}
        unset = {f"least_{slot}": span[0] for slot, span in LIMITS.items()}
        unset |= {f"most_{slot}": span[1] for slot, span in LIMITS.items()}
        return {**unset, **ends, **values_of(old), "stage": old.stage, "base": current.version if current else 0}

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The prompt as the model would get it: of `?version=`, of `?stage=`, or, posted, of the form as it is."""
        version = self._version_shown(request)
        form = None
        if request.method == "POST":
            form = PromptVersionForm(request.POST)
            if form.is_valid() or set(form.errors) == {"__all__"}:
                version = PromptVersion(stage=form.cleaned_data["stage"], version=0, **form.values())
        shown = preview(version.stage, policy_of_version(version)) if version else None
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("Preview"),
            "version": version, "shown": shown, "form": form,
        }  # fmt: skip
        return TemplateResponse(request, "admin/agent/promptversion/preview.html", context)

    def _version_shown(self, request: HttpRequest) -> PromptVersion | None:
        if not self.has_view_permission(request):
            raise Http404
        if request.method == "POST":
            return None
        if number := _number(request.GET.get("version")):
            return get_object_or_404(PromptVersion, pk=number)
        stage = request.GET.get("stage", "")
        try:
            return prompt_in_force(stage)
        except Invalid as error:
            raise Http404 from error

    def restore_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """An old version counts again, as a new one."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise Http404
        try:
            made = prompt_version_restore(version_id=version_id, user=_user(request))
        except NotFound as error:
            raise Http404 from error
        except DomainError as error:
            sentences = [str(text) for texts in error.fields.values() for text in _listed(texts)]
            messages.error(request, " ".join([str(error.message), *sentences]))
            return redirect("admin:agent_promptversion_change", version_id)
        messages.success(request, _("Version %(n)s is in force.") % {"n": made.version})
        return redirect("admin:agent_promptversion_change", made.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A version as it is, and what it changed."""
        if not self.has_view_permission(request):
            raise Http404
        version = get_object_or_404(self.get_queryset(request).select_related("created_by"), pk=_number(object_id) or 0)
        older = PromptVersion.objects.filter(stage=version.stage, version__lt=version.version)
        before = older.order_by("-version").first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(version),
            "version": version,
            "before": before,
            "current": not version.is_old,  # type: ignore[attr-defined]
            "asks": asks_text(version).splitlines(),
            "limits": limits_text(version).splitlines(),
            "difference": difference(before, version),
            "history": PromptVersion.objects.filter(stage=version.stage).select_related("created_by"),
            "change_url": f"{reverse('admin:agent_promptversion_add')}?from={version.pk}",
        }
        return TemplateResponse(request, "admin/agent/promptversion/page.html", context)

    def save_model(self, request: HttpRequest, obj: PromptVersion, form: Any, change: bool) -> None:
        base = form.cleaned_data.get("base")
        saved = prompt_version_add(stage=obj.stage, values=form.values(), user=_user(request), base=base)
        obj.pk, obj.version, obj.created_by = saved.pk, saved.version, saved.created_by
        obj._state.adding = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # the admin lets nobody else in


def _listed(texts: Any) -> list[Any]:
    return texts if isinstance(texts, list) else [texts]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None
