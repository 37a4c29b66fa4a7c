"""Each request's id: its trace, on every line of the log, in the answer's header and on an error page to quote."""

from collections.abc import Callable

import structlog
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_structlog.middlewares import RequestMiddleware
from django_structlog.signals import bind_extra_request_metadata

from crm.core.metrics import METHODS, OTHER
from crm.core.tracing import at, place_of, span

HEADER = "X-Request-ID"


class TraceMiddleware:
    """A caller that traces names the trace in `traceparent`; whether it is kept is never theirs to say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        place = place_of(request.headers.get("traceparent", ""))
        method = request.method if request.method in METHODS else OTHER  # anybody may send any word as one
        with at(place), span("http", **{"http.request.method": method}) as traced:
            response = self.get_response(request)
            if match := request.resolver_match:  # the address itself may hold a key, or what was looked for
                traced.rename(f"{method} /{match.route}")
                traced.note(**{"http.route": match.route})
            traced.note(**{"http.response.status_code": response.status_code})
        response.headers[HEADER] = place.trace
        return response


class RequestLog(RequestMiddleware):
    """A line about each request, without what was looked for: people search for names and phones."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}{'?…' if request.META.get('QUERY_STRING') else ''}"


@receiver(bind_extra_request_metadata)
def _one_id(**_kwargs: object) -> None:
    structlog.contextvars.unbind_contextvars("request_id")  # `trace` is the id
