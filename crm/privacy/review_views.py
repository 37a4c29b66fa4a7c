"""What was decided about a client automatically, explained; and a person's review of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agent.catalogue import business
from crm.accounts.access import What, access_note
from crm.accounts.permissions import manager_required, member_required
from crm.core.clock import now
from crm.core.errors import DomainError, Invalid
from crm.core.numbers import whole
from crm.privacy.explaining import decision_of, open_review
from crm.privacy.models import Review, ReviewChannel, ReviewOutcome, ReviewSubject
from crm.privacy.reviews import ANSWER_DAYS, Verdict, review_ask, review_close, review_lift
from leads.actors import person
from leads.models import Temperature
from leads.rotation import rotation
from leads.selectors import lead_get


@member_required
@require_GET
def decision(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Score, temperature and choice of the consultant in plain words, to be read to the client or printed."""
    lead = lead_get(request.user, lead_id)
    access_note(user=request.user, what=What.DECISION, object_id=lead.pk, lead_id=lead.pk)
    found = decision_of(lead)
    context = {
        "lead": lead,
        "decision": found,
        "company": business().name,
        "now": now(),
        "open_review": open_review(found),
        "subjects": ReviewSubject.choices,
        "channels": ReviewChannel.choices,
        "answer_days": ANSWER_DAYS,
    }
    return render(request, "privacy/explanation.html", context)


@member_required
@require_POST
def ask(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Whoever serves the client writes down that they ask for a review."""
    lead = lead_get(request.user, lead_id)
    given = request.POST
    what, channel = given.get("what", ""), given.get("channel", "")
    review_ask(lead_id=lead.pk, what=what, channel=channel, actor=person(request.user))
    return redirect("privacy:decision", lead.pk)


@manager_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """The request beside what was decided; POST the outcome. What is refused comes back with what was written."""
    item = get_object_or_404(Review.objects.select_related("lead", "asked_by", "reviewer"), pk=review_id)
    if request.method == "GET":
        return _page(request, item)
    try:
        review_close(review_id=item.pk, verdict=_verdict(request), reviewer=request.user)
    except DomainError as error:
        return _page(request, item, error=error)
    return redirect("privacy:review", item.pk)


def _verdict(request: HttpRequest) -> Verdict:
    given = request.POST
    chosen, score = given.get("consultant", ""), given.get("score", "").strip()
    if chosen and whole(chosen) is None:
        raise Invalid(_("Choose a consultant."), fields={"consultant": _("Choose a consultant.")})
    return Verdict(
        outcome=given.get("outcome", ""),
        explanation=given.get("explanation", ""),
        temperature=given.get("temperature", ""),
        score=whole(score),
        consultant_id=whole(chosen),
    )


def _page(request: HttpRequest, item: Review, error: DomainError | None = None) -> HttpResponse:
    lead = lead_get(request.user, item.lead_id)
    access_note(user=request.user, what=What.DECISION, object_id=lead.pk, lead_id=lead.pk)
    found = decision_of(lead)
    context: dict[str, Any] = {
        "review": item,
        "lead": lead,
        "decision": found,
        "company": business().name,
        "now": now(),
        "outcomes": ReviewOutcome.choices,
        "temperatures": Temperature.choices,
        "consultants": rotation(),
        "about_score": item.what != ReviewSubject.TRANSFER,
        "about_transfer": item.what != ReviewSubject.SCORE,
        "stands": found.standing is not None and found.standing.pk == item.pk,
        "given": request.POST,
        "error": str(error.message) if error else "",
        "wrong": error.fields if error else {},
    }
    return render(request, "privacy/review.html", context, status=error.status if error else 200)


@manager_required
@require_POST
def lift(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let the automatic judgement count again."""
    item = review_lift(review_id=review_id, actor=person(request.user))
    return redirect("privacy:review", item.pk)
