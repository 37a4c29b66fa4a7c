"""Who hears about sessions: managers."""

from crm.accounts.models import User
from crm.realtime.publish import publish
from crm.realtime.rooms import room_family
from whatsapp.cards import card_render


@room_family("session")
def _session(user: User, argument: str) -> bool:
    return user.is_manager and argument.isdigit()


def room_of(session_id: int) -> str:
    return f"session.{session_id}"


def publish_card(session_id: int) -> None:
    """Show the session as it is now on every open page of sessions."""
    publish(
        [room_of(session_id)],
        kind="session",
        object_id=f"session-{session_id}",
        render=lambda: card_render(session_id),
    )
