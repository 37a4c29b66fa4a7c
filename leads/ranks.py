"""Places within a column: smaller is higher. A card at the top takes minus the current microsecond, so newcomers
need no look at the column; a card between two takes their middle; a full gap is spread out again."""

from crm.core.clock import now
from leads.models import Lead
from leads.selectors import next_rank_below

_STEP = 1_000_000


def top_rank() -> int:
    return -int(now().timestamp() * 1_000_000)


def rank_after(card: Lead, *, excluding: int) -> int:
    """A free rank directly under `card` in its column; makes room there when the gap is full."""
    below = next_rank_below(card.status, card.rank, excluding=excluding)
    if below is None:
        return card.rank + _STEP
    if below - card.rank >= 2:
        return card.rank + (below - card.rank) // 2
    return _make_room(card, excluding=excluding)


def _make_room(card: Lead, *, excluding: int) -> int:
    """Push the nearest cards under `card` down by growing steps until the next one fits. Cards keep their order."""
    below = Lead.objects.select_for_update().filter(status=card.status, rank__gt=card.rank).exclude(pk=excluding)
    free = card.rank + _STEP
    wanted = free
    for neighbour in below.order_by("rank", "-pk").only("pk", "rank")[:200]:
        wanted += _STEP
        if neighbour.rank >= wanted:
            break
        Lead.objects.filter(pk=neighbour.pk).update(rank=wanted)
    return free
