"""Who looked at a client's data (LGPD, art. 37): one row a person, thing and hour, written beside the page.

Noted is what opens one client's data: the lead, its conversation, files, simulations, what is handed out. Lists and
boards show many clients a line each and are not.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.clock import now


class What(TextChoices):
    """What was looked at; `Access.object_id` is its key."""

    LEAD = "lead", _("Lead")
    CONVERSATION = "conversation", _("Conversation")
    MEDIA = "media", _("File of a message")
    FILE = "file", _("File of the lead")
    SIMULATION = "simulation", _("Simulation")
    CONTACT = "contact", _("Contact")
    DECISION = "decision", _("Explanation of a decision")
    EXPORT = "export", _("Export of a list")
    SUBJECT_EXPORT = "subject_export", _("Data handed out")


_NOTE = """
INSERT INTO accounts_access AS seen (user_id, what, object_id, lead_id, hour, times, at)
VALUES (%s, %s, %s, %s, %s, 1, %s)
ON CONFLICT (user_id, what, object_id, hour) DO UPDATE
SET times = seen.times + 1, at = excluded.at, lead_id = coalesce(excluded.lead_id, seen.lead_id)
"""


def access_note(*, user: User, what: str, object_id: int, lead_id: int | None = None) -> None:
    """Write down that this person has opened this, in one statement; a failure is logged and never the page's.

    Within a transaction it waits for the commit: what was rolled back was not seen either.
    """
    moment = now()
    hour = moment.replace(minute=0, second=0, microsecond=0)
    row = [user.pk, what, object_id, lead_id, hour, moment]
    transaction.on_commit(lambda: _write(row), robust=True)


def _write(row: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, row)
