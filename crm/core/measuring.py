"""Every request, counted and timed."""

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from crm.core import metrics
from crm.core.tally import tally

_UNCOUNTED = frozenset({"health", "metrics"})  # what machines ask every few seconds says nothing about the product


class MeasureMiddleware:
    """Stands outside all others but those that answer for files: their time counts too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        group, status = group_of(request), response.status_code
        method = request.method if request.method in metrics.METHODS else metrics.OTHER
        metrics.HTTP.labels(method, group, f"{status // 100}xx").observe(seconds)
        if group not in _UNCOUNTED:
            tally("requests")
            tally("request_ms", round(seconds * 1000))
            if status >= 500:
                tally("request_errors")
        return response


def group_of(request: HttpRequest) -> str:
    """The part of the product that was asked: a namespace of addresses, or one of few words for those without."""
    match = request.resolver_match
    if match is None:
        return "none"  # no such address, or refused before anybody looked
    if match.namespaces:
        return match.namespaces[0]
    for prefix in ("health", "metrics", "api"):
        if match.route.startswith(prefix):
            return prefix
    return "main"
