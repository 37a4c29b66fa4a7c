"""What beat has done again and again. Every entry may run twice or late: the rows say what is due."""

from typing import Any

from celery.schedules import crontab


def schedule(*, supervise: float, watch: float, sweep: float) -> dict[str, dict[str, Any]]:
    """The schedule for `CELERY_BEAT_SCHEDULE`; the pace of the WhatsApp chores in seconds."""
    return {
        "accounts-security-prune": {"task": "accounts.security_prune", "schedule": crontab(hour=4, minute=7)},
        "alerts-tell-late": {"task": "alerts.tell_late", "schedule": 60.0},
        "analytics-refresh": {"task": "analytics.refresh", "schedule": 60.0, "options": {"expires": 60.0}},
        "api-forget": {"task": "api.forget", "schedule": 3600.0},
        "analytics-rebuild": {"task": "analytics.rebuild", "schedule": crontab(hour=3, minute=41)},
        "realtime-prune": {"task": "realtime.prune", "schedule": 3600.0},
        "realtime-push-sweep": {"task": "realtime.push_sweep", "schedule": 30.0, "options": {"expires": 30.0}},
        "exports-sweep": {"task": "exports.sweep", "schedule": 30.0, "options": {"expires": 30.0}},
        "leads-compact-totals": {"task": "leads.compact_totals", "schedule": 60.0},
        "leads-assign-waiting": {"task": "leads.assign_waiting", "schedule": 60.0},
        "leads-imports-sweep": {"task": "leads.imports_sweep", "schedule": 15.0, "options": {"expires": 15.0}},
        "leads-imports-forget": {"task": "leads.imports_forget", "schedule": 3600.0},
        "leads-tasks-due": {"task": "leads.tasks_due", "schedule": 30.0},
        "backups-run": {"task": "backups.run", "schedule": crontab(minute=17), "options": {"expires": 3000.0}},
        "conversations-keep-index": {"task": "conversations.keep_index", "schedule": 60.0},
        "conversations-quiet": {"task": "conversations.quiet", "schedule": 60.0},
        "conversations-send-scheduled": {
            "task": "conversations.send_scheduled",
            "schedule": 20.0,
            "options": {"expires": 20.0},
        },
        "conversations-age": {"task": "conversations.age", "schedule": 60.0},
        "conversations-forget-receipts": {"task": "conversations.forget_receipts", "schedule": 3600.0},
        "agent-sweep": {"task": "agent.sweep", "schedule": 15.0},
        "agent-follow-up": {"task": "agent.follow_up", "schedule": 60.0},
        "agent-listen": {"task": "agent.listen", "schedule": 60.0},
        "agent-learn": {"task": "agent.learn", "schedule": 60.0},
        "agent-watch": {"task": "agent.watch", "schedule": 60.0, "options": {"expires": 60.0}},
        "monitoring-mails": {"task": "monitoring.mails", "schedule": 60.0, "options": {"expires": 60.0}},
        "monitoring-processes-forget": {"task": "monitoring.processes_forget", "schedule": 3600.0},
        "monitoring-measure": {"task": "monitoring.measure", "schedule": crontab(), "options": {"expires": 60.0}},
        "monitoring-report": {"task": "monitoring.report", "schedule": 300.0, "options": {"expires": 300.0}},
        "monitoring-reports-forget": {"task": "monitoring.reports_forget", "schedule": crontab(hour=4, minute=29)},
        "monitoring-mails-forget": {"task": "monitoring.mails_forget", "schedule": crontab(hour=4, minute=23)},
        "privacy-retain": {"task": "privacy.retain", "schedule": crontab(hour=3, minute=41)},
        "privacy-sweep": {"task": "privacy.sweep", "schedule": 60.0, "options": {"expires": 60.0}},
        "privacy-hand-out-sweep": {"task": "privacy.hand_out_sweep", "schedule": 60.0, "options": {"expires": 60.0}},
        "summary-run": {"task": "summary.run", "schedule": 60.0, "options": {"expires": 60.0}},
        "webhooks-sweep": {"task": "webhooks.sweep", "schedule": 15.0, "options": {"expires": 15.0}},
        "webhooks-prune": {"task": "webhooks.prune", "schedule": 3600.0},
        "whatsapp-supervise": {"task": "whatsapp.supervise", "schedule": supervise},
        "whatsapp-watch": {"task": "whatsapp.watch", "schedule": watch},
        "whatsapp-clean-up": {
            "task": "whatsapp.clean_up",
            "schedule": sweep,
            "options": {"expires": sweep},
        },
    }
