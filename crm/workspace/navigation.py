"""The admin's sidebar: pages and records grouped as a manager thinks of them."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.workspace.badges import badges


@dataclass(frozen=True)
class Page:
    """A page of the product by its URL name. `badge` names a count of `crm.workspace.badges`."""

    name: str
    title: Promise | str
    icon: str
    badge: str = ""


@dataclass(frozen=True)
class Records:
    """A model's list in the admin, by its label; shown where the person may see it."""

    model: str
    icon: str


Entry = Page | Records
GROUPS: tuple[tuple[Promise | str, tuple[Entry, ...]], ...] = (
    (
        _("Today"),
        (
            Page("admin:index", _("Overview"), "dashboard"),
            Page("leads:board", _("Board"), "view_kanban"),
            Page("conversations:list", _("Conversations"), "forum"),
            Page("alerts:list", _("Alerts"), "notification_important", badge="alerts"),
            Page("workspace:queue", _("Failures"), "report", badge="failures"),
            Page("analytics:team", _("Analytics"), "monitoring"),
        ),
    ),
    (
        _("Clients"),
        (
            Records("leads.lead", "person_search"),
            Records("conversations.contact", "contacts"),
            Records("conversations.conversation", "chat"),
            Records("conversations.whatsappconversation", "3p"),
            Records("leads.task", "task_alt"),
            Records("conversations.scheduledmessage", "schedule_send"),
            Records("conversations.cannedreply", "quickreply"),
            Records("conversations.label", "label"),
            Records("leads.note", "sticky_note_2"),
            Records("leads.leadfile", "attach_file"),
            Records("leads.lossreason", "thumb_down"),
            Records("leads.stageexpectation", "hourglass_top"),
        ),
    ),
    (
        _("Team"),
        (
            Page("leads:rotation", _("Rotation"), "sync"),
            Records("accounts.user", "group"),
            Records("leads.consultant", "badge"),
            Records("leads.assignmentrule", "alt_route"),
            Records("leads.rotationsettings", "tune"),
        ),
    ),
    (
        "Lívia",
        (
            Page("agent:livia", _("How Lívia is doing"), "auto_awesome"),
            Records("agent.productversion", "request_quote"),
            Records("agent.promptversion", "edit_note"),
            Records("agent.businessprofile", "storefront"),
            Records("agent.faqentry", "quiz"),
            Records("agent.modelprice", "payments"),
            Records("agent.contactprofile", "face"),
            Records("agent.simulation", "calculate"),
            Records("agent.followup", "update"),
            Records("agent.turn", "smart_toy"),
            Records("agent.leadclassification", "thermostat"),
            Records("agent.dialogue", "account_tree"),
        ),
    ),
    (
        "WhatsApp",
        (
            Page("whatsapp:sessions", _("Connections"), "qr_code_2"),
            Records("conversations.inbox", "inbox"),
            Records("whatsapp.session", "smartphone"),
            Records("conversations.message", "sms"),
            Records("whatsapp.setaside", "unarchive"),
        ),
    ),
    (
        _("Data and privacy"),
        (
            Page("imports:list", _("Imports"), "upload_file"),
            Page("exports:list", _("Exports"), "download"),
            Page("privacy:overview", _("Privacy"), "shield_person"),
            Records("leads.consent", "handshake"),
            Page("privacy:accesses", _("Who saw what"), "visibility"),
            Records("exports.export", "file_save"),
            Records("leads.import", "drive_folder_upload"),
            Records("privacy.erasure", "person_remove"),
            Records("privacy.subjectexport", "folder_shared"),
            Records("privacy.review", "gavel"),
            Records("privacy.retentionrule", "auto_delete"),
        ),
    ),
    (
        _("Integrations"),
        (
            Page("webhooks:list", _("Webhooks"), "webhook"),
            Records("webhooks.endpoint", "output"),
            Records("webhooks.delivery", "outbox"),
            Records("webhooks.source", "input"),
            Records("api.apikey", "key"),
            Records("api.tokenfamily", "token"),
        ),
    ),
    (
        _("Audit"),
        (
            Records("leads.interaction", "history"),
            Records("accounts.access", "visibility"),
            Records("accounts.securityevent", "security"),
            Records("admin.logentry", "manage_history"),
            Records("whatsapp.sessionhistory", "timeline"),
            Records("alerts.alert", "campaign"),
        ),
    ),
    (
        _("Operations"),
        (
            Page("monitoring:health", _("Monitoring"), "monitor_heart"),
            Page("monitoring:reports", _("Hourly reports"), "lab_profile"),
            Records("monitoring.process", "memory"),
            Records("monitoring.sample", "ecg_heart"),
            Records("monitoring.report", "summarize"),
            Records("backups.backup", "backup"),
            Records("monitoring.alertmail", "mark_email_unread"),
        ),
    ),
)
_LISTED = {entry.model for _title, entries in GROUPS for entry in entries if isinstance(entry, Records)}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The theme's navigation; what no group names stands at the end of the last one."""
    counted = badges(request)
    groups = [
        {
            "title": title,
            "separator": number > 0,
            "collapsible": number > 0,
            "items": [item for entry in entries if (item := _item(request, entry, counted))],
        }
        for number, (title, entries) in enumerate(GROUPS)
    ]
    rest = [Records(model._meta.label_lower, "table_rows") for model in admin.site._registry if _is_left(model)]
    groups[-1]["items"] += [item for entry in rest if (item := _item(request, entry, counted))]  # type: ignore[operator]
    return [group for group in groups if group["items"]]


def _is_left(model: Any) -> bool:
    return model._meta.label_lower not in _LISTED


def _item(request: HttpRequest, entry: Entry, counted: dict[str, int]) -> dict[str, Any] | None:
    if isinstance(entry, Records):
        return _records(request, entry)
    link = reverse(entry.name)
    item = {"title": entry.title, "icon": entry.icon, "link": link, "active": request.path == link}
    return {**item, "badge": str(number)} if (number := counted.get(entry.badge)) else item


def _records(request: HttpRequest, entry: Records) -> dict[str, Any] | None:
    app_label, name = entry.model.split(".")
    try:
        model = apps.get_model(app_label, name)
    except LookupError:
        return None
    shown = admin.site._registry.get(model)
    if shown is None or not shown.has_view_or_change_permission(request):
        return None
    title = str(model._meta.verbose_name_plural)
    link = reverse(f"admin:{app_label}_{name}_changelist")
    return {"title": title[:1].upper() + title[1:], "icon": entry.icon, "link": link}
