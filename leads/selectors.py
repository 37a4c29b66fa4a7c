"""Reading leads. Everything a person sees goes through `leads_visible_to`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, Subquery, Sum, When, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from crm.accounts.models import User
from leads.attention import Chip, chip_q
from leads.filters import Filters
from leads.models import Consultant, Lead
from leads.pipeline import CLOSED, Status

OPEN_ROOM = "board.open"
FILTER_ROOM = "filter"  # no room that anybody joins: the totals of a filtered board, which nothing pushes


def leads_visible_to(user: User) -> QuerySet[Lead]:
    """A consultant sees own leads and, by setting, those without an owner or the whole team's; managers see all."""
    return Lead.objects.filter(reduce(or_, _visible_parts(user)), merged_into=None)


def _visible_parts(user: User) -> list[Q]:
    """What a person may see as conditions that exclude each other; each is a stretch of an index, an OR is none."""
    if user.is_manager or settings.BOARD_SHARED:
        return [Q()]
    mine = Q(consultant_id=user.pk)
    return [mine, Q(consultant_id=None)] if settings.CONSULTANTS_SEE_UNOWNED else [mine]


def lead_get(user: User, lead_id: int) -> Lead:
    """A lead this person may see, else 404; one that was merged into another is that other one."""
    stays = Lead.objects.filter(pk=lead_id).values(stays=Coalesce("merged_into_id", "pk"))
    return get_object_or_404(leads_visible_to(user).select_related("consultant__user"), pk=Subquery(stays))


def board_rooms(user: User) -> list[str]:
    """The rooms that together carry exactly what `leads_visible_to` shows."""
    if user.is_manager or settings.BOARD_SHARED:
        return ["board"]
    rooms = [f"board.{user.pk}"]
    return [*rooms, OPEN_ROOM] if settings.CONSULTANTS_SEE_UNOWNED else rooms


def rooms_of_owner(consultant_id: int | None) -> list[str]:
    """The rooms in which a lead of this owner appears."""
    return ["board", f"board.{consultant_id}" if consultant_id else OPEN_ROOM]


@dataclass(frozen=True)
class Total:
    """Leads and cents of one column in one room."""

    room: str
    status: str
    n: int
    amount: int

    @property
    def room_id(self) -> str:
        return self.room.replace(".", "-")


def room_totals(*rooms: str) -> list[Total]:
    """One total for each of these board rooms and each column, exact in the current transaction."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for owner_id, status, leads, amount in _ledger(rooms):
        for room in rooms_of_owner(owner_id):
            n, cents = sums.get((room, status), (0, 0))
            sums[room, status] = (n + leads, cents + amount)
    return [Total(room, status, *sums.get((room, status), (0, 0))) for room in rooms for status in Status.values]


def _ledger(rooms: tuple[str, ...]) -> list[tuple[int | None, str, int, int]]:
    """The ledger's sums by owner and column, for the owners these rooms show."""
    owners = [int(room.removeprefix("board.")) for room in rooms if room not in ("board", OPEN_ROOM)]
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, ["board" in rooms, OPEN_ROOM in rooms, owners])
        return cursor.fetchall()


# Plain SQL: every change of a lead runs this while it holds the board's counter.
_SUMS = """
SELECT consultant_id, status, sum(leads)::bigint, sum(amount)::bigint FROM leads_boarddelta
WHERE %s OR (%s AND consultant_id IS NULL) OR consultant_id = ANY(%s) GROUP BY 1, 2
"""


def filtered_totals(user: User, filters: Filters) -> list[Total]:
    """One total for each column over the leads that pass; won deals count with the amount of the deal, as in the
    ledger."""
    amount = Case(When(status=Status.WON, then=F("won_amount")), default=F("credit_amount"))
    rows = leads_visible_to(user).filter(filters.condition(user)).values("status")
    rows = rows.annotate(n=Count("pk"), cents=Sum(amount)).order_by()
    sums = {row["status"]: (row["n"], row["cents"] or 0) for row in rows}
    return [Total(FILTER_ROOM, status, *sums.get(status, (0, 0))) for status in Status.values]


def board_totals(user: User, filters: Filters) -> list[Total]:
    """The ledger's sums, or those over the filter."""
    return filtered_totals(user, filters) if filters else room_totals(*board_rooms(user))


def chip_counts(user: User, filters: Filters) -> dict[str, int]:
    """How many leads each chip would show beside the other filters."""
    rows = leads_visible_to(user).filter(filters.without_chip().condition(user))
    rows = rows.exclude(status__in=CLOSED, next_task_at=None)  # no chip speaks of these, and they are the most
    return rows.aggregate(**{chip: Count("pk", filter=chip_q(chip)) for chip in Chip.values})


def consultants_to_choose(user: User) -> list[Consultant]:
    """Whose leads a person may filter by: everybody's, where they see everybody's."""
    if not (user.is_manager or settings.BOARD_SHARED):
        return []
    return list(Consultant.objects.select_related("user").order_by("user__name", "pk"))


@dataclass
class Column:
    status: str
    label: str
    cards: list[Lead]
    has_more: bool
    totals: list[Total]

    @property
    def color_class(self) -> str:
        return f"dot-{self.status.lower()}"

    @property
    def last(self) -> Lead | None:
        return self.cards[-1] if self.cards else None


def board_columns(user: User, filters: Filters | None = None) -> list[Column]:
    """The first page of every column in one query, with the totals of each room or of the filter."""
    filters = filters or Filters()
    size = settings.BOARD_PAGE_SIZE
    cards = _top_cards(user, {status: filters.condition(user, status=status) for status in Status.values})
    totals = board_totals(user, filters)
    columns = []
    for status in Status:
        column = [card for card in cards if card.status == status]
        mine = [total for total in totals if total.status == status]
        columns.append(Column(status.value, str(status.label), column[:size], len(column) > size, mine))
    return columns


def column_page(
    user: User, status: str, *, rank: int, lead_id: int, filters: Filters | None = None
) -> tuple[list[Lead], bool]:
    """The page of a column after a card, and whether there is more."""
    after = Q(rank__gte=rank) & ~Q(rank=rank, pk__gte=lead_id)  # begins within the index instead of at its top
    cards = _top_cards(user, {status: after & (filters or Filters()).condition(user, status=status)})
    return cards[: settings.BOARD_PAGE_SIZE], len(cards) > settings.BOARD_PAGE_SIZE


def _top_cards(user: User, conditions: Mapping[str, Q]) -> list[Lead]:
    """At least the first page of each column and one card more, in order, in one query."""
    size = settings.BOARD_PAGE_SIZE + 1
    pages = [
        Lead.objects.filter(part, condition, status=status, merged_into=None).order_by("rank", "-pk")[:size]
        for status, condition in conditions.items()
        for part in _visible_parts(user)
    ]
    cards = sorted(pages[0].union(*pages[1:], all=True), key=lambda card: (card.rank, -card.pk))
    prefetch_related_objects(cards, "consultant__user")
    return cards


def next_rank_below(status: str, rank: int, *, excluding: int) -> int | None:
    """The rank of the card under `rank` in a column."""
    below = Lead.objects.filter(status=status, rank__gt=rank).exclude(pk=excluding)
    return below.order_by("rank").values_list("rank", flat=True).first()
