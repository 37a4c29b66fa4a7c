"""Who gets the summary, and what it says."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from crm.accounts.models import Role, User
from crm.alerts.models import Alert
from crm.alerts.selectors import open_alerts
from crm.analytics.figures import everything
from crm.analytics.period import Period
from crm.analytics.selectors import standing
from crm.analytics.shapes import ConversionRow, Figures
from crm.realtime.topics import WEEKLY_EMAIL
from crm.summary.weeks import period_of
from leads.attention import Chip, chip_q
from leads.models import Lead

SHOWN = 6


def managers_to_mail() -> QuerySet[User]:
    """Active managers who did not switch it off; demo logins have no mailbox."""
    people = User.objects.filter(is_active=True, is_demo=False, role__in=(Role.MANAGER, Role.ADMIN))
    return people.exclude(notification_settings__muted__contains=[WEEKLY_EMAIL]).order_by("pk")


def figures_cover(period: Period) -> bool:
    """Whether the figures of the period are complete."""
    state = standing()
    return state.as_of is not None and state.as_of >= period.ends and not state.rebuilding


@dataclass(frozen=True)
class Source:
    row: ConversionRow
    leads_before: int


@dataclass(frozen=True)
class Summary:
    """A week beside the one before it, and how things stand now."""

    period: Period
    now: Figures
    before: Figures
    sources: tuple[Source, ...]
    attention: int
    ownerless: int
    alerts: tuple[Alert, ...]
    raised: int

    @property
    def is_quiet(self) -> bool:
        return not (self.now.headline.leads or self.now.livia.turns or self.now.headline.won)

    @property
    def addresses(self) -> dict[str, str]:
        """Where each part is looked at, as whole addresses."""
        days = urlencode({"from": self.period.first.isoformat(), "to": self.period.last.isoformat()})
        board = reverse("leads:list")
        pages = {
            "analytics": f"{reverse('analytics:team')}?{days}",
            "attention": f"{board}?chip=attention",
            "ownerless": f"{board}?owner=none",
            "alerts": reverse("alerts:list"),
            "settings": reverse("notifications:settings"),
        }
        return {name: settings.SITE_URL.rstrip("/") + page for name, page in pages.items()}


def summary_of(week: date) -> Summary:
    period = period_of(week)
    now, before = everything(period), everything(period.previous)
    earlier = {row.key: row.leads for row in before.conversion.by["source"]}
    sources = [Source(row, earlier.get(row.key, 0)) for row in now.conversion.by["source"] if row.leads]
    leads = Lead.objects.filter(merged_into=None)
    return Summary(
        period=period,
        now=now,
        before=before,
        sources=tuple(sources[:SHOWN]),
        attention=leads.filter(chip_q(Chip.ATTENTION)).count(),
        ownerless=leads.filter(awaits_consultant=True).count(),
        alerts=tuple(open_alerts()[:SHOWN]),
        raised=Alert.objects.filter(raised_at__gte=period.begins, raised_at__lt=period.ends).count(),
    )
