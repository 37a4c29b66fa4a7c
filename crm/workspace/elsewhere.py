"""What was given up in other corners of the product: a line each, with where to look and, where one step does it, a way
to try it again. For managers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.exports.models import Export, ExportState
from crm.monitoring.models import AlertMail, MailState
from crm.privacy.models import SubjectExport, SubjectExportState
from crm.webhooks.models import Arrival, ArrivalState, Delivery, DeliveryState
from leads.models import Import, ImportState

DAYS = 7  # what nobody minded for a week is history, and still in its own list


@dataclass(frozen=True)
class Lost:
    """`again` is where a POST tries all of it once more, with DAYS; "" where that takes a look first."""

    title: Promise | str
    about: str
    count: int
    last_at: datetime
    url: str
    again: str = ""


def lost_elsewhere() -> list[Lost]:
    """The latest first."""
    since = now() - timedelta(days=DAYS)
    kinds = (_deliveries, _arrivals, _imports, _lists, _mails)
    return sorted((one for kind in kinds for one in kind(since)), key=lambda one: one.last_at, reverse=True)


def _deliveries(since: datetime) -> Iterator[Lost]:
    rows = Delivery.objects.filter(state=DeliveryState.DEAD, settled_at__gte=since).order_by()
    for row in rows.values("endpoint_id", "endpoint__name", "endpoint__active").annotate(
        n=Count("pk"), last=Max("settled_at")
    ):
        page = reverse("webhooks:detail", args=[row["endpoint_id"]])
        again = reverse("webhooks:resend_dead", args=[row["endpoint_id"]]) if row["endpoint__active"] else ""
        yield Lost(_("Webhook: nobody took these"), row["endpoint__name"], row["n"], row["last"], page, again)


def _arrivals(since: datetime) -> Iterator[Lost]:
    rows = Arrival.objects.filter(state=ArrivalState.REFUSED, at__gte=since).order_by()
    for row in rows.values("source_id", "source__name").annotate(n=Count("pk"), last=Max("at")):
        page = reverse("webhooks:source", args=[row["source_id"]])
        yield Lost(_("Incoming webhook: not understood"), row["source__name"], row["n"], row["last"], page)


def _imports(since: datetime) -> Iterator[Lost]:
    rows = Import.objects.filter(state=ImportState.FAILED, created_at__gte=since)
    for row in rows.order_by("-pk")[:20]:
        yield Lost(_("Import failed"), row.error, 1, row.created_at, reverse("imports:detail", args=[row.pk]))


def _lists(since: datetime) -> Iterator[Lost]:
    for row in Export.objects.filter(state=ExportState.FAILED, created_at__gte=since).order_by("-pk")[:20]:
        about = f"{row.get_kind_display()} · {row.error}"
        yield Lost(_("Export failed"), about, 1, row.created_at, reverse("exports:list"))
    rows = SubjectExport.objects.filter(state=SubjectExportState.FAILED, created_at__gte=since)
    for kept in rows.order_by("-pk")[:20]:
        yield Lost(_("Data to hand out: failed"), kept.error, 1, kept.created_at, reverse("privacy:overview"))


def _mails(since: datetime) -> Iterator[Lost]:
    page = reverse("admin:monitoring_alertmail_changelist")
    found = AlertMail.objects.filter(state=MailState.FAILED, created_at__gte=since)
    mails = found.aggregate(n=Count("pk"), last=Max("created_at"))
    if mails["n"]:
        yield Lost(_("E-mails about alerts that were not sent"), "", mails["n"], mails["last"], page)
