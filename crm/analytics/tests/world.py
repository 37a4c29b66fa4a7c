"""Two weeks of a small business, put together by hand: who came, who wrote when, what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from agent.models import Turn
from conversations.models import Author, Contact, Conversation, Direction, Inbox, InboxRole, Message, MessageKind
from crm.accounts.models import User
from leads.actors import person
from leads.models import Consultant, Lead, Source
from leads.moves import lead_move
from leads.services import lead_assign, lead_create

ZONE = ZoneInfo("America/Sao_Paulo")
YEAR = 2026


def local(text: str) -> datetime:
    """`local("26/10 10:00")`, of the year 2026 in São Paulo."""
    day, clock = text.split()
    parts = [int(part) for part in clock.split(":")]
    return datetime(YEAR, int(day.split("/")[1]), int(day.split("/")[0]), *parts, tzinfo=ZONE)


@dataclass
class World:
    """Each word names when it happened first."""

    traveller: "time_machine.Coordinates"
    manager: User
    phones: "count[int]" = field(default_factory=lambda: count(100))

    def at(self, when: str) -> None:
        self.traveller.move_to(local(when))

    def consultant(self, email: str, name: str) -> User:
        user = User.objects.create_user(email, name=name)
        Consultant.objects.create(user=user)
        return user

    def lead(self, when: str, source: str, *, owner: User | None = None, **values: Any) -> Lead:
        self.at(when)
        values = {"name": "Maria Souza", "phone": f"+5511998123{next(self.phones)}", **values}
        lead, _new = lead_create(values=values, source=Source(source), assign=False)
        return lead_assign(lead_id=lead.pk, consultant_id=owner.pk) if owner else lead

    def move(self, when: str, lead: Lead, to: str, **closing: Any) -> None:
        self.at(when)
        lead.refresh_from_db()
        lead_move(lead_id=lead.pk, to=to, version=lead.version, actor=person(self.manager), **closing)

    def client(self, when: str, lead: Lead, **changes: Any) -> Message:
        return self._say(when, lead, direction=Direction.IN, author=Author.CLIENT, state="received", **changes)

    def livia(self, when: str, lead: Lead, **changes: Any) -> Message:
        return self._say(when, lead, author=Author.LIVIA, **changes)

    def person(self, when: str, lead: Lead, **changes: Any) -> Message:
        return self._say(when, lead, **{"author": Author.CONSULTANT, **changes})

    def _say(self, when: str, lead: Lead, **changes: Any) -> Message:
        self.at(when)
        values = {"direction": Direction.OUT, "state": "sent", "kind": MessageKind.TEXT, **changes}
        return Message.objects.create(conversation=thread_of(lead), sent_at=local(when), text="…", **values)

    def turn(self, when: str, lead: Lead, path: list[str], **values: Any) -> Turn:
        self.at(when)
        fields = {"message_ids": [], "outcome": "continue", "stage_before": "INTRO", "stage_after": "INTRO", **values}
        return Turn.objects.create(conversation=thread_of(lead), path=path, **fields)


def thread_of(lead: Lead) -> Conversation:
    known = Conversation.objects.filter(lead=lead).first()
    if known:
        return known
    inbox, _new = Inbox.objects.get_or_create(name="Lívia", role=InboxRole.LIVIA)
    return Conversation.objects.create(
        inbox=inbox, contact=Contact.objects.create(phone=lead.phone), lead=lead, chat=f"{lead.phone}@s.whatsapp.net"
    )
