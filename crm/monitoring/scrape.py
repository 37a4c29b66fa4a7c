"""`/metrics`: for whoever shows METRICS_TOKEN, and for managers who are signed in. For all others it does not exist."""

import threading
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric

from crm.core.metrics import counted
from crm.monitoring.access import has_token, may_look
from crm.monitoring.collectors import asked

log = structlog.get_logger(__name__)

_PATH = "/metrics"


class ScrapeMiddleware:
    """Prometheus asks each process by its address in the inner network, which is no host of ours, and without TLS. Who
    has the token is answered before anybody minds that; it stands outside all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == _PATH and has_token(request.headers.get("Authorization", "")):
            return _answer()
        return self.get_response(request)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The page for a signed-in manager."""
    if not may_look(request):
        raise Http404
    return _answer()


def _answer() -> HttpResponse:
    response = HttpResponse(exposition(asked), content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def exposition(further: Callable[[], Iterable[Metric]] = tuple) -> bytes:
    """What was counted here, and `further`, in Prometheus's text form."""

    class Both:
        def collect(self) -> Iterator[Metric]:
            yield from counted()
            yield from further()

    return generate_latest(Both())


def serve() -> ThreadingHTTPServer | None:
    """A process without pages answers on METRICS_PORT, if there is a token to ask for: with what was counted here. What
    the database knows is the same everywhere, and the web tells it."""
    if not (settings.METRICS_PORT and settings.METRICS_TOKEN):
        return None
    try:
        server = ThreadingHTTPServer(("", settings.METRICS_PORT), _Handler)
    except OSError as error:
        log.error("metrics_not_served", port=settings.METRICS_PORT, error=type(error).__name__)
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server_version, sys_version = "livia", ""

    def do_GET(self) -> None:  # noqa: N802  (the library's name)
        if self.path != _PATH or not has_token(self.headers.get("Authorization", "")):
            self.send_error(404)
            return
        body = exposition()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Every few seconds somebody asks: nothing to write down."""
