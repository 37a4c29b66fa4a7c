"""Whose leads those of a file are: as many turns of the rotation at once as one statement takes for a single lead.

The same line, rules and duty as leads.rotation, under its lock: what is decided here is what as many calls of
`consultant_take_turn` would have decided.
"""

from collections.abc import Mapping, Sequence

from django.db import connection

from crm.core.clock import now
from crm.core.locks import lock_then
from leads.assignment_rules import fits_of
from leads.models import AssignmentRule, Lead, Strategy
from leads.rotation import Place, line

_COUNT = """
UPDATE leads_consultant AS consultant
SET turn = taken.turn, assigned_count = assigned_count + taken.leads, last_assigned_at = %s
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS taken (id, turn, leads) WHERE consultant.user_id = taken.id
"""
_NUMBERS = "SELECT nextval('leads_rotation_turn') FROM generate_series(1, %s)"


def turns_take(leads: Sequence[Lead]) -> list[int | None]:
    """A consultant for each, in order; None where nobody is active. Holds the rotation until the commit."""
    lock_then("rotation", "SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [len(leads)])
        numbers = [number for (number,) in cursor.fetchall()]
    chosen = _choose(leads, numbers)
    last = {owner: number for owner, number in zip(chosen, numbers, strict=True) if owner is not None}
    _write({owner: (number, chosen.count(owner)) for owner, number in last.items()})
    return chosen


def turns_count(consultant_id: int, count: int) -> None:
    """Leads given to one person by name; that sends them to the end of the line, as a single one does."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [1])
        _write({consultant_id: (cursor.fetchone()[0], count)})


def turns_give_back(counts: Mapping[int, int]) -> None:
    """Leads that are gone again were not received."""
    lock_then("rotation", "SELECT 1")  # the one order in which several consultants are written
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [list(counts), list(counts.values())])


_GIVE_BACK = """
UPDATE leads_consultant AS consultant SET assigned_count = greatest(assigned_count - gone.leads, 0)
FROM unnest(%s::bigint[], %s::int[]) AS gone (id, leads) WHERE consultant.user_id = gone.id
"""


def _write(taken: Mapping[int, tuple[int, int]]) -> None:
    turns, counts = [turn for turn, _count in taken.values()], [count for _turn, count in taken.values()]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [now(), list(taken), turns, counts])


def _choose(leads: Sequence[Lead], numbers: Sequence[int]) -> list[int | None]:
    lines: dict[tuple[str, ...], list[Place]] = {}
    turn: dict[int, int] = {}
    load: dict[int, int] = {}
    ruled = AssignmentRule.objects.filter(active=True).exists()
    chosen: list[int | None] = []
    for lead, number in zip(leads, numbers, strict=True):
        fits = fits_of(lead) if ruled else {}  # without rules every lead finds the same line
        kind = tuple(fits.values())
        if kind not in lines:
            lines[kind] = _first_ranks(line(fits))
        places = lines[kind]
        if not places:
            chosen.append(None)
            continue
        best = min(
            places, key=lambda each: (_now(load, each, each.load), _now(turn, each, each.turn), each.consultant_id)
        )
        turn[best.consultant_id] = number
        if best.strategy == Strategy.LEAST_LOADED:
            load[best.consultant_id] = _now(load, best, best.load) + 1
        chosen.append(best.consultant_id)
    return chosen


def _now(figures: Mapping[int, int], place: Place, before: int) -> int:
    return figures.get(place.consultant_id, before)


def _first_ranks(places: list[Place]) -> list[Place]:
    """Whom the rule names or, of all, who is on duty: only among these it goes in turn."""
    return [each for each in places if (each.ruled, each.on_duty) == (places[0].ruled, places[0].on_duty)]
