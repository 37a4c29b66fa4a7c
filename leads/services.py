"""What changes about leads. Every change locks the row, leaves an Interaction, and tells the boards."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.facts import publish as publish_fact
from crm.core.locks import lock_then
from crm.core.phones import phone_identity, phone_normalise
from crm.core.text import clean_line
from crm.core.work import held, holding, service
from crm.realtime.publish import notify
from crm.realtime.services import rooms_recheck
from leads.actors import LIVIA, SYSTEM, Actor
from leads.assignment_rules import fits_of
from leads.classification import Classification, classify, is_by_person
from leads.events import LeadAssigned, LeadCreated, LeadHandedOver, LeadUpdated
from leads.models import ActorKind, Consultant, Interaction, InteractionKind, Lead, Source
from leads.ranks import top_rank
from leads.realtime import publish_card, publish_card_gone
from leads.rotation import consultant_count, consultant_take_turn, rotation

# What a person, a form or Lívia may write; everything else has a service of its own.
EDITABLE = frozenset(
    "name phone email city uf product credit_amount property_value vehicle_value monthly_income down_payment "
    "term_months occupation purpose message consented_at".split()
)


def lead_lock(lead_id: int, *, erased_too: bool = False) -> Lead:
    """The row, locked until the end of the unit of work. Raises NotFound, also for one merged into another, and for an
    erased one unless it is only a figure that changes (`erased_too`)."""
    if (lead := held(Lead, lead_id)) is not None:
        return lead
    rows = Lead.objects.select_for_update(of=("self",)).select_related("consultant__user")
    lead = rows.filter(pk=lead_id, merged_into=None).first()
    if lead is None:
        raise NotFound
    if lead.erased_at and not erased_too:
        raise NotFound(_("This client's data was erased."), code="erased")
    return lead


def lead_save(lead: Lead, *fields: str) -> None:
    """Write fields of a locked lead under a new revision."""
    lead.revision += 1
    lead.save(update_fields=[*fields, "revision", "updated_at"])


def interaction_add(lead: Lead, kind: InteractionKind, actor: Actor, **data: Any) -> None:
    Interaction.objects.create(lead=lead, kind=kind, actor_kind=actor.kind, actor=actor.user, data=data)


@service
def lead_create(
    *, values: Mapping[str, Any], source: Source, actor: Actor = SYSTEM, tracking: Mapping[str, str] | None = None,
    assign: bool = True,
) -> tuple[Lead, bool]:  # fmt: skip
    """Create a lead, classified, assigned and on the board; the same phone again is the same lead.

    Returns the lead and whether it is new. `assign=False` leaves it with Lívia, as a stranger on WhatsApp is.
    """
    lead = Lead(**{name: value for name, value in values.items() if name in EDITABLE and value is not None})
    if lead.phone:
        lead.phone = phone_normalise(lead.phone)
        lead.phone_key = phone_identity(lead.phone)
        known = lead_of_phone(lead.phone_key)
        if known is not None:
            return _lead_returned(known, values, source, actor), False
    lead.source, lead.tracking, lead.rank = source, dict(tracking or {}), top_rank()
    lead.status_changed_at = now()
    _apply_classification(lead, classify({**values, "source": source, "tracking": lead.tracking}))
    if assign:
        lead.consultant = consultant_take_turn(fits_of(lead))
        lead.awaits_consultant = lead.consultant is None
    lead.save(force_insert=True)
    interaction_add(lead, InteractionKind.CREATED, actor, source=source, consultant=lead.consultant_id)
    with holding(lead):
        publish_fact(LeadCreated(lead_id=lead.pk, source=source))
    publish_card(lead, totals=True)
    _notify_owner(lead, actor)
    return lead, True


def lead_of_phone(phone_key: str) -> int | None:
    """The lead that has this phone, or that took in the one that had it.

    Holds the phone until the commit, so that two creators cannot both see none.
    """
    row = lock_then(phone_lock(phone_key), _OF_PHONE, [phone_key])
    return row[0] if row else None


_OF_PHONE = "SELECT coalesce(merged_into_id, id) FROM leads_lead WHERE phone_key = %s"


def phone_lock(phone_key: str) -> str:
    """The name under which a phone is held (crm.core.locks)."""
    return f"phone {phone_key}"


def _lead_returned(lead_id: int, values: Mapping[str, Any], source: Source, actor: Actor) -> Lead:
    """Fill what was empty, keep what is known, and tell the owner that the client is back."""
    lead = lead_lock(lead_id)
    news = {
        name: values[name] for name in EDITABLE - {"phone", "message"} if values.get(name) and not getattr(lead, name)
    }
    if values.get("message"):
        news["message"] = values["message"]
    for name, value in news.items():
        setattr(lead, name, value)
    lead_save(lead, *news)
    interaction_add(lead, InteractionKind.RETURNED, actor, source=source, filled=sorted(news))
    publish_card(lead, totals="credit_amount" in news)
    if lead.consultant_id:
        notify(
            [lead.consultant_id],
            kind="lead_returned",
            title=gettext_noop("%(name)s came back"),
            data={"name": lead.display_name},
            url=f"/leads/{lead.pk}/",
        )
    return lead


@service
def lead_update(*, lead_id: int, values: Mapping[str, Any], actor: Actor) -> Lead:
    """Change data fields. Raises Invalid (phone) and Conflict (`phone_taken`)."""
    if values.get("phone"):
        values = {**values, "phone": phone_normalise(values["phone"])}
        lead_of_phone(phone_identity(values["phone"]))  # a phone is held before any lead, here as in lead_create
    lead = lead_lock(lead_id)
    changes = {name: value for name, value in values.items() if name in EDITABLE and getattr(lead, name) != value}
    if not changes:
        return lead
    before = {name: getattr(lead, name) for name in changes}
    for name, value in changes.items():
        setattr(lead, name, value)
    fields = [*changes]
    if "phone" in changes:
        _take_phone(lead)
        fields.append("phone_key")
    lead_save(lead, *fields)
    interaction_add(
        lead, InteractionKind.UPDATED, actor,
        changes={name: [_plain(before[name]), _plain(getattr(lead, name))] for name in changes},
    )  # fmt: skip
    publish_fact(LeadUpdated(lead_id=lead.pk, fields=tuple(sorted(changes))))
    publish_card(lead, totals="credit_amount" in changes)
    return lead


def _take_phone(lead: Lead) -> None:
    lead.phone_key = phone_identity(lead.phone) if lead.phone else ""
    if lead.phone_key and lead_of_phone(lead.phone_key) not in (None, lead.pk):
        message = _("Another lead already has this phone.")
        raise Conflict(message, code="phone_taken", fields={"phone": message})
    lead.merged.filter(phone_key=lead.phone_key).exclude(phone_key="").update(phone_key="")


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | None) else str(value)


def _apply_classification(lead: Lead, result: Classification) -> None:
    lead.ai_temperature, lead.ai_score, lead.ai_reasons = result.temperature, result.score, result.reasons


@service
def lead_classify(*, lead_id: int, result: Classification, actor: Actor = SYSTEM) -> Lead:
    """Store temperature, score and reasons; unchanged ones are not written again. A person's judgement stands against
    all but a person's."""
    lead = lead_lock(lead_id)
    if actor.kind != ActorKind.PERSON and is_by_person(lead.ai_reasons):
        return lead
    before, reasons = (lead.ai_temperature, lead.ai_score), lead.ai_reasons
    _apply_classification(lead, result)
    told = before != (lead.ai_temperature, lead.ai_score)
    if told:
        interaction_add(lead, InteractionKind.CLASSIFIED, actor, temperature=result.temperature, score=result.score)
    if told or reasons != lead.ai_reasons:
        lead_save(lead, "ai_temperature", "ai_score", "ai_reasons")
        publish_card(lead)
    return lead


@service
def lead_assign(*, lead_id: int, consultant_id: int | None = None, actor: Actor = SYSTEM, reason: str = "") -> Lead:
    """Give the lead to a consultant, or, without one named, to the next in turn.

    Nobody active leaves it waiting; it is assigned when somebody returns. Raises NotFound for who is no consultant.
    """
    lead = lead_lock(lead_id, erased_too=True)
    previous_id = lead.consultant_id
    if consultant_id is None:
        chosen = consultant_take_turn(fits_of(lead))
    else:
        chosen = Consultant.objects.select_related("user").filter(pk=consultant_id, user__is_active=True).first()
        if chosen is None:
            raise NotFound(_("This consultant does not exist or is not active."))
        if chosen.pk != previous_id:
            consultant_count(consultant_id=chosen.pk)
    if chosen is not None and chosen.pk == previous_id:
        return lead
    lead.consultant, lead.awaits_consultant = chosen, chosen is None
    lead_save(lead, "consultant", "awaits_consultant")
    if chosen is None and previous_id is None:
        return lead
    interaction_add(
        lead, InteractionKind.ASSIGNED, actor,
        consultant=lead.consultant_id, name=chosen.name if chosen else "", previous=previous_id,
        reason=clean_line(reason, limit=300),
    )  # fmt: skip
    with holding(lead):
        publish_fact(LeadAssigned(lead_id=lead.pk, consultant_id=lead.consultant_id, previous_id=previous_id))
    publish_card(lead, totals=True)
    publish_card_gone(lead, previous_id)
    rooms_recheck([f"lead.{lead.pk}"])
    _notify_owner(lead, actor)
    return lead


@service
def lead_summarise(*, lead_id: int, summary: str, reason: str, actor: Actor) -> Lead:
    """Pin the summary of a handoff to the lead; who owns it already is told, a new owner is told by lead_assign."""
    lead = lead_lock(lead_id)
    lead.transfer_summary = summary
    lead_save(lead, "transfer_summary")
    interaction_add(lead, InteractionKind.HANDED_OVER, actor, reason=reason)
    with holding(lead):
        publish_fact(LeadHandedOver(lead_id=lead.pk, reason=reason))
    publish_card(lead)
    _notify_owner(lead, actor)
    return lead


def _notify_owner(lead: Lead, actor: Actor) -> None:
    """Tell the owner of a lead that was given to them; nobody is told what they did themselves."""
    if lead.consultant_id is None or (actor.user and actor.user.pk == lead.consultant_id):
        return
    notify(
        [lead.consultant_id],
        kind="lead_handed_over" if actor == LIVIA else "lead_assigned",
        title=gettext_noop("Lívia hands %(name)s to you") if actor == LIVIA else gettext_noop("New lead: %(name)s"),
        data={"name": lead.display_name},
        url=f"/leads/{lead.pk}/",
    )


@service
def leads_assign_waiting(*, limit: int = 200) -> int:
    """Assign the leads that wait because nobody was active, oldest first; how many found an owner."""
    if not rotation().exists():
        return 0
    waiting = Lead.objects.select_for_update(skip_locked=True).filter(awaits_consultant=True).order_by("pk")
    ids = [lead.pk for lead in waiting.only("pk")[:limit]]
    return sum(1 for lead_id in ids if lead_assign(lead_id=lead_id).consultant_id is not None)


@service
def lead_touch(*, lead_id: int, attended_by: str, unread_count: int, text: str = "", direction: str = "") -> Lead:
    """Show the latest of the lead's conversation on its card. The lead, locked."""
    lead = lead_lock(lead_id)
    lead.attended_by, lead.unread_count = attended_by, unread_count
    fields = ["attended_by", "unread_count"]
    if direction:
        lead.last_message_text, lead.last_message_direction = text[:200], direction
        lead.last_message_at = now()
        fields += ["last_message_text", "last_message_direction", "last_message_at"]
    lead_save(lead, *fields)
    publish_card(lead)
    return lead
