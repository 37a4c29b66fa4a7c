"""Reading the log: notifications of a person, and the events a follower missed."""

from collections.abc import Iterable

from django.db.models import QuerySet

from crm.accounts.models import User
from crm.realtime.models import Event, Notification, PushSubscription, Room
from crm.realtime.topics import KINDS, Topic, kinds_of


def notifications_of(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user)


def notifications_matching(user: User, *, topic: str = "", unread: bool = False) -> QuerySet[Notification]:
    """A person's notifications of one topic, or all; only those not read yet, or all."""
    found = notifications_of(user)
    if unread:
        found = found.filter(read_at=None)
    if topic == Topic.SYSTEM:  # with every kind that no topic names
        return found.exclude(kind__in=[kind for kind, its in KINDS.items() if its != Topic.SYSTEM])
    return found.filter(kind__in=kinds_of(Topic(topic))) if topic else found


def devices_of(user: User) -> QuerySet[PushSubscription]:
    return PushSubscription.objects.filter(user=user).order_by("-pk")


def unread_notifications(user: User) -> int:
    return notifications_of(user).filter(read_at=None).count()


def room_numbers(names: Iterable[str]) -> dict[str, int]:
    """The last number of each room that has had an event."""
    return dict(Room.objects.filter(name__in=list(names)).values_list("name", "seq"))


def events_between(room: str, after: int, upto: int) -> list[Event]:
    """Events numbered `after` + 1 to `upto`, in order; fewer if older ones were pruned."""
    return list(Event.objects.filter(room=room, seq__gt=after, seq__lte=upto).order_by("seq"))
