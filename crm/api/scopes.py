"""What a key may do. A person's own token may do all that the person may."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    LEADS_READ = "leads:read", _("See leads, their history and tasks")
    LEADS_WRITE = "leads:write", _("Create, change, move and assign leads; keep tasks and notes")
    CONVERSATIONS_READ = "conversations:read", _("See contacts, conversations and messages")
    CONVERSATIONS_WRITE = "conversations:write", _("Send messages, take conversations over and hand them back")
    SIMULATIONS_READ = "simulations:read", _("See simulations")
    SIMULATIONS_WRITE = "simulations:write", _("Simulate loans")
    SESSIONS_READ = "sessions:read", _("See WhatsApp numbers and their state (managers)")
    SESSIONS_WRITE = "sessions:write", _("Connect and disconnect WhatsApp numbers (managers)")
    ANALYTICS_READ = "analytics:read", _("See analytics")
