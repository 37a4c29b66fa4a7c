"""Important clients first: whoever is about to answer anybody looks here before.

Tasks are begun in the order they came, and a delayed one waits in a worker's hands already: no queue of their own
would let VIPs pass. So a client with that priority stands here too, from their message until a turn of theirs begins,
and each thread that becomes free takes them before its own task. Lost with Redis, they wait like everybody else.
"""

import time

from django.db.models import BooleanField, Case, Value, When
from redis.exceptions import RedisError

from agent.models import ContactProfile, Priority
from conversations.models import Conversation
from crm.core.redis import brief, key

FIRST = Case(
    When(contact__profile__priority=Priority.VIP, then=Value(False)), default=Value(True), output_field=BooleanField()
)
_KEEP_SECONDS = 3600
_PLACE = "vips"


def is_vip(conversation_id: int) -> bool:
    of_thread = Conversation.objects.filter(pk=conversation_id).values("contact_id")
    return ContactProfile.objects.filter(contact_id__in=of_thread, priority=Priority.VIP).exists()


def vip_await(conversation_id: int, *, seconds: float) -> None:
    """A VIP may be answered in so many seconds."""
    try:
        with brief().pipeline(transaction=False) as pipeline:
            pipeline.zadd(key(_PLACE), {str(conversation_id): time.time() + seconds})
            pipeline.expire(key(_PLACE), _KEEP_SECONDS)
            pipeline.execute()
    except RedisError:
        return


def vip_next() -> int | None:
    """The conversation of the VIP who has waited longest, if one is due; nobody else gets it then."""
    try:
        due = brief().zrangebyscore(key(_PLACE), "-inf", time.time(), start=0, num=1)
        number = int(bytes(due[0])) if due else None  # type: ignore[arg-type]  # scores were not asked for
        return number if number is not None and brief().zrem(key(_PLACE), number) else None
    except RedisError:
        return None
