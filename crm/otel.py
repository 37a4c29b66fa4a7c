"""Spans of what happens, to an OpenTelemetry collector by OTLP over HTTP: an extra (requirements-otel.txt).

Nothing of it is imported without OTEL_ENDPOINT. What a span is of, its trace and its parent, crm.core.tracing says;
the SDK only writes it down and sends it from a thread of its own, in pieces, and drops what a collector that is away
does not take. The SDK's own variables hold, such as OTEL_EXPORTER_OTLP_HEADERS and OTEL_TRACES_SAMPLER.
"""

import importlib.util
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from crm.core.tracing import Place, Span, at, current, here, spans_by

log = structlog.get_logger(__name__)

SEND_SECONDS = 1.0  # between two pieces
PATIENCE_SECONDS = 3.0  # with a collector that does not answer
QUIET_SECONDS = 60.0  # between two complaints of it
_PACKAGE = "opentelemetry.exporter.otlp.proto.http"


def trace_to(endpoint: str, *, kind: str = "") -> None:
    """Send spans to this address from now on; to none where it is empty. Raises ImproperlyConfigured."""
    if not endpoint:
        return
    if not endpoint.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"OTEL_ENDPOINT must be an address such as http://collector:4318, not {endpoint!r}.")
    if not _is_installed():
        raise ImproperlyConfigured(
            "OTEL_ENDPOINT is set, but the packages for it are not there: pip install -r requirements-otel.txt."
        )
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # at once: LOGGING comes later
    spans_by(Tracer(endpoint, _kind_of_process(kind)).open)


def _is_installed() -> bool:
    try:
        return importlib.util.find_spec(_PACKAGE) is not None
    except ModuleNotFoundError:
        return False


def _kind_of_process(told: str) -> str:
    if "whatsapp_session" in sys.argv:
        return "session"  # the child of a worker that hands its own kind on
    return told or ("worker" if "celery" in sys.argv[0] else "web")


class Tracer:
    """The SDK's, made at the first span: then a server has forked, and threads may be started."""

    def __init__(self, endpoint: str, kind: str) -> None:
        self.endpoint, self.kind = endpoint.rstrip("/"), kind
        self.making = threading.Lock()

    @contextmanager
    def open(self, name: str, attributes: dict[str, Any]) -> Iterator[Span]:
        place = here()
        span = self._tracer.start_span(name, self._parent(place), attributes=attributes)
        ids = span.get_span_context()
        try:
            with at(Place(f"{ids.trace_id:032x}", f"{ids.span_id:016x}")):
                yield _Open(span)
        except Exception as error:
            self._failed(span, error)
            raise
        finally:
            span.end()

    def flush(self) -> None:
        if "_provider" in self.__dict__:
            self._provider.force_flush(int(PATIENCE_SECONDS * 1000))

    @property
    def _tracer(self) -> Any:
        with self.making:
            return self._made

    @cached_property
    def _made(self) -> Any:
        return self._provider.get_tracer("livia")

    @cached_property
    def _provider(self) -> Any:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        names = {"service.name": f"livia-{self.kind}", "service.namespace": "livia"}
        names |= {"service.instance.id": f"{socket.gethostname()}:{os.getpid()}"}
        provider = TracerProvider(resource=Resource.create(names), id_generator=_ids())
        sending = BatchSpanProcessor(_exporter(self.endpoint), schedule_delay_millis=SEND_SECONDS * 1000)
        provider.add_span_processor(sending)
        return provider

    def _parent(self, place: Place) -> Any:
        from opentelemetry.context import Context
        from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

        if not place.span:
            return Context()  # the first of its trace here, whose id is given by `_ids`
        known = SpanContext(int(place.trace, 16), int(place.span, 16), True, TraceFlags(TraceFlags.SAMPLED))
        return set_span_in_context(NonRecordingSpan(known), Context())

    def _failed(self, span: Any, error: Exception) -> None:
        """Its kind: its words may quote a client."""
        from opentelemetry.trace import Status, StatusCode

        span.set_attribute("error.type", type(error).__qualname__)
        span.set_status(Status(StatusCode.ERROR))


class _Open:
    def __init__(self, span: Any) -> None:
        self.note: Callable[..., None] = lambda **attributes: span.set_attributes(attributes)
        self.rename: Callable[[str], None] = span.update_name


def _ids() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class Ids(RandomIdGenerator):
        def generate_trace_id(self) -> int:
            return int(current() or "0", 16) or super().generate_trace_id()

    return Ids()


def _exporter(endpoint: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import SpanExportResult

    class Exporter(OTLPSpanExporter):
        told = -QUIET_SECONDS

        def export(self, spans: Any) -> Any:
            result = super().export(spans)
            if result is not SpanExportResult.SUCCESS and time.monotonic() - self.told >= QUIET_SECONDS:
                self.told = time.monotonic()
                log.warning("spans_not_sent", spans=len(spans))
            return result

    return Exporter(f"{endpoint}/v1/traces", timeout=PATIENCE_SECONDS)
