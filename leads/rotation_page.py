"""What the page of the rotation shows: the line, why somebody is passed over, rules, waiting leads, a look ahead."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from crm.core.clock import now
from leads.assignment_rules import rule_serves, rules_to_show
from leads.duty import Duty, duties, moment
from leads.models import Absence, AssignmentRule, Consultant, Interaction, InteractionKind, Lead, Product, Source
from leads.models import WorkingHours as Hours
from leads.rotation import Place, line, strategy_in_use, turns_ahead, with_open_leads

AHEAD = 10
WAITING_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """A consultant in the line (`place` 1 is next) or outside of it (None)."""

    consultant: Consultant
    duty: Duty
    place: int | None
    week: int
    today: int
    day: date

    @property
    def away(self) -> Absence | None:
        """The absence they are away for today."""
        return next((each for each in self.days_off if each.first_day <= self.day), None)

    @property
    def days_off(self) -> list[Absence]:
        """Absences of today and later."""
        found = [each for each in self.consultant.absences.all() if each.last_day >= self.day]
        return sorted(found, key=lambda each: each.first_day)

    @property
    def hours(self) -> str:
        return hours_in_words(list(self.consultant.working_hours.all()))

    @property
    def why(self) -> str:
        """Why leads come to them, or do not, in words."""
        if not self.duty.is_active:
            return _("Account switched off")
        if not self.duty.in_rotation:
            return _("Out of the rotation")
        if not self.duty.available:
            return _("Switched to away")
        if self.away:
            return _("Off until %(day)s") % {"day": f"{self.away.last_day:%d/%m/%Y}"}
        return _("On duty") if self.duty.inside_hours else _("Outside working hours")

    @property
    def state(self) -> str:
        return "off" if not self.duty.in_line else "on" if self.duty.on_duty else "away"


@dataclass(frozen=True)
class Preview:
    """Who gets the next leads of a kind. `rule` fits; `rule_counts`: somebody it names receives leads."""

    rule: AssignmentRule | None
    rule_counts: bool
    anybody_on_duty: bool
    turns: list[Place]
    each: list[tuple[str, int]] = field(default_factory=list)


def rotation_page(at: datetime | None = None) -> dict[str, Any]:
    at = at or now()
    rows, waiting = rotation_rows(at), Lead.objects.filter(awaits_consultant=True, merged_into=None).order_by("pk")
    places = [row for row in rows if row.place]
    received = [row.consultant.assigned_count for row in places]
    return {
        "rows": rows,
        "in_line": len(places),
        "on_duty": sum(row.duty.on_duty for row in places),
        "spread": max(received) - min(received) if received else None,
        "week_spread": max(row.week for row in places) - min(row.week for row in places) if places else None,
        "strategy": strategy_in_use(),
        "rules": [(rule, rule_in_words(rule), rule_serves(rule)) for rule in rules_to_show()],
        "waiting": list(waiting[:WAITING_SHOWN]),
        "waiting_n": waiting.count(),
    }


def rotation_rows(at: datetime) -> list[Row]:
    """Everybody who is or was in the rotation: first the line, next in turn first, then the others by name."""
    duty, day = duties(at), moment(at)[0]
    order = {place.consultant_id: number for number, place in enumerate(line(at=at), 1)}
    received = _received(at)
    people = with_open_leads(Consultant.objects.select_related("user").prefetch_related("working_hours", "absences"))
    rows = [
        Row(each, duty[each.pk], order.get(each.pk), *received.get(each.pk, (0, 0)), day)
        for each in people
        if each.pk in duty
    ]
    return sorted(rows, key=lambda row: (row.place or len(rows) + 1, row.consultant.name, row.consultant.pk))


def _received(at: datetime) -> dict[int, tuple[int, int]]:
    """Leads each consultant was given in the last seven days and today, by creation or later."""
    midnight = timezone.localtime(at, timezone.get_default_timezone()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    since = midnight - timedelta(days=6)
    rows = Interaction.objects.filter(
        pk__gt=_interaction_before(since), created_at__gte=since, data__consultant__gt=0,
        kind__in=(InteractionKind.CREATED, InteractionKind.ASSIGNED),
    ).order_by().values("data__consultant")  # fmt: skip
    rows = rows.annotate(week=Count("pk"), today=Count("pk", filter=Q(created_at__gte=midnight)))
    return {row["data__consultant"]: (row["week"], row["today"]) for row in rows}


def _interaction_before(since: datetime) -> int:
    """An interaction older than a moment: numbers grow with time, and no index knows their time, so the last lead that
    was created before tells."""
    last = Lead.objects.filter(created_at__lt=since).order_by("-created_at", "-pk").values_list("pk", flat=True).first()
    born = (
        Interaction.objects.filter(lead_id=last, kind=InteractionKind.CREATED) if last else Interaction.objects.none()
    )
    return born.aggregate(first=Min("pk"))["first"] or 0


def preview(fits: dict[str, str], at: datetime | None = None) -> Preview:
    """Who would get the next leads of this kind at a moment, found as when they come; nothing is written."""
    places = line(fits, at=at)
    rule = AssignmentRule.objects.filter(pk=places[0].rule_id).first() if places and places[0].rule_id else None
    turns = turns_ahead(places, AHEAD)
    counts = Counter(place.consultant_id for place in turns)
    names = {place.consultant_id: place.shown for place in turns}
    return Preview(
        rule=rule,
        rule_counts=bool(places and places[0].ruled),
        anybody_on_duty=bool(places and places[0].on_duty),
        turns=turns,
        each=[(names[pk], n) for pk, n in counts.most_common()],
    )


def hours_in_words(hours: list[Hours]) -> str:
    """`"seg–sex 09:00–12:00, 13:00–18:00 · sáb 09:00–12:00"`; empty for all hours."""
    spans: dict[int, str] = {}
    for row in sorted(hours, key=lambda row: (row.weekday, row.begins)):
        text = f"{row.begins:%H:%M}–{row.ends:%H:%M}"
        spans[row.weekday] = f"{spans[row.weekday]}, {text}" if row.weekday in spans else text
    parts = []
    for (text, _run), days in groupby(enumerate(sorted(spans)), key=lambda each: (spans[each[1]], each[1] - each[0])):
        run = [day for _number, day in days]
        ends = [str(WEEKDAYS_ABBR[run[0]]), str(WEEKDAYS_ABBR[run[-1]])]
        parts.append(f"{'–'.join(ends if len(run) > 1 else ends[:1])} {text}")
    return " · ".join(parts)


def rule_in_words(rule: AssignmentRule) -> str:
    """Which leads a rule is for."""
    labels = {**dict(Product.choices), **dict(Source.choices)}
    parts = [[str(labels.get(code, code)) for code in codes] for codes in (rule.products, rule.ufs, rule.sources)]
    return " · ".join(", ".join(part) for part in parts if part) or _("All leads")
