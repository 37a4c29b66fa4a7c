"""What a database from yesterday must not do today, settled before anybody works with it.

It believes that messages still wait which have left since, that people are signed in who have signed out, and that
numbers run. Nothing is sent because of it, nobody is let in by it, and no number connects by itself.
"""

from datetime import datetime

from django.contrib.sessions.models import Session as SignedIn
from redis import RedisError

from agent.models import FollowUp, FollowUpState
from conversations.models import Message, MessageState, ScheduledMessage, ScheduledState
from crm.backups.models import Backup
from crm.backups.sets import Manifest
from crm.core.clock import now
from crm.core.redis import client, key
from crm.core.work import service
from whatsapp.models import Session
from whatsapp.states import State

RESTORED = "restored"
_BATCH = 500


@service
def restored_settle(*, manifest: Manifest, place: str) -> dict[str, int]:
    """How many of each were settled."""
    due = {"state": ScheduledState.WAITING, "send_at__lt": now()}
    settled = {
        "messages": Message.objects.filter(state__in=(MessageState.QUEUED, MessageState.SENDING)).update(
            state=MessageState.UNKNOWN, error_code=RESTORED, not_before=None
        ),
        "scheduled": ScheduledMessage.objects.filter(**due).update(state=ScheduledState.REFUSED, reason=RESTORED),
        "reminders": FollowUp.objects.filter(state=FollowUpState.WAITING, due_at__lt=now()).update(
            state=FollowUpState.CANCELLED, reason=RESTORED
        ),
        "signed_in": SignedIn.objects.all().delete()[0],
        "numbers": Session.objects.filter(wanted=True).count(),
    }
    stopped = {"wanted": False, "state": State.STOPPED, "state_reason": "", "child_pid": None}
    Session.objects.update(**stopped, lease_owner="", lease_token="", lease_expires_at=None)
    _note(manifest, place)
    return settled


def _note(manifest: Manifest, place: str) -> None:
    """The run that made the backup had not ended when the rows were copied."""
    Backup.objects.filter(finished_at=None).exclude(name=manifest.name).delete()
    moment = datetime.fromisoformat(manifest.created)
    size = sum(part["stored"] for part in manifest.parts.values())
    values = {"finished_at": moment, "checked_at": moment, "bytes": size, "parts": manifest.parts, "error": ""}
    Backup.objects.update_or_create(name=manifest.name, defaults={"started_at": moment, "place": place[:300], **values})


def redis_forget() -> bool:
    """Drop what Redis remembers of the other database: orders, caches, who is where. False if it is away."""
    try:
        server, batch = client(), []
        for name in server.scan_iter(match=key("*"), count=_BATCH):
            batch.append(name)
            if len(batch) == _BATCH:
                server.unlink(*batch)
                batch = []
        if batch:
            server.unlink(*batch)
    except RedisError:
        return False
    return True
