"""What a model is told of a conversation, layer by layer, out of the rows. Plain values: the brain hides what is
personal in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from agent.brain.context import HISTORY, ContextLayers, Identity, Relationship, Said, Situation
from agent.brain.opening import OpeningHours
from agent.manners import profile_layer
from agent.models import ContactProfile, Simulation
from conversations.models import Author, Conversation, Direction, Message, MessageKind
from conversations.states import ASIDE
from crm.core.clock import now

_WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")
_URGENCY = {"high": "alta", "medium": "média", "low": "baixa"}


def local_now() -> datetime:
    return timezone.localtime(now())


def names_of(conversation: Conversation) -> tuple[str, ...]:
    """Every name the client goes by."""
    contact, lead = conversation.contact, conversation.lead
    return tuple(dict.fromkeys(filter(None, (contact.push_name, contact.name, lead.name))))


def history_of(conversation: Conversation, before: Message) -> list[Message]:
    """The last messages before a burst, oldest first."""
    rows = conversation.messages.filter(pk__lt=before.pk, revoked_at=None)
    rows = rows.exclude(kind__in=[*ASIDE, MessageKind.PENDING]).exclude(text="", transcript="")
    return list(reversed(rows.order_by("-pk")[:HISTORY]))


def layers_of(
    conversation: Conversation,
    messages: Sequence[Message],
    history: Sequence[Message],
    *,
    slots: Mapping[str, Any],
    opening: OpeningHours,
) -> ContextLayers:
    """All that is known; how much of it is told grows with the messages exchanged."""
    profile = ContactProfile.objects.filter(contact=conversation.contact_id).first() or ContactProfile()
    heard = sum(message.direction == Direction.IN for message in (*history, *messages))
    return ContextLayers(
        identity=Identity(
            name=conversation.contact.push_name or conversation.contact.name,
            preferred_name=profile.preferred_name,
            city=str(slots.get("city") or conversation.lead.city),
        ),
        relationship=Relationship(
            kind=profile.relationship,
            priority=profile.priority,
            since_days=max((now() - conversation.contact.created_at).days, 0),
            messages=max(profile.messages_read, heard),
            simulations=Simulation.objects.filter(conversation=conversation).count(),
        ),
        communication=profile_layer(profile),
        topics=sorted(profile.topics, key=lambda topic: -profile.topics[topic]),
        history=[_said(message) for message in history],
        situation=_situation(conversation, slots, opening),
    )


def _said(message: Message) -> Said:
    if message.direction == Direction.IN:
        return Said("client", message.words)
    return Said("livia" if message.author == Author.LIVIA else "consultant", message.words)


def _situation(conversation: Conversation, slots: Mapping[str, Any], opening: OpeningHours) -> Situation:
    local = local_now()
    waited = now() - conversation.awaiting_since if conversation.awaiting_since else None
    return Situation(
        local_time=f"{_WEEKDAYS[local.weekday()]}, {local.hour}h{local.minute:02}",
        open_now=opening.is_open(local),
        next_open=opening.next_open_text(local),
        urgency=_URGENCY.get(str(slots.get("urgency")), ""),
        waiting_minutes=max(int(waited.total_seconds() // 60), 0) if waited else 0,
    )
