"""What people are told about, by topic, and the ways it reaches them. The bell keeps everything; the other ways are
each person's choice, topic by topic."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    LEADS = "leads", _("New leads")
    ASSIGNMENTS = "assignments", _("Handovers and merges")
    MESSAGES = "messages", _("Messages")
    MENTIONS = "mentions", _("Mentions")
    TASKS = "tasks", _("Tasks")
    SESSIONS = "sessions", _("WhatsApp numbers")
    SYSTEM = "system", _("System")


class Way(TextChoices):
    TOAST = "toast", _("On screen")
    SOUND = "sound", _("Sound")
    PUSH = "push", _("On your devices")


KINDS = {
    "lead": Topic.LEADS,
    "lead_assigned": Topic.LEADS,
    "lead_returned": Topic.LEADS,
    "leads_imported": Topic.LEADS,
    "lead_handed_over": Topic.ASSIGNMENTS,
    "leads_merged": Topic.ASSIGNMENTS,
    "stuck": Topic.ASSIGNMENTS,
    "loop": Topic.ASSIGNMENTS,
    "message": Topic.MESSAGES,
    "snooze": Topic.MESSAGES,
    "message_not_sent": Topic.MESSAGES,
    "mention": Topic.MENTIONS,
    "task_due": Topic.TASKS,
    "session_trouble": Topic.SESSIONS,
    "session_recovered": Topic.SESSIONS,
    "session_alert": Topic.SESSIONS,
    "backup_failed": Topic.SESSIONS,
    "model_trouble": Topic.SYSTEM,
    "import_done": Topic.SYSTEM,
    "review_asked": Topic.SYSTEM,
    "subject_export": Topic.SYSTEM,
    "alert": Topic.SYSTEM,
    "alert_over": Topic.SYSTEM,
    "export_ready": Topic.SYSTEM,
    "export_failed": Topic.SYSTEM,
    "token_reused": Topic.SYSTEM,
}

# Until a person chooses: what is nobody's hurry stays on the screen.
MUTED_AT_FIRST = ("system.sound", "system.push")


def topic_of(kind: str) -> Topic:
    return KINDS.get(kind, Topic.SYSTEM)


def kinds_of(topic: Topic) -> list[str]:
    return [kind for kind, its in KINDS.items() if its == topic]


def choice(topic: str, way: str) -> str:
    """How `NotificationSettings.muted` writes one way of one topic."""
    return f"{topic}.{way}"


# No topic of the bell: whether a manager gets the weekly summary by e-mail (crm.summary).
WEEKLY_EMAIL = choice("weekly", "email")
# And whether one gets e-mails about grave alerts and those nobody looks after (crm.monitoring).
ALERT_EMAIL = choice("alerts", "email")
CHOICES = frozenset(choice(topic, way) for topic in Topic.values for way in Way.values) | {WEEKLY_EMAIL, ALERT_EMAIL}
