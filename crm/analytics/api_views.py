"""Version 1 of the API: the figures of the analytics pages."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.accounts.models import User
from crm.analytics import figures
from crm.analytics.api_examples import EVERYTHING, FUNNEL
from crm.analytics.api_shapes import BLOCKS, plain, schema
from crm.analytics.asking import PERIODS, USUAL, Asked, asked
from crm.analytics.period import Period
from crm.analytics.selectors import standing
from crm.analytics.shapes import NOBODY, NONE, Filters
from crm.api.lists import know_parameters
from crm.api.schema import errors
from crm.api.scopes import Scope
from crm.api.views import ApiView
from crm.core.errors import Invalid
from crm.core.numbers import whole
from leads.inline import UFS
from leads.models import Consultant, Product, Source
from leads.selectors import consultants_to_choose

_TEAM_ONLY = frozenset({"livia"})
_CHOICES: dict[str, list[str]] = {
    "period": list(PERIODS),
    "product": [*Product.values, NONE],
    "source": list(Source.values),
    "uf": [*UFS, NONE],
}
_DAY = {"type": "string", "format": "date"}
_PARAMETERS = [
    OpenApiParameter("period", str, enum=_CHOICES["period"], description=f"`{USUAL}` unless said otherwise."),
    OpenApiParameter("from", _DAY, description="Instead of `period`, together with `to`: the first day."),
    OpenApiParameter("to", _DAY, description="The last day, included."),
    OpenApiParameter("product", str, enum=_CHOICES["product"], description="Leads who want this; `none`: nothing yet."),
    OpenApiParameter("source", str, enum=_CHOICES["source"], description="Leads who came this way."),
    OpenApiParameter("uf", str, enum=_CHOICES["uf"], description="Leads of this state; `none`: of an unknown one."),
    OpenApiParameter(
        "consultant", {"type": "integer", "minimum": 0},
        description="Leads of this consultant, 0: of nobody. Managers only; others see their own.",
    ),
]  # fmt: skip
_NAMES = tuple(parameter.name for parameter in _PARAMETERS)
_WHO = (
    "Managers see everybody's figures, consultants those of their own leads, without Lívia's; for people who are "
    "neither there are none (404)."
)


class _Figures(ApiView):
    scopes = {"GET": Scope.ANALYTICS_READ}

    def answer(self, request: Request, wanted: Iterable[str] | None = None) -> Response:
        """The period, how fresh the figures are, and these blocks or all. Raises Http404 for one that is not theirs."""
        question, team = _question(request)
        theirs = [name for name in BLOCKS if team or name not in _TEAM_ONLY]
        chosen = theirs if wanted is None else [name for name in theirs if name in wanted]
        if not chosen:
            raise Http404
        told = _blocks(question.period, question.filters, chosen)
        if not team and "headline" in told:
            told["headline"] |= {"livia_share": None, "cost_usd": None, "unpriced": False}
        period = {"first": question.period.first, "last": question.period.last}
        return Response({"period": plain(period), **plain(standing()), **told})


class Everything(_Figures):
    @extend_schema(
        operation_id="analytics_get",
        summary="All figures of a period",
        description=_WHO,
        tags=["analytics"],
        parameters=_PARAMETERS,
        responses={200: OpenApiResponse(schema(), "Every block."), **errors(404)},
        examples=[EVERYTHING],
    )
    def get(self, request: Request) -> Response:
        return self.answer(request)


class OneBlock(_Figures):
    @extend_schema(
        operation_id="analytics_block",
        summary="One block of figures",
        description=f"The answer of all figures with this block only, which is quicker. {_WHO}",
        tags=["analytics"],
        parameters=[OpenApiParameter("block", str, OpenApiParameter.PATH, enum=list(BLOCKS)), *_PARAMETERS],
        responses={200: OpenApiResponse(schema(), "With that block.")},
        examples=[FUNNEL],
    )
    def get(self, request: Request, block: str) -> Response:
        return self.answer(request, [block])


def _blocks(period: Period, filters: Filters, names: list[str]) -> dict[str, Any]:
    if len(names) == 1:
        return {names[0]: plain(getattr(figures, BLOCKS[names[0]])(period, filters))}
    all_of_them = figures.everything(period, filters)
    return {name: plain(getattr(all_of_them, BLOCKS[name])) for name in names}


def _question(request: Request) -> tuple[Asked, bool]:
    """What is asked for, and whether of the whole team. Raises Invalid for what is not understood: what a page may
    leave out and say so, a program would not notice."""
    query, user = request.query_params, request.user
    know_parameters(request, *_NAMES)
    people = _people(user)
    problems = {name: _("One of: %(names)s.") % {"names": ", ".join(values)} for name, values in _wrong(query)}
    if query.get("period") and (query.get("from") or query.get("to")):
        problems["period"] = _("Either a period, or its first and last day.")
    if query.get("consultant") and whole(query["consultant"]) not in (NOBODY, *people):
        problems["consultant"] = _("There is no such consultant.")
    question = asked(query, consultants=people)
    if question.problems and not problems:
        problems["from"] = question.problems[0]
    if problems:
        raise Invalid(_("Some filters are not valid."), code="invalid_filter", fields=problems)
    if user.is_manager:
        return question, True
    return replace(question, filters=replace(question.filters, consultant_id=user.pk)), False


def _wrong(query: Mapping[str, str]) -> Iterable[tuple[str, list[str]]]:
    return [(name, values) for name, values in _CHOICES.items() if query.get(name) and query[name] not in values]


def _people(user: User) -> dict[int, str]:
    """Whose figures one may ask for. Raises Http404 for who has none."""
    if user.is_manager:
        return {person.pk: person.name for person in consultants_to_choose(user)}
    if not Consultant.objects.filter(pk=user.pk).exists():
        raise Http404
    return {user.pk: user.name}
