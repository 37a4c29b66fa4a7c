"""Who gets the next lead: of those a rule names for it (leads.assignment_rules), else of all, those on duty first
(leads.duty), whoever was assigned longest ago; or, with the strategy least_loaded, whoever has the fewest open leads,
in turn among equals. Nobody on duty: everybody active in the rotation.

Open leads are the sums of the board's ledger, to which every change of a lead appends in its own transaction. A lock
held until the commit makes both exact under concurrency: the next transaction chooses only once it sees this one's
turn and lead. Taken after every lead row and before the room counters. All creators of leads wait for it, so nothing
slow belongs between it and the commit, and settings, rule, duty and turn are one statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.facts import publish as publish_fact
from crm.core.locks import lock_then
from crm.core.work import service
from leads.assignment_rules import FITS, RULE, RULED
from leads.duty import ON_DUTY, moment
from leads.events import RotationResumed
from leads.models import BoardDelta, Consultant, RotationSettings, Strategy
from leads.pipeline import CLOSED

_COUNT = """
UPDATE leads_consultant AS consultant
SET turn = nextval('leads_rotation_turn'), assigned_count = assigned_count + 1, last_assigned_at = %s
"""
_ORDER = "ruled DESC, on_duty DESC, line.load, turn, line.id"
_LINE = f"""
WITH asked AS (
    SELECT %s::text AS product, %s::text AS uf, %s::text AS source, %s::text AS strategy,
        %s::date AS day, %s::time AS clock, %s::int AS weekday
), way AS (
    SELECT coalesce((SELECT nullif(strategy, '') FROM leads_rotationsettings), strategy) AS strategy FROM asked
), rule AS ({RULE}), load AS (
    SELECT consultant_id, sum(leads) AS leads FROM leads_boarddelta
    WHERE status <> ALL(ARRAY[{", ".join(f"'{status}'" for status in sorted(CLOSED))}])
    AND (SELECT strategy FROM way) = 'least_loaded' GROUP BY consultant_id
), line AS (
    SELECT person.id, email, name, {RULED} AS ruled, {ON_DUTY} AS on_duty, coalesce(load.leads, 0) AS load, turn
    FROM leads_consultant AS consultant JOIN accounts_user AS person ON person.id = consultant.user_id
    CROSS JOIN asked LEFT JOIN load ON load.consultant_id = person.id WHERE in_rotation AND is_active
)
"""
_READ = f"{_LINE} SELECT line.*, (SELECT id FROM rule), (SELECT strategy FROM way) FROM line ORDER BY {_ORDER}"
_TAKE = f"""
{_LINE}, next AS (SELECT id, email, name FROM line ORDER BY {_ORDER} LIMIT 1)
{_COUNT} FROM next WHERE consultant.user_id = next.id RETURNING next.id, next.email, next.name
"""


@dataclass(frozen=True)
class Place:
    """A consultant's place in the line for one kind of lead. `ruled`: the rule names them; `load`: open leads, if the
    strategy looks at them."""

    consultant_id: int
    email: str
    name: str
    ruled: bool
    on_duty: bool
    load: int
    turn: int
    rule_id: int | None
    strategy: str

    @property
    def shown(self) -> str:
        return self.name or self.email


def line(fits: Mapping[str, str] | None = None, *, at: datetime | None = None) -> list[Place]:
    """Everybody in the rotation, in the order in which they would be chosen for such a lead at a moment (now)."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, _asked(fits, at))
        return [Place(*row) for row in cursor.fetchall()]


def turns_ahead(places: list[Place], count: int) -> list[Place]:
    """Who would get the next leads of one kind, from its line; nothing is written."""
    first = places[0] if places else None
    running = {each.consultant_id: each for each in places if first and _rank(each) == _rank(first)}
    turns = []
    for _number in range(count if running else 0):
        chosen = min(running.values(), key=lambda each: (each.load, each.turn, each.consultant_id))
        turns.append(chosen)
        load = chosen.load + (chosen.strategy == Strategy.LEAST_LOADED)
        last = max(each.turn for each in running.values())
        running[chosen.consultant_id] = replace(chosen, load=load, turn=last + 1)
    return turns


def _rank(place: Place) -> tuple[bool, bool]:
    return place.ruled, place.on_duty


def _asked(fits: Mapping[str, str] | None, at: datetime | None) -> list[Any]:
    return [*((fits or {}).get(name) or "" for name in FITS), settings.ASSIGNMENT_STRATEGY, *moment(at)]


def rotation() -> QuerySet[Consultant]:
    """Consultants who may receive leads, next in turn first."""
    return Consultant.objects.filter(in_rotation=True, user__is_active=True).select_related("user")


def strategy_in_use() -> Strategy:
    chosen = RotationSettings.objects.values_list("strategy", flat=True).first()
    return Strategy(chosen or settings.ASSIGNMENT_STRATEGY)


def next_in_turn(lead_values: Mapping[str, str] | None = None) -> Consultant | None:
    """The consultant the next lead of this kind (product, uf, source) goes to; None when nobody is active."""
    places = line(lead_values)
    return _consultant((places[0].consultant_id, places[0].email, places[0].name)) if places else None


def _consultant(row: tuple[Any, ...]) -> Consultant:
    """Only the name is loaded."""
    chosen = Consultant.from_db(None, ["user_id"], row[:1])
    chosen.user = User.from_db(None, ["id", "email", "name"], row)  # in the order of the model
    return chosen


def with_open_leads(consultants: QuerySet[Consultant]) -> QuerySet[Consultant]:
    """Each with `open_leads`: those neither won nor lost."""
    rows = BoardDelta.objects.filter(consultant_id=OuterRef("pk")).exclude(status__in=CLOSED)
    sums = rows.order_by().values("consultant_id").annotate(n=Sum("leads")).values("n")
    return consultants.annotate(open_leads=Coalesce(Subquery(sums, output_field=IntegerField()), 0))


@service
def consultant_take_turn(fits: Mapping[str, str] | None = None) -> Consultant | None:
    """Choose the next consultant for a lead of this kind (product, uf, source) and count the turn.

    None when nobody is active. Only the name is loaded.
    """
    row = lock_then("rotation", _TAKE, [*_asked(fits, None), now()])
    return _consultant(row) if row else None


def consultant_count(*, consultant_id: int) -> None:
    """Write the statistics of an assignment; it also sends the consultant to the end of the line."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COUNT} WHERE user_id = %s", [now(), consultant_id])


@service
def consultant_rotate(*, consultant_id: int, in_rotation: bool) -> None:
    """Take a consultant into the rotation or out of it. Raises NotFound."""
    changed = Consultant.objects.filter(pk=consultant_id).update(in_rotation=in_rotation)
    if not changed:
        raise NotFound(_("This consultant does not exist or is not active."))
    if in_rotation:
        publish_fact(RotationResumed(consultant_id=consultant_id))
