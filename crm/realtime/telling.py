"""Storing notifications: once for each person and matter, with the ways they may go."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

from crm.core.clock import now
from crm.core.facts import publish as publish_fact
from crm.realtime.events import PushDue
from crm.realtime.models import Notification, PushState, PushSubscription
from crm.realtime.preferences import preferences_of_many, ways_open
from crm.realtime.topics import Way, topic_of

# A second notification of the same matter waits for the first one's transaction, and is then nothing.
_INSERT = """
INSERT INTO realtime_notification
    (user_id, kind, title_id, body_id, data, url, once, push_state, push_attempts, push_not_before, created_at)
SELECT id, %s, %s, %s, %s::jsonb, %s, %s, push, 0, %s, %s FROM unnest(%s::bigint[], %s::text[]) AS person(id, push)
ORDER BY id
ON CONFLICT DO NOTHING
RETURNING id, user_id, push_state
"""


@dataclass(frozen=True)
class Told:
    """A notification just stored, as far as its toast shows it, and the ways it goes."""

    notification: Notification
    ways: frozenset[Way]


def notifications_store(
    user_ids: Iterable[int], *, kind: str, title: str, body: str, url: str, data: dict[str, object], once: str
) -> list[Told]:
    """One row a person; none for who has already been told of `once`. To be called in a unit of work."""
    moment, topic = now(), topic_of(kind)
    people = sorted(set(user_ids))
    ways = {pk: ways_open(chosen, topic, moment) for pk, chosen in preferences_of_many(people).items()}
    reachable = _with_device(pk for pk in people if Way.PUSH in ways[pk])
    states = [(PushState.DUE if pk in reachable else PushState.NONE).value for pk in people]
    not_before = moment + timedelta(seconds=settings.PUSH_DELAY_SECONDS)
    with connection.cursor() as cursor:
        words = [kind, title, body, json.dumps(data), url, once]
        cursor.execute(_INSERT, [*words, not_before, moment, people, states])
        stored = cursor.fetchall()
    told = []
    for pk, user_id, state in sorted(stored):
        row = Notification(pk=pk, user_id=user_id, kind=kind, title_id=title, body_id=body, data=data, url=url)
        told.append(Told(row, ways[user_id] if state else ways[user_id] - {Way.PUSH}))
        if state == PushState.DUE:
            publish_fact(PushDue(notification_id=pk))
    return told


def _with_device(user_ids: Iterable[int]) -> set[int]:
    people = list(user_ids)
    if not settings.VAPID_PRIVATE_KEY or not people:
        return set()
    return set(PushSubscription.objects.filter(user_id__in=people).values_list("user_id", flat=True))
