"""The summary as an e-mail in its reader's language: text, and simple HTML beside it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.accounts.models import User
from crm.analytics.words import count, days, duration, money, money_short, percent
from crm.core.mail import mail_headers
from crm.summary.selectors import SHOWN, Summary, summary_of


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    before: str


def mail_of(user: User, week: date) -> Mail:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        summary = summary_of(week)
        context = _context(user, summary)
        text = render_to_string("emails/weekly.txt", context)
        return Mail(_subject(summary), text, render_to_string("emails/weekly.html", context))


def message_of(user: User, week: date, mail: Mail) -> EmailMultiAlternatives:
    headers = mail_headers(f"weekly.{week:%Y%m%d}.{user.pk}")
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[user.email], headers=headers)
    message.attach_alternative(mail.html, "text/html")
    return message


def _subject(summary: Summary) -> str:
    headline = summary.now.headline
    leads = ngettext("%(n)s new lead", "%(n)s new leads", headline.leads) % {"n": count(headline.leads)}
    won = ngettext("%(n)s won", "%(n)s won", headline.won) % {"n": count(headline.won)}
    amount = f" ({money_short(headline.won_cents)})" if headline.won_cents else ""
    week = days(summary.period.first, summary.period.last)
    return _("Week %(days)s: %(leads)s, %(won)s") % {"days": week, "leads": leads, "won": won + amount}


def _context(user: User, summary: Summary) -> dict[str, Any]:
    figures = summary.now
    return {
        "name": user.get_short_name(),
        "subject": _subject(summary),
        "days": days(summary.period.first, summary.period.last),
        "days_before": days(summary.before.period.first, summary.before.period.last),
        "tiles": _tiles(summary),
        "sources": [
            (each.row.label, count(each.row.leads), count(each.leads_before), count(each.row.won))
            for each in summary.sources
        ],
        "consultants": [
            (
                row.label,
                count(row.leads),
                count(row.won),
                money_short(row.won_cents),
                duration(row.response_median_s),
                count(row.tasks_overdue),
            )
            for row in figures.consultants.rows
        ],
        "losses": [(row.label, count(row.count)) for row in figures.losses.rows[: SHOWN // 2]],
        "attention": count(summary.attention),
        "ownerless": count(summary.ownerless) if summary.ownerless else "",
        "alerts": summary.alerts,
        "raised": count(summary.raised),
        "unpriced": figures.headline.unpriced,
        "is_quiet": summary.is_quiet,
        "links": summary.addresses,
    }


def _tiles(summary: Summary) -> list[Tile]:
    now, before = summary.now.headline, summary.before.headline
    return [
        Tile(_("New leads"), count(now.leads), count(before.leads)),
        Tile(pgettext("leads", "Won"), count(now.won), count(before.won)),
        Tile(_("Amount won"), money(now.won_cents), money(before.won_cents)),
        Tile(pgettext("leads", "Lost"), count(now.lost), count(before.lost)),
        Tile(_("First human response"), duration(now.response_median_s), duration(before.response_median_s)),
        Tile(_("Served by Lívia alone"), percent(now.livia_share), percent(before.livia_share)),
    ]
