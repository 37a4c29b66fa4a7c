"""Leads and their histories."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from agent.brain.summary import transfer_summary
from agent.models import Simulation
from conversations.models import MessageKind
from conversations.texts import preview
from crm.accounts.models import User
from crm.core.phones import phone_identity
from crm.demo.plan import Plan
from crm.demo.script import TurnPlayed
from crm.demo.tasks import tasks_told
from leads.models import ActorKind, Attendance, Consultant, Interaction, InteractionKind, Lead, Source
from leads.pipeline import Status

Story = tuple[datetime, InteractionKind, ActorKind, User | None, dict[str, Any]]


def leads_make(plans: list[Plan], rng: random.Random) -> None:
    for plan in plans:
        plan.lead = _lead(plan, rng)
    Lead.objects.bulk_create(plan.lead for plan in plans)


def _lead(plan: Plan, rng: random.Random) -> Lead:
    person, moves = plan.person, plan.moves()
    phone = f"+55{person.ddd}99{rng.randrange(10**7):07d}"
    result = plan.classified[-1]
    lead = Lead(
        phone=phone, phone_key=phone_identity(phone),
        email=_email(person.name) if person.source in ("form", "api") else "",
        status=person.status, rank=-int(plan.changed.timestamp() * 1_000_000), status_changed_at=plan.changed,
        version=1 + len(moves), revision=10 + len(moves),
        lost_reason=person.lost, lost_note=person.note, won_amount=person.won * 100 or None,
        consultant_id=plan.owner.pk if plan.owner else None, attended_by=attendance(plan),
        ai_score=result.score, ai_temperature=result.temperature, ai_reasons=result.reasons,
        transfer_summary=_summary(plan), source=person.source, tracking=plan.tracking(), message=person.message,
        consented_at=plan.started if person.source in ("form", "api") else None,
        created_at=plan.started, updated_at=plan.changed,
    )  # fmt: skip
    for name, value in plan.facts().items():
        setattr(lead, name, value)
    _show_last_message(lead, plan)
    return lead


def _show_last_message(lead: Lead, plan: Plan) -> None:
    spoken = [message for message in plan.messages if message.kind != MessageKind.EVENT]
    if spoken:
        last = spoken[-1]
        lead.last_message_text, lead.last_message_at = preview(last), last.created_at
        lead.last_message_direction = last.direction
        lead.unread_count = plan.talk.unread if plan.talk else 0
        lead.updated_at = max(plan.changed, last.created_at)


def attendance(plan: Plan) -> Attendance:
    """Who talks with the client now. After an opt-out Lívia still reads, for the way back."""
    if plan.talk is None:
        return Attendance.NONE
    return Attendance.LIVIA if plan.with_livia and plan.handed_over() is None else Attendance.PERSON


def _summary(plan: Plan) -> str:
    if not plan.with_livia or plan.handed_over() is None:
        return ""
    made = [turn.decision.simulation for turn in plan.played.turns if turn.decision.simulation]
    return transfer_summary(plan.played.state, made[-1] if made else None)


def _email(name: str) -> str:
    plain = name.lower().translate(str.maketrans("áâãàéêíóôõúç", "aaaaeeiooouc")).split()
    return f"{plain[0]}.{plain[-1]}@example.com"


def rotation_make(plans: list[Plan]) -> None:
    """The consultants' statistics, as if each lead had been assigned in its turn."""
    owned = sorted((plan.handed_over() or plan.started, plan.owner.pk) for plan in plans if plan.owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('leads_rotation_turn', %s)", [len(owned)])
    for consultant in Consultant.objects.all():
        mine = [(number, at) for number, (at, pk) in enumerate(owned, 1) if pk == consultant.pk]
        consultant.assigned_count = len(mine)
        consultant.turn, consultant.last_assigned_at = mine[-1]
        consultant.save()


def history_make(plans: list[Plan], manager: User) -> None:
    """Every lead's interactions, in the order in which they happened."""
    rows = [
        Interaction(lead=plan.lead, created_at=at, kind=kind, actor_kind=actor, actor=user, data=data)
        for plan in plans
        for at, kind, actor, user, data in _story(plan, manager)
    ]
    rows += [row for plan in plans for row in tasks_told(plan)]
    Interaction.objects.bulk_create(sorted(rows, key=lambda row: row.created_at))


def _story(plan: Plan, manager: User) -> Iterator[Story]:
    yield _created(plan)
    for number, turn in enumerate(plan.played.turns):
        yield from _turn(plan, number, turn)
    yield from _handover(plan)
    for at, origin, to in plan.moves():
        by_livia = plan.with_livia and at == plan.handed_over()
        user = None if by_livia else plan.owner or manager
        data: dict[str, Any] = {"origin": origin, "to": to}
        if to == Status.LOST:
            data |= {"lost_reason": plan.lead.lost_reason, "lost_note": plan.lead.lost_note, "won_amount": None}
        elif to == Status.WON:
            data |= {"lost_reason": "", "lost_note": "", "won_amount": plan.lead.won_amount}
        yield at, InteractionKind.MOVED, ActorKind.PERSON if user else ActorKind.LIVIA, user, data


def _created(plan: Plan) -> Story:
    source = plan.person.source
    owner = plan.owner.pk if plan.owner and not plan.with_livia else None
    data = {"source": source, "consultant": owner}
    if source == Source.MANUAL and plan.owner:
        return plan.started, InteractionKind.CREATED, ActorKind.PERSON, plan.owner, data
    actor = ActorKind.CLIENT if source == Source.WHATSAPP else ActorKind.SYSTEM
    return plan.started, InteractionKind.CREATED, actor, None, data


def _turn(plan: Plan, number: int, turn: TurnPlayed) -> Iterator[Story]:
    """What a turn of Lívia's left on the lead."""
    at = plan.at(turn.read[-1]) + timedelta(seconds=4)
    new = {name: value for name, value in turn.decision.state.slots.items() if turn.before.slots.get(name) != value}
    if changes := {
        name: [turn.before.slots.get(name), value] for name, value in new.items() if hasattr(plan.lead, name)
    }:
        yield at, InteractionKind.UPDATED, ActorKind.LIVIA, None, {"changes": changes}
    if simulation := plan.simulations.get(number):
        yield at, InteractionKind.SIMULATED, ActorKind.LIVIA, None, _simulated(simulation)
    result, before = plan.classified[number], plan.classified[number - 1] if number else None
    if before is None or (before.temperature, before.score) != (result.temperature, result.score):
        data = {"temperature": result.temperature, "score": result.score}
        yield at, InteractionKind.CLASSIFIED, ActorKind.LIVIA, None, data
    if turn.decision.outcome == "opt_out":
        yield at, InteractionKind.OPTED_OUT, ActorKind.CLIENT, None, {}


def _simulated(simulation: Simulation) -> dict[str, Any]:
    result = simulation.result
    shown = {name: result[name] for name in ("credit_amount", "term_months", "first_instalment")}
    return {"simulation": simulation.pk, "product": result["code"], **shown}


def _handover(plan: Plan) -> Iterator[Story]:
    at, owner = plan.handed_over(), plan.owner
    if at and owner and plan.with_livia:
        yield at, InteractionKind.HANDED_OVER, ActorKind.LIVIA, None, {"reason": plan.reason}
        data = {"consultant": owner.pk, "name": owner.name, "previous": None, "reason": plan.reason}
        yield at, InteractionKind.ASSIGNED, ActorKind.LIVIA, None, data
    if plan.played.taken is not None:
        yield plan.at(plan.played.taken), InteractionKind.TAKEN_OVER, ActorKind.PERSON, owner, {}
