"""Reading the log: notifications of a person, and the events a follower missed."""

from collections.abc import Iterable

from django.db.models import QuerySet

from crm.accounts.models import User
from crm.realtime.models import Event, Notification, Room


def notifications_of(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user)


def unread_notifications(user: User) -> int:
    return notifications_of(user).filter(read_at=None).count()


def room_numbers(names: Iterable[str]) -> dict[str, int]:
    """The last number of each room that has had an event."""
    return dict(Room.objects.filter(name__in=list(names)).values_list("name", "seq"))


def events_between(room: str, after: int, upto: int) -> list[Event]:
    """Events numbered `after` + 1 to `upto`, in order; fewer if older ones were pruned."""
    return list(Event.objects.filter(room=room, seq__gt=after, seq__lte=upto).order_by("seq"))
