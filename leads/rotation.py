"""Round-robin: whoever was assigned longest ago is next.

An advisory lock held until the commit makes it exact under concurrency: the next transaction chooses only once it
sees this one's turn. Taken after every lead row and before the room counters.
"""

from django.db import connection
from django.db.models import F, QuerySet

from crm.core.clock import now
from crm.core.work import service
from leads.models import Consultant

_LOCK = 0x4C49_5645  # "LIVE": any constant of this product's own


def rotation() -> QuerySet[Consultant]:
    """Consultants who may receive leads, next in turn first."""
    return Consultant.objects.filter(in_rotation=True, user__is_active=True).select_related("user")


def next_in_turn() -> Consultant | None:
    """The consultant the next lead goes to: the first available, else the first active, else nobody."""
    return rotation().filter(user__available=True).first() or rotation().first()


@service
def consultant_take_turn() -> Consultant | None:
    """Choose the next consultant and count the turn. None when nobody is active."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    chosen = next_in_turn()
    if chosen is not None:
        consultant_count(consultant_id=chosen.pk)
    return chosen


def consultant_count(*, consultant_id: int) -> None:
    """Write the statistics of an assignment; it also sends the consultant to the end of the line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('leads_rotation_turn')")
        (turn,) = cursor.fetchone()
    Consultant.objects.filter(pk=consultant_id).update(
        turn=turn, assigned_count=F("assigned_count") + 1, last_assigned_at=now()
    )
