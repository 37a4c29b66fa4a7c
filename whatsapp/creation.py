"""Numbers as managers set them up: added, renamed, given to a consultant, and removed while nobody ever used them."""

from django.utils.translation import gettext_lazy as _

from conversations.events import LiviaSwitchedOff
from conversations.models import Conversation, Inbox, InboxRole
from crm.accounts.models import User
from crm.alerts.services import alerts_drop
from crm.core.errors import Conflict, Invalid
from crm.core.facts import publish as publish_fact
from crm.core.text import clean_line
from crm.core.work import service
from whatsapp.events import SessionDeleted
from whatsapp.gateways.registry import available
from whatsapp.lease import sessions_free
from whatsapp.models import Session
from whatsapp.rooms import publish_card, publish_card_gone
from whatsapp.selectors import owners_possible
from whatsapp.services import TROUBLE_CODE, session_lock
from whatsapp.states import Gateway

MAX_NAME = 80


@service
def session_create(*, name: str, role: str, owner_id: int | None = None, gateway: str = "") -> Session:
    """A new number, not connected yet. `owner_id` is the consultant whose own number it is.

    Lívia answers on her numbers and keeps out of the consultants'. Raises Invalid.
    """
    if role not in InboxRole.values:
        raise _invalid("role", _("Choose who answers on this number."))
    gateway = gateway or gateway_default()
    if gateway not in available():
        raise _invalid("gateway", _("This installation cannot connect this kind of number."))
    inbox = Inbox(role=role, livia_enabled=role == InboxRole.LIVIA)
    _describe(inbox, name, owner_id)
    session = Session.objects.create(inbox=inbox, gateway=gateway)
    publish_card(session.pk)
    return session


@service
def session_edit(*, session_id: int, name: str, owner_id: int | None, livia_enabled: bool) -> Session:
    """Change how a number is called, whose it is, and whether Lívia may answer on it. Raises Invalid.

    Switched off, she leaves whom she attended there (conversations.quiet).
    """
    session = session_lock(session_id)
    if session.inbox.livia_enabled and not livia_enabled:
        publish_fact(LiviaSwitchedOff(session.inbox_id))
    session.inbox.livia_enabled = livia_enabled
    _describe(session.inbox, name, owner_id)
    publish_card(session_id)
    return session


@service
def session_delete(*, session_id: int) -> None:
    """Remove a number added by mistake. Raises Conflict once it was paired or holds a conversation: then it can be
    disconnected, and what was said on it stays. Its folder goes too."""
    session = session_lock(session_id)
    if not is_unused(session):
        raise Conflict(_("This number has been used. Disconnect it instead: its conversations stay."), code="in_use")
    if not sessions_free().filter(pk=session_id).exists():
        raise Conflict(_("This number is being connected. Disconnect it first."), code="running")
    publish_card_gone(session_id)
    publish_fact(SessionDeleted(session_id))
    alerts_drop(code_prefix=TROUBLE_CODE, key=str(session_id))
    inbox = session.inbox
    session.delete()
    inbox.delete()


def is_unused(session: Session) -> bool:
    return not session.jid and not Conversation.objects.filter(inbox=session.inbox_id).exists()


def gateway_default() -> str:
    """The real WhatsApp where it is installed."""
    usable = available()
    return Gateway.NEONIZE if Gateway.NEONIZE in usable else next(iter(usable), "")


def _describe(inbox: Inbox, name: str, owner_id: int | None) -> None:
    inbox.name = clean_line(name, limit=MAX_NAME)
    if not inbox.name:
        raise _invalid("name", _("Give this number a name."))
    inbox.owner = _owner(inbox, owner_id)
    inbox.save()


def _owner(inbox: Inbox, owner_id: int | None) -> User | None:
    if owner_id is None:
        return None
    if inbox.role != InboxRole.CONSULTANTS:
        raise _invalid("owner", _("Only a number of the consultants can belong to one of them."))
    if owner_id == inbox.owner_id:
        return inbox.owner  # who stopped being a consultant keeps the number until somebody else gets it
    owner = owners_possible().filter(pk=owner_id).first()
    if owner is None:
        raise _invalid("owner", _("Choose a consultant."))
    return owner


def _invalid(field: str, message: object) -> Invalid:
    return Invalid(message, fields={field: message})
