"""What the pages of outgoing webhooks show."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.errors import Invalid
from crm.webhooks.models import Delivery, DeliveryState, Endpoint, Event

PAGE_SIZE = 40


@dataclass(frozen=True)
class Figures:
    """Of one endpoint: when it was last told something, and of the last day how many were tried and not taken."""

    last_at: datetime | None = None
    tried: int = 0
    failed: int = 0
    waiting: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.failed / self.tried) if self.tried else 0


def endpoint_get(endpoint_id: int) -> Endpoint:
    return get_object_or_404(Endpoint.objects.select_related("creator"), pk=endpoint_id)


def endpoints_with_figures() -> list[tuple[Endpoint, Figures]]:
    endpoints = list(Endpoint.objects.select_related("creator"))
    figures = figures_of([endpoint.pk for endpoint in endpoints])
    return [(endpoint, figures.get(endpoint.pk, Figures())) for endpoint in endpoints]


def figures_of(endpoint_ids: list[int]) -> dict[int, Figures]:
    last_day = Q(created_at__gte=now() - timedelta(days=1), tries__gt=0)
    rows = Delivery.objects.filter(endpoint__in=endpoint_ids).order_by().values("endpoint_id")
    counted = rows.annotate(
        last_at=Max("settled_at", filter=Q(state=DeliveryState.DELIVERED)),
        tried=Count("pk", filter=last_day),
        failed=Count("pk", filter=last_day & ~Q(state__in=[DeliveryState.DELIVERED, DeliveryState.SENDING])),
        waiting=Count("pk", filter=Q(state__in=[DeliveryState.WAITING, DeliveryState.SENDING])),
    )
    return {row["endpoint_id"]: Figures(row["last_at"], row["tried"], row["failed"], row["waiting"]) for row in counted}


@dataclass(frozen=True)
class Wanted:
    """Which deliveries of an endpoint somebody wants to see; `before` is the last one of the page before."""

    state: str = ""
    event: str = ""
    before: str = ""

    @classmethod
    def read(cls, query: Any) -> "Wanted":
        state, event = query.get("state", ""), query.get("event", "")
        return cls(
            state if state in DeliveryState.values else "",
            event if event in Event.values else "",
            query.get("before", "")[:80],
        )

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in vars(self).items() if value})

    def but(self, **changes: str) -> str:
        return replace(self, before="", **changes).query

    @property
    def first(self) -> str:
        return self.but()

    @property
    def all_states(self) -> str:
        return self.but(state="")

    @property
    def events(self) -> list[tuple[str, Any]]:
        return Event.choices

    @property
    def states(self) -> list[tuple[str, Any, str]]:
        return [(code, label, self.but(state=code)) for code, label in DeliveryState.choices]


def deliveries_page(endpoint: Endpoint, wanted: Wanted) -> tuple[list[Delivery], str]:
    """The deliveries, newest first, without their content; and the query of the next page, "" if there is none."""
    rows = Delivery.objects.filter(endpoint=endpoint).defer("payload")
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    rows = rows.filter(event=wanted.event) if wanted.event else rows
    if wanted.before:
        at, number = _place(wanted.before)
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=number), created_at__lte=at)
    found = list(rows[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return found, ""
    last = found[PAGE_SIZE - 1]
    return found[:PAGE_SIZE], replace(wanted, before=f"{last.created_at.isoformat()}_{last.pk}").query


def _place(text: str) -> tuple[datetime, UUID]:
    try:
        moment, _mark, number = text.partition("_")
        at = parse_datetime(moment)
        if at is None or at.tzinfo is None:
            raise ValueError(text)
        return at, UUID(number)
    except ValueError as error:
        raise Invalid(_("There is no such page."), code="no_such_page") from error


def delivery_get(delivery_id: UUID) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related("endpoint"), pk=delivery_id)
