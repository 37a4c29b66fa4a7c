"""The page of figures: managers see everybody's, consultants their own."""

import csv
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.middleware import HtmxDetails

from crm.accounts.models import User
from crm.accounts.permissions import manager_required, member_required
from crm.analytics import page
from crm.analytics.asking import Asked, asked
from crm.analytics.selectors import standing
from crm.analytics.services import figures_refresh
from leads.models import Consultant
from leads.selectors import consultants_to_choose


class MemberRequest(HttpRequest):
    """A request that came past `member_required`."""

    user: User
    htmx: HtmxDetails


@manager_required
@require_GET
def team(request: MemberRequest) -> HttpResponse:
    """Everybody's figures."""
    people = _people(request.user)
    return _answer(request, asked(request.GET, consultants=people), people, mine=False)


@manager_required
@require_POST
def refresh(request: MemberRequest) -> HttpResponse:
    """Count what happened in the last minute too, then everybody's figures."""
    figures_refresh()
    people = _people(request.user)
    question = asked(request.GET, consultants=people)
    if not request.htmx:
        return redirect(page.with_query(reverse("analytics:team"), question))
    return _answer(request, question, people, mine=False)


@member_required
@require_GET
def mine(request: MemberRequest) -> HttpResponse:
    """The figures of one's own leads, for whoever is in the rotation."""
    return _answer(request, _own(request), {}, mine=True)


@manager_required
@require_GET
def team_file(request: MemberRequest, block: str) -> HttpResponse:
    return _file(block, asked(request.GET, consultants=_people(request.user)))


@member_required
@require_GET
def my_file(request: MemberRequest, block: str) -> HttpResponse:
    if block in page.TEAM_ONLY:
        raise Http404
    return _file(block, _own(request))


def _people(user: User) -> dict[int, str]:
    return {person.pk: person.name for person in consultants_to_choose(user)}


def _own(request: MemberRequest) -> Asked:
    """What is asked for, of one's own leads only. Raises Http404 for who is no consultant."""
    if not Consultant.objects.filter(pk=request.user.pk).exists():
        raise Http404
    question = asked(request.GET, consultants={request.user.pk: request.user.name})
    by = "source" if question.by == "consultant" else question.by
    return replace(question, filters=replace(question.filters, consultant_id=request.user.pk), by=by)


def _answer(request: MemberRequest, question: Asked, people: dict[int, str], *, mine: bool) -> HttpResponse:
    place = reverse("analytics:mine" if mine else "analytics:team")
    context = page.context(question, standing(), place=place, consultants=people, mine=mine)
    if not request.htmx:
        return render(request, "analytics/page.html", context)
    response = render(request, "analytics/_analytics.html", context)
    if request.htmx.current_url_abs_path != context["address"]:
        response["HX-Push-Url"] = context["address"]
    return response


def _file(code: str, question: Asked) -> HttpResponse:
    """A block's table for a spreadsheet. Raises Http404 for a block there is none of."""
    if code not in page.BLOCKS:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # Excel takes the mark as UTF-8
    period = question.period
    name = f"{code}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(response, delimiter=";").writerows(page.block_of(code, question).table.filed())
    return response
