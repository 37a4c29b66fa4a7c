"""A person looks again at what was decided automatically, because the client asks for it (LGPD, art. 20).

What a person decides about score and temperature stands: no rule and no model changes it until a manager lifts it
(`leads.classification.is_by_person`).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agent.brain.gates import asks_for_review
from agent.models import LeadClassification
from conversations.models import Direction, Message
from crm.accounts.models import Role, User
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.facts import on
from crm.core.text import clean_text
from crm.core.work import service
from crm.privacy.models import Review, ReviewChannel, ReviewOutcome, ReviewState, ReviewSubject
from crm.realtime.publish import notify
from leads.actors import CLIENT, Actor, person
from leads.classification import BY_PERSON, Classification, is_by_person
from leads.events import LeadHandedOver, LeadsMerging
from leads.models import InteractionKind, Lead, Temperature
from leads.services import interaction_add, lead_assign, lead_classify, lead_lock

ANSWER_DAYS = 15  # the term the law sets for answers to a client (art. 19, II); the house's own for reviews
SHOWN = 20
EXPLANATION = 2000
_LATELY = timedelta(minutes=10)


@dataclass(frozen=True)
class Verdict:
    """What a reviewer found. With CHANGED: another temperature and score, another consultant, or both."""

    outcome: str
    explanation: str
    temperature: str = ""
    score: int | None = None
    consultant_id: int | None = None


@service
def review_ask(*, lead_id: int, what: str, channel: str, actor: Actor) -> Review:
    """The client wants a person to look at it. Asked again while it is open, it is the same request.

    Raises Invalid, and NotFound, also for an erased client.
    """
    if what not in ReviewSubject.values or channel not in ReviewChannel.values:
        raise Invalid(_("Choose what is to be reviewed and how the client asked."))
    lead = lead_lock(lead_id)
    review, created = Review.objects.get_or_create(
        lead=lead,
        what=what,
        state=ReviewState.OPEN,
        defaults={"channel": channel, "asked_by": actor.user, "asked_at": now()},
    )
    if created:
        interaction_add(lead, InteractionKind.REVIEW_ASKED, actor, review=review.pk, what=what, channel=channel)
        _tell_managers(review, lead)
    return review


def _tell_managers(review: Review, lead: Lead) -> None:
    people = User.objects.filter(Q(role__in=(Role.MANAGER, Role.ADMIN)) | Q(is_superuser=True), is_active=True)
    notify(
        people.values_list("pk", flat=True),
        kind="review_asked",
        title=gettext_noop("%(name)s asks for a review by a person"),
        data={"name": lead.display_name},
        url=f"/privacy/reviews/{review.pk}/",
        once=f"review:{review.pk}",
    )


@service
def review_close(*, review_id: int, verdict: Verdict, reviewer: User) -> Review:
    """Write down what the reviewer found and, if they decided otherwise, do it. Raises Invalid, NotFound, Conflict."""
    explanation = clean_text(verdict.explanation.replace("\r\n", "\n").strip(), limit=EXPLANATION + 1)
    _check(verdict, explanation)
    review = Review.objects.filter(pk=review_id).first()
    if review is None:
        raise NotFound
    actor = person(reviewer)
    lead = lead_lock(review.lead_id)
    review = Review.objects.select_for_update().get(pk=review_id)
    if review.state != ReviewState.OPEN:
        raise Conflict(_("This review is already done."), code="review_done")
    review.state, review.outcome, review.explanation = ReviewState.DONE, verdict.outcome, explanation
    review.reviewer, review.reviewed_at = reviewer, now()
    review.save(update_fields=["state", "outcome", "explanation", "reviewer", "reviewed_at"])
    interaction_add(lead, InteractionKind.REVIEWED, actor, review=review.pk, outcome=verdict.outcome)
    if verdict.outcome == ReviewOutcome.CHANGED:
        _decide_otherwise(lead.pk, verdict, explanation, actor)
    return review


def _check(verdict: Verdict, explanation: str) -> None:
    if verdict.outcome not in ReviewOutcome.values:
        raise Invalid(_("Say whether the decision stands or was changed."), fields={"outcome": _("Choose one.")})
    if not explanation or len(explanation) > EXPLANATION:
        sentence = _("Explain the outcome to the client, in at most 2000 characters.")
        raise Invalid(sentence, fields={"explanation": sentence})
    if verdict.outcome == ReviewOutcome.KEPT:
        return
    if not verdict.temperature and verdict.consultant_id is None:
        raise Invalid(_("Say what changes: the temperature and score, or the consultant."))
    if verdict.temperature:
        if verdict.temperature not in Temperature.values:
            raise Invalid(_("Choose a temperature."), fields={"temperature": _("Choose a temperature.")})
        if verdict.score is None or not 0 <= verdict.score <= 100:
            raise Invalid(_("The score is a number from 0 to 100."), fields={"score": _("From 0 to 100.")})


def _decide_otherwise(lead_id: int, verdict: Verdict, explanation: str, actor: Actor) -> None:
    if verdict.temperature and verdict.score is not None:
        reasons = [{"code": BY_PERSON, "points": 0, "text": explanation}]
        result = Classification(verdict.temperature, verdict.score, reasons)
        lead_classify(lead_id=lead_id, result=result, actor=actor)
    if verdict.consultant_id is not None:
        lead_assign(lead_id=lead_id, consultant_id=verdict.consultant_id, actor=actor, reason=explanation)


@service
def review_lift(*, review_id: int, actor: Actor) -> Review:
    """A person's judgement counts no longer: the latest automatic one is the lead's again.

    Raises NotFound, Conflict.
    """
    review = Review.objects.filter(pk=review_id, outcome=ReviewOutcome.CHANGED).first()
    if review is None:
        raise NotFound
    lead = lead_lock(review.lead_id)
    if not is_by_person(lead.ai_reasons):
        raise Conflict(_("No judgement by a person stands any more."), code="nothing_stands")
    latest = LeadClassification.objects.filter(lead=lead).order_by("-pk").first()
    result = Classification(latest.temperature, latest.score, latest.reasons) if latest else Classification("", 0, [])
    lead_classify(lead_id=lead.pk, result=result, actor=actor)
    Review.objects.filter(lead=lead, outcome=ReviewOutcome.CHANGED, lifted_at=None).update(lifted_at=now())
    review.refresh_from_db()
    return review


@on(LeadHandedOver, inside=True)
def _asked_on_whatsapp(fact: LeadHandedOver) -> None:
    """Lívia leaves a client who asks about their data to a person; a review asked for is written down at once."""
    if fact.reason != "data_request":
        return
    rows = Message.objects.filter(conversation__lead=fact.lead_id, direction=Direction.IN, revoked_at=None)
    lately = rows.filter(created_at__gt=now() - _LATELY).order_by("-pk")[:5]
    if any(asks_for_review(row.words) for row in lately):
        review_ask(lead_id=fact.lead_id, what=ReviewSubject.BOTH, channel=ReviewChannel.WHATSAPP, actor=CLIENT)


@on(LeadsMerging, inside=True)
def _one_request(fact: LeadsMerging) -> None:
    """Of two open requests about the same the one of the lead that stays goes on."""
    asked = Review.objects.filter(lead=fact.kept_id, state=ReviewState.OPEN).values("what")
    twice = Review.objects.filter(lead=fact.gone_id, state=ReviewState.OPEN, what__in=asked)
    twice.update(state=ReviewState.DONE, reviewed_at=now())


def reviews_open() -> QuerySet[Review]:
    """Those that wait, the oldest first."""
    rows = Review.objects.filter(state=ReviewState.OPEN, lead__erased_at=None).select_related("lead", "asked_by")
    return rows.order_by("asked_at", "pk")


def reviews_context() -> dict[str, Any]:
    """For `privacy/_reviews.html`: what waits, with when it is due, and what was reviewed last."""
    waiting = list(reviews_open()[:SHOWN])
    moment = now()
    for review in waiting:
        review.due_at = review.asked_at + timedelta(days=ANSWER_DAYS)  # type: ignore[attr-defined]
        review.is_late = review.due_at < moment  # type: ignore[attr-defined]
    done = Review.objects.filter(state=ReviewState.DONE).select_related("lead", "reviewer").order_by("-reviewed_at")
    return {"reviews_waiting": waiting, "reviews_done": list(done[:SHOWN])}


def standing_review(lead: Lead) -> Review | None:
    """The review whose judgement of score and temperature stands now."""
    if not is_by_person(lead.ai_reasons):
        return None
    rows = Review.objects.filter(lead=lead, outcome=ReviewOutcome.CHANGED, lifted_at=None).select_related("reviewer")
    return rows.order_by("-reviewed_at").first()
