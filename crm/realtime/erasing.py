"""What of an erased client goes from the log of changes and from everybody's notifications.

Events keep their numbers, so that nobody takes them for lost: an emptied one has its region fetch itself. Rooms and
addresses are known here by their names alone (`lead.7`, `/leads/7/`): who names them stands higher.
"""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from crm.core.clock import now
from crm.core.privacy import Subject, erase, likes, likes_whole
from crm.realtime.models import Notification, PushState
from crm.realtime.publish import publish_bell, publish_forgotten, publish_toast_gone

_TOLD = gettext_noop("About a client who was erased since")

_EVENTS = """
UPDATE realtime_event SET html = '{}'
WHERE html <> '{}' AND (room = ANY(%s) OR object_id = ANY(%s) OR html::text ILIKE ANY(%s))
RETURNING room
"""
# A name of one word in what leads to somebody else's page is somebody else's.
_NAMING = r"""
SELECT id, user_id FROM realtime_notification
WHERE title_id <> %s AND (url ~ ANY(%s) OR data::text ILIKE ANY(%s)
    OR (url !~ '^/(leads|conversations)/\d' AND data::text ILIKE ANY(%s)))
ORDER BY id FOR UPDATE
"""


@erase.plug
def realtime_erase(subject: Subject) -> dict[str, Any]:
    notifications = _notifications(subject)
    rooms = [f"lead.{pk}" for pk in subject.lead_ids]
    rooms += [f"{family}.{pk}" for pk in subject.conversation_ids for family in ("chat", "side")]
    things = [f"lead-{pk}" for pk in subject.lead_ids] + [f"conv-{pk}" for pk in subject.conversation_ids]
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [rooms, things, likes(subject.words)])
        found = [row[0] for row in cursor.fetchall()]
    # A person's own room has no region: its toasts were taken away above.
    publish_forgotten(sorted(room for room in {*rooms, *found} if not room.startswith("user.")))
    return {"events": len(found), "notifications": notifications}


def _notifications(subject: Subject) -> int:
    """They stay in their readers' bells, as read, and name nobody."""
    pages = [f"^/leads/{pk}/" for pk in subject.lead_ids]
    pages += [f"^/conversations/{pk}/" for pk in subject.conversation_ids]
    with connection.cursor() as cursor:
        cursor.execute(_NAMING, [_TOLD, pages, likes(subject.telling), likes_whole(subject.alone)])
        found = cursor.fetchall()
    rows = Notification.objects.filter(pk__in=[pk for pk, _user in found])
    unread = list(rows.filter(read_at=None).values_list("pk", "user_id"))
    rows.filter(push_state=PushState.DUE).update(push_state=PushState.DROPPED)
    rows.filter(read_at=None).update(read_at=now())
    rows.update(title_id=_TOLD, body_id="", data={})
    for pk, user_id in unread:
        publish_toast_gone(user_id, pk)
        publish_bell(user_id)
    return len(found)
