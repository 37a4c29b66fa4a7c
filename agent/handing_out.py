"""What the agent hands out of one person: simulations, judgements with their reasons, what Lívia understood and from
which message, her turns, reminders, and what she learned of the client.

Not handed out: prompts and the model's raw answers, in which personal data was replaced before they were kept.
"""

from typing import Any

from agent import words
from agent.brain.simulation import SimulationResult
from agent.models import ContactProfile, Dialogue, FollowUp, LeadClassification, Simulation, Turn
from crm.core.handing_out import first_name, known, moment, money
from crm.core.privacy import Subject, gather
from leads.history import reason_name

_CHUNK = 500


@gather.plug
def hand_out(subject: Subject) -> dict[str, Any]:
    simulations = Simulation.objects.filter(lead__in=subject.lead_ids).select_related("product_version", "made_by")
    judged = LeadClassification.objects.filter(lead__in=subject.lead_ids).order_by("pk")
    dialogues = Dialogue.objects.filter(conversation__in=subject.conversation_ids).order_by("pk")
    turns = Turn.objects.filter(conversation__in=subject.conversation_ids).order_by("pk")
    reminders = FollowUp.objects.filter(conversation__in=subject.conversation_ids).order_by("pk")
    profiles = ContactProfile.objects.filter(contact__in=subject.contact_ids).order_by("pk")
    return {
        "simulations": [_simulation(row) for row in simulations.order_by("pk")],
        "classifications": [_judgement(row) for row in judged],
        "understood": [value for row in dialogues for value in _understood(row)],
        "turns": [_turn(row) for row in turns.iterator(chunk_size=_CHUNK)],
        "reminders": [_reminder(row) for row in reminders],
        "profiles": [_profile(row) for row in profiles],
    }


def _simulation(row: Simulation) -> dict[str, Any]:
    result = SimulationResult.from_dict(row.result)
    return known(
        number=row.pk,
        product=row.product_version.name,
        credit_amount_brl=money(result.credit_amount),
        term_months=result.term_months,
        first_instalment_brl=money(result.first_instalment),
        last_instalment_brl=money(result.last_instalment),
        rate_month=str(result.rate_month) if result.rate_month is not None else None,
        cet_year=str(result.cet_year) if result.cet_year is not None else None,
        by=first_name(row.made_by) or "Lívia",
        created_at=moment(row.created_at),
    )


def _judgement(row: LeadClassification) -> dict[str, Any]:
    return known(
        at=moment(row.created_at),
        temperature=str(row.get_temperature_display()),
        score=row.score,
        by=str(row.get_source_display()),
        model=row.model,
        reasons=[known(points=reason.get("points"), text=reason.get("text")) for reason in row.reasons],
        rules_temperature=row.rules_temperature,
        rules_score=row.rules_score,
    )


def _understood(row: Dialogue) -> list[dict[str, Any]]:
    """Each value with the message it was read in."""
    return [
        known(
            conversation=row.conversation_id,
            field=words.said(words.SLOTS, name),
            value=words.shown(name, value),
            message=row.sources.get(name),
        )
        for name, value in row.slots.items()
        if value not in (None, "")
    ]


def _turn(row: Turn) -> dict[str, Any]:
    return known(
        conversation=row.conversation_id,
        at=moment(row.created_at),
        messages=row.message_ids,
        replies=row.reply_ids,
        intent=words.said(words.INTENTS, row.intent) if row.intent else None,
        outcome=words.said(words.OUTCOMES, row.outcome),
        reason=reason_name(row.reason),
        way=[words.said(words.PATHS, step) for step in row.path],
        understood={words.said(words.SLOTS, name): words.shown(name, row.slots_after[name]) for name in _news(row)},
    )


def _news(row: Turn) -> list[str]:
    """What was read in this turn and not known before."""
    return [name for name, value in row.slots_after.items() if value != row.slots_before.get(name)]


def _reminder(row: FollowUp) -> dict[str, Any]:
    return known(
        conversation=row.conversation_id, number=row.number, due_at=moment(row.due_at),
        state=str(row.get_state_display()), reason=words.said(words.CANCELLED, row.reason) if row.reason else None,
    )  # fmt: skip


def _profile(row: ContactProfile) -> dict[str, Any]:
    return known(
        relationship=str(row.get_relationship_display()), priority=str(row.get_priority_display()),
        preferred_name=row.preferred_name, messages_read=row.messages_read, style=row.style, topics=row.topics,
        sentiment=row.sentiment,
    )  # fmt: skip
