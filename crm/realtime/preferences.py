"""How each person wants to be told, and whether it is quiet for them now."""

from collections.abc import Collection
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.work import service
from crm.realtime.models import NotificationSettings
from crm.realtime.topics import CHOICES, MUTED_AT_FIRST, Topic, Way, choice

_SATURDAY = 5


def preferences_of(user_id: int) -> NotificationSettings:
    """The person's choices, or those they start with (not saved)."""
    return preferences_of_many([user_id])[user_id]


def preferences_of_many(user_ids: Collection[int]) -> dict[int, NotificationSettings]:
    known = NotificationSettings.objects.in_bulk(user_ids)
    return {
        user_id: known.get(user_id) or NotificationSettings(user_id=user_id, muted=list(MUTED_AT_FIRST))
        for user_id in user_ids
    }


def ways_open(preferences: NotificationSettings, topic: Topic, moment: datetime) -> frozenset[Way]:
    """The ways a topic may reach this person at this moment; the bell is always open."""
    if is_quiet(preferences, moment):
        return frozenset()
    return frozenset(way for way in Way if choice(topic, way) not in preferences.muted)


def is_quiet(preferences: NotificationSettings, moment: datetime) -> bool:
    """Quiet hours are of the product's time zone and may run past midnight."""
    local = timezone.localtime(moment)
    if preferences.quiet_weekends and local.weekday() >= _SATURDAY:
        return True
    start, end = preferences.quiet_from, preferences.quiet_until
    if start is None or end is None:
        return False
    clock = local.time()
    return start <= clock < end if start <= end else clock >= start or clock < end


@service
def preferences_save(
    *, user_id: int, wanted: Collection[str], quiet_from: time | None, quiet_until: time | None, quiet_weekends: bool
) -> NotificationSettings:
    """Keep a person's choices: `wanted` lists `<topic>.<way>`. Raises Invalid for half a quiet time."""
    if (quiet_from is None) != (quiet_until is None):
        missing = "quiet_until" if quiet_until is None else "quiet_from"
        raise Invalid(_("Quiet hours need a beginning and an end."), fields={missing: _("Fill in both times.")})
    if quiet_from is not None and quiet_from == quiet_until:
        raise Invalid(
            _("Quiet hours that begin and end at the same time would never end."),
            fields={"quiet_until": _("Choose another time.")},
        )
    saved, _created = NotificationSettings.objects.update_or_create(
        user_id=user_id,
        defaults={
            "muted": sorted(CHOICES - set(wanted)),
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "quiet_weekends": quiet_weekends,
        },
    )
    return saved
