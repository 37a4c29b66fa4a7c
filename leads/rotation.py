"""Who gets the next lead: in turn, whoever was assigned longest ago, or, with ASSIGNMENT_STRATEGY=least_loaded, whoever
has the fewest open leads, in turn among equals.

Open leads are the sums of the board's ledger, to which every change of a lead appends in its own transaction. A lock
held until the commit makes both exact under concurrency: the next transaction chooses only once it sees this one's
turn and lead. Taken after every lead row and before the room counters. All creators of leads wait for it, so nothing
slow belongs between it and the commit.
"""

from django.conf import settings
from django.db import connection
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.locks import lock_then
from crm.core.work import service
from leads.models import BoardDelta, Consultant
from leads.pipeline import CLOSED

_COUNT = """
UPDATE leads_consultant AS consultant
SET turn = nextval('leads_rotation_turn'), assigned_count = assigned_count + 1, last_assigned_at = %s
"""
_COUNT_NEXT = f"""
{_COUNT} FROM accounts_user AS person
WHERE person.id = consultant.user_id AND consultant.user_id = (
    SELECT user_id FROM leads_consultant JOIN accounts_user ON accounts_user.id = user_id {{load}}
    WHERE in_rotation AND is_active ORDER BY available DESC, {{order}} turn, user_id LIMIT 1
)
RETURNING person.id, person.email, person.name
"""
_LOAD = """
LEFT JOIN (
    SELECT consultant_id, sum(leads) AS open_leads FROM leads_boarddelta WHERE status <> ALL(ARRAY[{closed}])
    GROUP BY consultant_id
) AS load ON load.consultant_id = user_id
""".format(closed=", ".join(f"'{status}'" for status in sorted(CLOSED)))
_NEXT = {
    "round_robin": _COUNT_NEXT.format(load="", order=""),
    "least_loaded": _COUNT_NEXT.format(load=_LOAD, order="coalesce(open_leads, 0),"),
}


def rotation() -> QuerySet[Consultant]:
    """Consultants who may receive leads, next in turn first."""
    return Consultant.objects.filter(in_rotation=True, user__is_active=True).select_related("user")


def next_in_turn() -> Consultant | None:
    """The consultant the next lead goes to: the first available, else the first active, else nobody."""
    line, load = rotation(), []
    if settings.ASSIGNMENT_STRATEGY == "least_loaded":
        line, load = with_open_leads(line), ["open_leads"]
    return line.order_by("-user__available", *load, "turn", "user_id").first()


def with_open_leads(consultants: QuerySet[Consultant]) -> QuerySet[Consultant]:
    """Each with `open_leads`: those neither won nor lost."""
    rows = BoardDelta.objects.filter(consultant_id=OuterRef("pk")).exclude(status__in=CLOSED)
    sums = rows.order_by().values("consultant_id").annotate(n=Sum("leads")).values("n")
    return consultants.annotate(open_leads=Coalesce(Subquery(sums, output_field=IntegerField()), 0))


@service
def consultant_take_turn() -> Consultant | None:
    """Choose the next consultant and count the turn. None when nobody is active. Only the name is loaded."""
    row = lock_then("rotation", _NEXT[settings.ASSIGNMENT_STRATEGY], [now()])
    if row is None:
        return None
    chosen = Consultant.from_db(None, ["user_id"], row[:1])
    chosen.user = User.from_db(None, ["id", "email", "name"], row)  # in the order of the model
    return chosen


def consultant_count(*, consultant_id: int) -> None:
    """Write the statistics of an assignment; it also sends the consultant to the end of the line."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COUNT} WHERE user_id = %s", [now(), consultant_id])
