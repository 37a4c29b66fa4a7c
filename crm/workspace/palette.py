"""What the command palette offers: pages and actions by their names, leads and conversations by who they are about."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation
from conversations.selectors import conversations_visible_to
from crm.accounts.models import User
from crm.core.text import clean_line
from leads.filters import Filters
from leads.models import Lead
from leads.selectors import leads_visible_to

MOST = 6
_MAX_QUERY = 80


@dataclass(frozen=True)
class Action:
    """A page (`page`, a URL name) or something the page's scripts do (`does`). `words` are other names for it."""

    label: Promise | str
    icon: str
    page: str = ""
    does: str = ""
    keys: str = ""
    words: Promise | str = ""
    managers: bool = False

    @property
    def url(self) -> str:
        return reverse(self.page) if self.page else ""


ACTIONS = (
    Action(_("Board"), "layout-kanban", page="leads:board", keys="G B", words=_("kanban pipeline funnel")),
    Action(_("Conversations"), "message-circle", page="conversations:list", keys="G C", words=_("chat messages inbox")),
    Action(_("Leads"), "users", page="leads:list", keys="G L", words=_("list table clients")),
    Action(_("My day"), "checkbox", page="leads:tasks", keys="G T", words=_("tasks agenda follow-ups")),
    Action(_("Notifications"), "bell", page="notifications:centre", keys="G N", words=_("alerts bell")),
    Action(_("Ready answers"), "message-2-bolt", page="conversations:canned", words=_("templates shortcuts")),
    Action(_("Notification settings"), "bell-cog", page="notifications:settings", words=_("sound push quiet hours")),
    Action(_("Failures"), "alert-triangle", page="workspace:queue", words=_("queue errors unsent messages")),
    Action(_("Exports"), "file-export", page="exports:list", words=_("download csv excel spreadsheet")),
    Action(_("API keys"), "key", page="keys:list", words=_("token program integration")),
    Action(_("My figures"), "chart-bar", page="analytics:mine", words=_("analytics numbers charts")),
    Action(_("Analytics"), "chart-bar", page="analytics:team", managers=True, words=_("figures charts funnel")),
    Action(_("Alerts"), "urgent", page="alerts:list", managers=True, words=_("problems trouble")),
    Action(_("Rotation"), "arrows-shuffle", page="leads:rotation", managers=True, words=_("next in turn consultants")),
    Action(_("Imports"), "file-import", page="imports:list", managers=True, words=_("upload csv excel spreadsheet")),
    Action(_("Privacy"), "shield-lock", page="privacy:overview", managers=True, words=_("LGPD erase consent")),
    Action(_("Webhooks"), "webhook", page="webhooks:list", managers=True, words=_("integrations API other systems")),
    Action("WhatsApp", "brand-whatsapp", page="whatsapp:sessions", managers=True, words=_("number session QR code")),
    Action("Lívia", "sparkles", page="agent:livia", managers=True, words=_("assistant AI agent")),
    Action(_("Admin"), "settings", page="admin:index", managers=True, words=_("settings users products")),
    Action(_("New lead"), "plus", does="new-lead", keys="N", words=_("create add client")),
    Action(_("Light or dark"), "moon", does="theme", words=_("theme appearance")),
    Action(_("Keyboard shortcuts"), "keyboard", does="shortcuts", keys="?", words=_("keys help")),
)


@dataclass
class Found:
    actions: list[Action] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.actions or self.leads or self.conversations)


def palette_find(user: User, raw: str) -> Found:
    """What fits all words of a query; without one, every action and nobody."""
    query = clean_line(raw, limit=_MAX_QUERY)
    words = query.lower().split()
    found = Found(actions=[action for action in ACTIONS if _fits(action, words) and _may(user, action)])
    if words:
        found.leads = _leads(user, query)
        found.conversations = _conversations(user, found.leads)
    return found


def _may(user: User, action: Action) -> bool:
    return user.is_manager or not action.managers


def _fits(action: Action, words: list[str]) -> bool:
    text = f"{action.label} {action.words}".lower()
    return all(word in text for word in words)


def _leads(user: User, query: str) -> list[Lead]:
    leads = leads_visible_to(user).filter(Filters(q=query).condition(user)).select_related("consultant__user")
    return list(leads.order_by("-updated_at", "-pk")[:MOST])


def _conversations(user: User, leads: list[Lead]) -> list[Conversation]:
    threads = conversations_visible_to(user).filter(lead__in=leads).select_related("lead", "inbox")
    return list(threads.order_by("-last_message_at", "-pk")[:MOST])
