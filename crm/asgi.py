"""ASGI entry: sockets and event streams; in development also every page."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
django_application = get_asgi_application()

from crm.core.bodies import BodyLimit  # noqa: E402
from crm.monitoring.serving import InHand, realtime_begin  # noqa: E402
from crm.production import refuse_demo_logins  # noqa: E402
from crm.realtime.consumers import RealtimeConsumer  # noqa: E402
from crm.realtime.sse import event_stream  # noqa: E402

refuse_demo_logins()
pages = InHand(BodyLimit(django_application))
realtime_begin(pages)

application = ProtocolTypeRouter(
    {
        "http": URLRouter([path("events/", event_stream), re_path("", pages)]),
        "websocket": AllowedHostsOriginValidator(URLRouter([path("ws/", RealtimeConsumer.as_asgi())])),
    }
)
