"""Who saw what: the accesses to client data, filtered, in pages and as CSV. For managers."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.accounts.access import What
from crm.accounts.models import Access, User
from crm.accounts.permissions import manager_required
from crm.core.cells import safe
from crm.core.errors import Invalid
from crm.core.numbers import whole
from leads.models import Lead

PAGE = 50
MOST = 100_000  # rows of one CSV


@dataclass(frozen=True)
class Wanted:
    """Which accesses: `first` and `last` are local dates, both included."""

    user_id: int | None = None
    lead_id: int | None = None
    what: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def read(cls, given: Any) -> "Wanted":
        """Raises Invalid for what is no number, kind or date."""
        what = given.get("what", "")
        if what and what not in What.values:
            raise Invalid(_("This kind of access does not exist."))
        return cls(
            user_id=_number(given.get("user", "")),
            lead_id=_number(given.get("lead", "")),
            what=what,
            first=_date(given.get("first", "")),
            last=_date(given.get("last", "")),
        )

    def rows(self) -> QuerySet[Access]:
        rows = Access.objects.select_related("user").order_by("-at", "-pk")
        if self.user_id:
            rows = rows.filter(user_id=self.user_id)
        if self.lead_id:
            merged = Lead.objects.filter(merged_into=self.lead_id).values_list("pk", flat=True)
            rows = rows.filter(lead_id__in=[self.lead_id, *merged])
        if self.what:
            rows = rows.filter(what=self.what)
        if self.first:
            rows = rows.filter(at__gte=_begin(self.first))
        if self.last:
            rows = rows.filter(at__lt=_begin(self.last + timedelta(days=1)))
        return rows

    @property
    def query(self) -> str:
        given = {
            "user": self.user_id, "lead": self.lead_id, "what": self.what, "first": self.first, "last": self.last,
        }  # fmt: skip
        return urlencode({name: value for name, value in given.items() if value})


def _number(text: str) -> int | None:
    text = text.strip().lstrip("#")
    if text and whole(text) is None:
        raise Invalid(_("“%(text)s” is no number.") % {"text": text[:40]})
    return whole(text)


def _date(text: str) -> date | None:
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and (day is None or not 2000 <= day.year <= 2200):
        raise Invalid(_("“%(text)s” is no date.") % {"text": text[:40]})
    return day


def _begin(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


@manager_required
@require_GET
def accesses(request: HttpRequest) -> HttpResponse:
    """Newest first, page by page; with HTMX only the table."""
    wanted, page = Wanted.read(request.GET), min(max(whole(request.GET.get("page")) or 1, 1), 10_000)
    found = list(wanted.rows()[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "wanted": wanted,
        "rows": _with_leads(found[:PAGE]),
        "page": page,
        "has_more": len(found) > PAGE,
        "people": User.objects.order_by("name", "pk"),
        "kinds": What.choices,
        "lead": Lead.objects.filter(pk=wanted.lead_id).first() if wanted.lead_id else None,
    }
    return render(request, "privacy/_accesses.html" if request.htmx else "privacy/accesses.html", context)


def _with_leads(rows: list[Access]) -> list[dict[str, Any]]:
    """Each with its lead and what was looked at in words, in one query."""
    leads = Lead.objects.in_bulk({row.lead_id for row in rows if row.lead_id})
    kinds = dict(What.choices)
    return [{"access": row, "what": kinds.get(row.what, row.what), "lead": leads.get(row.lead_id)} for row in rows]


@manager_required
@require_GET
def accesses_csv(request: HttpRequest) -> HttpResponse:
    """The same rows for a spreadsheet; leads by number, names stay here."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # Excel takes the mark as UTF-8
    response["Content-Disposition"] = 'attachment; filename="acessos.csv"'
    out, kinds = csv.writer(response, delimiter=";"), dict(What.choices)
    out.writerow([_("Last"), _("Who"), _("E-mail"), _("What"), _("Number"), _("Lead"), _("Times")])
    for row in Wanted.read(request.GET).rows()[:MOST].iterator(chunk_size=2000):
        at = f"{localtime(row.at):%d/%m/%Y %H:%M}"
        what = str(kinds.get(row.what, row.what))
        out.writerow([at, safe(str(row.user)), safe(row.user.email), what, row.object_id, row.lead_id or "", row.times])
    return response
