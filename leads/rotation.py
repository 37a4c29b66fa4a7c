"""Round-robin: whoever was assigned longest ago is next.

A lock held until the commit makes it exact under concurrency: the next transaction chooses only once it sees this
one's turn. Taken after every lead row and before the room counters. All creators of leads wait for it, so nothing
slow belongs between it and the commit.
"""

from django.db import connection
from django.db.models import QuerySet

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.locks import lock_then
from crm.core.work import service
from leads.models import Consultant

_COUNT = """
UPDATE leads_consultant AS consultant
SET turn = nextval('leads_rotation_turn'), assigned_count = assigned_count + 1, last_assigned_at = %s
"""
_COUNT_NEXT = f"""
{_COUNT} FROM accounts_user AS person
WHERE person.id = consultant.user_id AND consultant.user_id = (
    SELECT user_id FROM leads_consultant JOIN accounts_user ON accounts_user.id = user_id
    WHERE in_rotation AND is_active ORDER BY available DESC, turn, user_id LIMIT 1
)
RETURNING person.id, person.email, person.name
"""


def rotation() -> QuerySet[Consultant]:
    """Consultants who may receive leads, next in turn first."""
    return Consultant.objects.filter(in_rotation=True, user__is_active=True).select_related("user")


def next_in_turn() -> Consultant | None:
    """The consultant the next lead goes to: the first available, else the first active, else nobody."""
    return rotation().order_by("-user__available", "turn", "user_id").first()


@service
def consultant_take_turn() -> Consultant | None:
    """Choose the next consultant and count the turn. None when nobody is active. Only the name is loaded."""
    row = lock_then("rotation", _COUNT_NEXT, [now()])
    if row is None:
        return None
    chosen = Consultant.from_db(None, ["user_id"], row[:1])
    chosen.user = User.from_db(None, ["id", "email", "name"], row)  # in the order of the model
    return chosen


def consultant_count(*, consultant_id: int) -> None:
    """Write the statistics of an assignment; it also sends the consultant to the end of the line."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COUNT} WHERE user_id = %s", [now(), consultant_id])
