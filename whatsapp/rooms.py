"""Who hears about sessions: managers, in one room for all numbers."""

from crm.accounts.models import User
from crm.realtime.publish import publish, publish_gone
from crm.realtime.rooms import room_family
from whatsapp.cards import card_render

ROOM = "sessions"


@room_family(ROOM)
def _sessions(user: User, argument: str) -> bool:
    return user.is_manager and not argument


def publish_card(session_id: int) -> None:
    """Show the session as it is now on every open page of sessions."""
    publish([ROOM], kind="session", object_id=f"session-{session_id}", render=lambda: card_render(session_id))


def publish_card_gone(session_id: int) -> None:
    publish_gone([ROOM], object_id=f"session-{session_id}", revision=1)
