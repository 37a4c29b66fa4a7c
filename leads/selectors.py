"""Reading leads. Everything a person sees goes through `leads_visible_to`."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Sum, prefetch_related_objects
from django.shortcuts import get_object_or_404

from crm.accounts.models import User
from leads.models import BoardDelta, Lead
from leads.pipeline import Status

OPEN_ROOM = "board.open"


def leads_visible_to(user: User) -> QuerySet[Lead]:
    """A consultant sees own leads and, by setting, those without an owner or the whole team's; managers see all."""
    if user.is_manager or settings.BOARD_SHARED:
        return Lead.objects.all()
    mine = Q(consultant_id=user.pk)
    if settings.CONSULTANTS_SEE_UNOWNED:
        mine |= Q(consultant_id=None)
    return Lead.objects.filter(mine)


def lead_get(user: User, lead_id: int) -> Lead:
    """A lead this person may see, else 404."""
    return get_object_or_404(leads_visible_to(user).select_related("consultant__user"), pk=lead_id)


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


def room_totals(room: str) -> list[Total]:
    """One total for each column of a board room, exact in the current transaction."""
    _board, _dot, owner = room.partition(".")
    rows = BoardDelta.objects.all()
    if owner:
        rows = rows.filter(consultant_id=None if room == OPEN_ROOM else int(owner))
    sums = {
        status: (leads, amount)
        for status, leads, amount in rows.values_list("status").annotate(Sum("leads"), Sum("amount")).order_by()
    }
    return [Total(room, status, *sums.get(status, (0, 0))) for status in Status.values]


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


def board_columns(user: User) -> list[Column]:
    """The first page of every column in one query, with each room's totals."""
    size = settings.BOARD_PAGE_SIZE
    pages = [_page(user, status)[: size + 1] for status in Status.values]
    cards = list(pages[0].union(*pages[1:], all=True))
    prefetch_related_objects(cards, "consultant__user")
    totals = [total for room in board_rooms(user) for total in room_totals(room)]
    columns = []
    for status in Status:
        column = sorted((card for card in cards if card.status == status), key=lambda card: (card.rank, -card.pk))
        mine = [total for total in totals if total.status == status]
        columns.append(Column(status.value, str(status.label), column[:size], len(column) > size, mine))
    return columns


def column_page(user: User, status: str, *, rank: int, lead_id: int) -> tuple[list[Lead], bool]:
    """The page of a column after a card, and whether there is more."""
    after = Q(rank__gt=rank) | Q(rank=rank, pk__lt=lead_id)
    page = _page(user, status).filter(after).select_related("consultant__user")
    cards = list(page[: settings.BOARD_PAGE_SIZE + 1])
    return cards[: settings.BOARD_PAGE_SIZE], len(cards) > settings.BOARD_PAGE_SIZE


def _page(user: User, status: str) -> QuerySet[Lead]:
    return leads_visible_to(user).filter(status=status).order_by("rank", "-pk")


def next_rank_below(status: str, rank: int, *, excluding: int) -> int | None:
    """The rank of the card under `rank` in a column."""
    below = Lead.objects.filter(status=status, rank__gt=rank).exclude(pk=excluding)
    return below.order_by("rank").values_list("rank", flat=True).first()
