"""Conversations: contacts, threads, messages, and what Lívia remembers of them."""

import random
from datetime import datetime, timedelta

from agent.models import Dialogue, ProductVersion, Simulation, Turn
from agent.states import state_write
from conversations.models import (
    Author,
    Contact,
    Conversation,
    ConversationStatus,
    Direction,
    Inbox,
    Message,
    MessageKind,
    MessageState,
)
from conversations.texts import preview
from crm.demo.board import attendance
from crm.demo.plan import Plan
from crm.demo.script import Said

_AUTHORS = {"client": Author.CLIENT, "livia": Author.LIVIA, "consultant": Author.CONSULTANT, "event": Author.SYSTEM}
_NOT_SENT = {MessageState.FAILED: "not_on_whatsapp", MessageState.UNKNOWN: "timeout"}


def messages_draft(plans: list[Plan], rng: random.Random) -> None:
    """The messages of every talk, not yet stored: their threads do not exist."""
    for plan in plans:
        last_in = max((n for n, said in enumerate(plan.played.said) if said.author == "client"), default=-1)
        for position, said in enumerate(plan.played.said):
            plan.messages.append(_message(plan, said, plan.at(position), seen=position < last_in, rng=rng))


def _message(plan: Plan, said: Said, at: datetime, *, seen: bool, rng: random.Random) -> Message:
    state = _state(said, seen, rng)
    sent = said.author != "event" and state not in _NOT_SENT
    prefix = "3A" if said.author == "client" else "3EB0"
    return Message(
        direction=Direction.IN if said.author == "client" else Direction.OUT,
        author=_AUTHORS[said.author],
        sender=plan.owner if said.author == "consultant" else None,
        kind=said.kind,
        text=said.text,
        media=dict(said.names) if said.names else None,
        provider_id=f"{prefix}{rng.getrandbits(72):018X}" if sent else "",
        state=state,
        error_code=_NOT_SENT.get(state, ""),
        attempts=0 if said.author in ("client", "event") else 1,
        sent_at=at, state_changed_at=at, created_at=at,
    )  # fmt: skip


def _state(said: Said, seen: bool, rng: random.Random) -> MessageState:
    if said.author in ("client", "event"):
        return MessageState.RECEIVED
    if said.state:
        return MessageState(said.state)
    return MessageState.READ if seen or rng.random() < 0.5 else MessageState.DELIVERED


def threads_make(plans: list[Plan], inboxes: dict[str, Inbox], now: datetime) -> None:
    """Store contacts, threads and messages, and tell each thread its latest."""
    talking = [plan for plan in plans if plan.talk]
    contacts = Contact.objects.bulk_create(_contact(plan) for plan in talking)
    for plan, contact in zip(talking, contacts, strict=True):
        plan.conversation = _conversation(plan, contact, inboxes, now)
    Conversation.objects.bulk_create(plan.conversation for plan in talking)
    for plan in talking:
        for message in plan.messages:
            message.conversation = plan.conversation
    by_time = sorted((message for plan in talking for message in plan.messages), key=lambda row: row.created_at)
    Message.objects.bulk_create(by_time)
    for plan in talking:
        last_in = [message.pk for message in plan.messages if message.direction == Direction.IN][-1]
        plan.conversation.last_inbound_id = plan.conversation.answered_upto_id = last_in
    Conversation.objects.bulk_update([plan.conversation for plan in talking], ["last_inbound_id", "answered_upto_id"])


def _contact(plan: Plan) -> Contact:
    lead, left = plan.lead, plan.reason == "opt_out"
    return Contact(
        name=plan.person.name, push_name=plan.person.name.split()[0], phone=lead.phone, phone_key=lead.phone_key,
        opted_out_at=plan.at(plan.played.turns[-1].read[-1]) if left else None, created_at=plan.started,
    )  # fmt: skip


def _conversation(plan: Plan, contact: Contact, inboxes: dict[str, Inbox], now: datetime) -> Conversation:
    last = [message for message in plan.messages if message.kind != MessageKind.EVENT][-1]
    taken = plan.played.taken
    return Conversation(
        inbox=inboxes[plan.talk.inbox], contact=contact, lead=plan.lead,
        chat=f"{plan.lead.phone.lstrip('+')}@s.whatsapp.net",
        status=ConversationStatus.ACTIVE if now - last.created_at < timedelta(minutes=30) else ConversationStatus.IDLE,
        attended_by=attendance(plan), attended_since=plan.handed_over() or plan.started,
        taken_by=plan.owner if taken is not None else None,
        last_message_at=last.created_at, last_message_text=preview(last), last_message_author=last.author,
        last_message_state=last.state, unread_count=plan.talk.unread, revision=len(plan.messages) + 1,
        created_at=plan.started,
    )  # fmt: skip


def livia_make(plans: list[Plan]) -> None:
    """Dialogues, simulations and turns, as the agent would have stored them."""
    played = [plan for plan in plans if plan.with_livia]
    versions = ProductVersion.objects.in_bulk()
    for plan in played:
        for number, turn in enumerate(plan.played.turns):
            if result := turn.decision.simulation:
                plan.simulations[number] = Simulation(
                    lead=plan.lead, conversation=plan.conversation, product_version=versions[result.version_id],
                    result=result.as_dict(), created_at=plan.at(turn.replied[0]),
                )  # fmt: skip
    made = [simulation for plan in played for simulation in plan.simulations.values()]
    Simulation.objects.bulk_create(sorted(made, key=lambda row: row.created_at))
    Dialogue.objects.bulk_create(_dialogue(plan) for plan in played)
    turns = [_turn(plan, number) for plan in played for number in range(len(plan.played.turns))]
    Turn.objects.bulk_create(sorted(turns, key=lambda row: row.created_at))


def _sources(plan: Plan, number: int) -> dict[str, int]:
    """The message that filled each slot in a turn."""
    turn = plan.played.turns[number]
    return {slot: plan.messages[turn.read[index]].pk for slot, index in turn.decision.slot_sources.items()}


def _dialogue(plan: Plan) -> Dialogue:
    turns = plan.played.turns
    dialogue = Dialogue(conversation=plan.conversation, updated_at=plan.at(turns[-1].read[-1]))
    state_write(dialogue, plan.played.state)
    for number in range(len(turns)):
        dialogue.sources |= _sources(plan, number)
    return dialogue


def _turn(plan: Plan, number: int) -> Turn:
    turn = plan.played.turns[number]
    decision = turn.decision
    return Turn(
        conversation=plan.conversation,
        message_ids=[plan.messages[position].pk for position in turn.read],
        reply_ids=[plan.messages[position].pk for position in turn.replied],
        outcome=decision.outcome, reason=decision.reason, intent=decision.intent, path=list(decision.path),
        stage_before=turn.before.stage.value, stage_after=decision.state.stage.value,
        slots_before=dict(turn.before.slots), slots_after=dict(decision.state.slots),
        slot_sources=_sources(plan, number), state_before=turn.before.as_dict(), replies=list(decision.replies),
        simulation=plan.simulations.get(number), wall_ms=9, created_at=plan.at(turn.read[-1]) + timedelta(seconds=4),
    )  # fmt: skip
