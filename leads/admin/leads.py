"""Leads and their tasks: to look up, to assign, to take along."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.core.admin import Endless, Found, ReadOnly, page_of
from crm.core.phones import phone_display
from crm.core.templatetags.ui import cents
from crm.core.text import clean_line
from leads.admin.shared import ConsultantFilter, FoundByLead, OwnerFilter, leads_named
from leads.bulk import leads_assign
from leads.losses import loss_labels
from leads.models import Consultant, Interaction, Lead, Task

MOST_AT_ONCE = 200
IN_TURN = "turn"


class AssignForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("Consultant"), widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=300, widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Stands in the history of each lead."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Consultant.objects.filter(user__is_active=True).select_related("user").order_by("user__name", "pk")
        choices = [("", "—"), (IN_TURN, _("Each to the next in turn")), *((str(each.pk), each.name) for each in people)]
        cast(forms.ChoiceField, self.fields["to"]).choices = choices

    @property
    def consultant_id(self) -> int | None:
        chosen = self.cleaned_data["to"]
        return None if chosen == IN_TURN else int(chosen)


def _money(name: str, label: Any) -> Any:
    """A column, and a line of the page, for a field in cents."""

    @admin.display(description=label, ordering=name)
    def shown(self: Any, lead: Lead) -> str:
        return cents(getattr(lead, name)) or "–"

    return shown


class InteractionInline(ReadOnly, TabularInline):
    model = Interaction
    fields = readonly_fields = ("created_at", "kind", "actor_kind", "actor", "data")
    extra = 0
    per_page = 20

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaction]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Lead)
class LeadAdmin(ReadOnly, Endless, Found, ModelAdmin):
    """Managers look leads up here; the pipeline itself moves on the board, through its services."""

    list_display = (
        "__str__", "shown_phone", "status", "consultant", "ai_temperature", "ai_score", "product", "credit", "source",
        "created_at",
    )  # fmt: skip
    list_filter = (
        "status", "ai_temperature", "product", "source", ConsultantFilter, "awaits_consultant",
        ("created_at", admin.DateFieldListFilter),
    )  # fmt: skip
    list_select_related = ("consultant__user",)
    search_help_text = gettext_lazy("Name, phone or e-mail of the client, or #number of the lead.")
    inlines = (InteractionInline,)
    actions = ("assign", "export")
    actions_list = ("import_file",)
    actions_detail = ("open_page", "merge", "hand_out", "erase")
    fieldsets = (
        (None, {"fields": ("name", "shown_phone", "email", ("city", "uf"), "message")}),
        (
            gettext_lazy("In the pipeline"),
            {
                "fields": (
                    ("status", "status_changed_at"), ("consultant", "awaits_consultant", "attended_by"),
                    ("why_lost", "lost_note"), ("won", "next_step"),
                )
            },
        ),
        (
            gettext_lazy("What they want"),
            {
                "fields": (
                    ("product", "purpose"), ("credit", "term_months"), ("home", "vehicle"),
                    ("income", "down"), "occupation",
                )
            },
        ),
        ("Lívia", {"fields": (("ai_temperature", "ai_score"), "ai_reasons", "transfer_summary")}),
        (
            gettext_lazy("Origin"),
            {"fields": (("source", "consented_at"), "tracking", ("created_at", "updated_at"), "erased_at")},
        ),
    )  # fmt: skip
    readonly_fields = ("shown_phone", "why_lost", "next_step", "won", "credit", "home", "vehicle", "income", "down")
    won = _money("won_amount", gettext_lazy("closed at"))
    credit = _money("credit_amount", gettext_lazy("credit"))
    home = _money("property_value", gettext_lazy("property value"))
    vehicle = _money("vehicle_value", gettext_lazy("vehicle value"))
    income = _money("monthly_income", gettext_lazy("monthly income"))
    down = _money("down_payment", gettext_lazy("down payment"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        return super().get_queryset(request).filter(merged_into=None)

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        return rows.filter(leads_named(request, query))

    @admin.display(description=gettext_lazy("phone"))
    def shown_phone(self, lead: Lead) -> str:
        return phone_display(lead.phone) if lead.phone else "–"

    @admin.display(description=gettext_lazy("lost reason"))
    def why_lost(self, lead: Lead) -> str:
        return str(loss_labels().get(lead.lost_reason, lead.lost_reason)) or "–"

    @admin.display(description=gettext_lazy("next task"), ordering="next_task_at")
    def next_step(self, lead: Lead) -> str:
        if lead.next_task_at is None:
            return "–"
        return f"{lead.next_task_title} · {date_format(timezone.localtime(lead.next_task_at), 'DATETIME_FORMAT')}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer = super().change_view(request, object_id, form_url, extra_context)
        if answer.status_code == 200 and object_id.isdecimal():
            access_note(user=_user(request), what=What.LEAD, object_id=int(object_id), lead_id=int(object_id))
        return answer

    @admin.action(description=gettext_lazy("Assign to a consultant…"))
    def assign(self, request: HttpRequest, leads: QuerySet[Lead]) -> HttpResponse | None:
        """Asks to whom and why, then does it lead by lead: one refusal leaves the others done."""
        form = AssignForm(request.POST if "to" in request.POST else None)
        ids = list(leads.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
        if not form.is_valid():
            return self._ask(request, _("Assign"), "assign", ids, form=form)
        reason = clean_line(form.cleaned_data["reason"], limit=300)
        outcome = leads_assign(user=_user(request), ids=ids, consultant_id=form.consultant_id, reason=reason)
        done = ngettext("%(n)s lead assigned", "%(n)s leads assigned", len(outcome.done)) % {"n": len(outcome.done)}
        level = messages.WARNING if outcome.refused else messages.SUCCESS
        self.message_user(request, outcome.sentence(done), level)
        return None

    @admin.action(description=gettext_lazy("Export…"))
    def export(self, request: HttpRequest, leads: QuerySet[Lead]) -> HttpResponse:
        """Asks for the format; the file is written in the background."""
        ids = list(leads.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
        return self._ask(request, _("Export"), "export", ids, kind="leads")

    def _ask(self, request: HttpRequest, title: str, name: str, ids: list[int], **context: Any) -> HttpResponse:
        shared = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "ids": ids,
            "chosen": Lead.objects.filter(pk__in=ids[:8]), "more": max(len(ids) - 8, 0),
            "checkbox": ACTION_CHECKBOX_NAME,
        }  # fmt: skip
        return TemplateResponse(request, f"admin/leads/lead/{name}.html", {**shared, **context})

    @action(description=gettext_lazy("Import a file"), url_path="import", icon="upload_file")
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return redirect("imports:list")

    @action(description=gettext_lazy("Open the lead"), url_path="page", icon="open_in_new")
    def open_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return page_of("leads:detail", object_id)

    @action(description=gettext_lazy("Merge"), url_path="merge", icon="merge")
    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return page_of("leads:merge", object_id)

    @action(description=gettext_lazy("Hand data out"), url_path="hand-out", icon="folder_shared")
    def hand_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return page_of("privacy:subject", object_id)

    @action(description=gettext_lazy("Erase"), url_path="erase", icon="delete_forever")
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return page_of("privacy:erase", object_id)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # the admin lets nobody else in


@admin.register(Task)
class TaskAdmin(ReadOnly, Endless, FoundByLead, ModelAdmin):
    """Tasks change on the lead's page and on the page of the day, which tell everybody concerned."""

    list_display = ("title", "lead", "kind", "state", "due_at", "owner", "made_by", "rule", "snoozed_count")
    list_filter = ("state", "kind", "made_by", OwnerFilter, ("due_at", admin.DateFieldListFilter))
    list_select_related = ("lead", "owner")
    ordering = ("-due_at", "-pk")
