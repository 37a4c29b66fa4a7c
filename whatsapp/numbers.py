"""Whether a number is on WhatsApp, asked before the first message to it: seldom, and only once in a while each."""

import threading
from collections import OrderedDict
from contextlib import suppress

import structlog
from django.conf import settings

from conversations.claims import contact_checked
from crm.core.errors import NotFound
from whatsapp.gateways.base import Gateway, SendFailed
from whatsapp.pacing import Bucket
from whatsapp.patience import patiently

log = structlog.get_logger(__name__)


class Numbers:
    """Questions wait here in order. Each is put once: if it fails, its message asks again when it is due."""

    def __init__(self, *, gateway: Gateway, stop: threading.Event) -> None:
        self.gateway, self.stop = gateway, stop
        self.bucket = Bucket(per_minute=settings.WHATSAPP_CHECKS_PER_MINUTE)
        self.asked: OrderedDict[int, str] = OrderedDict()

    def ask(self, conversation_id: int, phone: str) -> None:
        self.asked.setdefault(conversation_id, phone)

    def wait(self) -> float | None:
        """Seconds until a question may be put, None while there is none."""
        return self.bucket.wait() if self.asked else None

    def step(self) -> None:
        """Put the next question if one may be put now."""
        if self.wait() != 0:
            return
        self.bucket.take()
        conversation_id, phone = self.asked.popitem(last=False)
        try:
            jid = self.gateway.number_check(phone)
        except SendFailed as error:
            log.warning("number_not_checked", conversation=conversation_id, code=error.code)
            return
        with suppress(NotFound):  # joined with another thread meanwhile, whose messages ask for themselves
            patiently(lambda: contact_checked(conversation_id=conversation_id, jid=jid), stop=self.stop)
