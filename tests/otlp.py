"""A collector for OpenTelemetry's spans: OTLP over HTTP, as far as an exporter sends it."""

import gzip
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Seen:
    """A span as it arrived; `ms` is how long it took."""

    trace: str
    id: str
    parent: str
    name: str
    service: str
    ms: float
    began: int
    attributes: dict[str, str]


class Collector:
    """Listens at `url` while it is open."""

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Collector":
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def of(self, trace: str) -> list[Seen]:
        """The spans of a trace, in the order they began."""
        return sorted((span for span in list(self.spans) if span.trace == trace), key=lambda span: span.began)

    def tree(self, trace: str) -> str:
        """The trace as people draw it: what belongs to a span stands under it."""
        spans = self.of(trace)
        known = {span.id for span in spans}

        def below(parent: str, depth: int) -> list[str]:
            lines = []
            for span in spans:
                if span.parent == parent or (not parent and span.parent not in known):
                    lines.append(f"{'  ' * depth}{span.name}  [{span.service}]  {span.ms:.1f} ms")
                    lines += below(span.id, depth + 1)
            return lines

        return "\n".join(below("", 0))

    def take(self, body: bytes) -> None:
        asked = ExportTraceServiceRequest.FromString(body)
        for resource in asked.resource_spans:
            names = {item.key: item.value.string_value for item in resource.resource.attributes}
            for scope in resource.scope_spans:
                for span in scope.spans:
                    began, ended = span.start_time_unix_nano, span.end_time_unix_nano
                    self.spans.append(
                        Seen(
                            *(span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(), span.name),
                            *(names["service.name"], (ended - began) / 1e6, began),
                            {item.key: str(item.value) for item in span.attributes},
                        )
                    )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
