"""What happens to a conversation while the model thinks: done for real, from another thread."""

import threading
from collections.abc import Callable

from django.db import connections

from agent.evaluation.client import Client
from agent.models import ProductVersion
from conversations.models import Author
from conversations.outbox import message_queue
from conversations.services import conversation_take

NEW_MESSAGE = "é para reformar a casa"


def _writes(client: Client, text: str) -> None:
    client.write(text or NEW_MESSAGE)


def _leaves(client: Client, text: str) -> None:
    client.write(text or "não quero mais receber mensagens")


def _taken(client: Client, _text: str) -> None:
    conversation_take(conversation_id=client.conversation_id, user=client.consultant)


def _answered(client: Client, text: str) -> None:
    _taken(client, text)
    words = text or "Oi, aqui é a Ana, vou te atender."
    message_queue(conversation_id=client.conversation_id, text=words, author=Author.CONSULTANT, user=client.consultant)


def _withdrawn(client: Client, _text: str) -> None:
    """The client's product is no longer offered."""
    _new_version(client, active=False)


def _repriced(client: Client, _text: str) -> None:
    """Its rate changes."""
    newest = _newest(client)
    _new_version(client, rate_month=newest.rate_month * 2 if newest and newest.rate_month else None)


def _newest(client: Client) -> ProductVersion | None:
    code = client.dialogue.slots.get("product")
    return ProductVersion.objects.filter(code=code).order_by("-version").first()


def _new_version(client: Client, **changes: object) -> None:
    version = _newest(client)
    if version is None:
        return
    version.pk, version._state.adding = None, True
    version.version += 1
    for name, value in changes.items():
        setattr(version, name, value)
    version.save(force_insert=True)


Event = Callable[[Client, str], None]
# By a part of the name: writers of cases word them freely. The first that fits counts.
_EVENTS: tuple[tuple[tuple[str, ...], Event], ...] = (
    (("opt", "stop", "leave", "unsubscribe"), _leaves),
    (("consultant", "reply", "answer", "person_writes"), _answered),
    (("take", "handover", "human", "handoff"), _taken),
    (("delete", "product", "withdraw"), _withdrawn),
    (("rate", "price"), _repriced),
    (("message", "client", "burst"), _writes),
)


def event_named(name: str) -> Event | None:
    return next((event for parts, event in _EVENTS if any(part in name.lower() for part in parts)), None)


class Meanwhile:
    """Lets an event happen so many seconds after the model was asked; `settle` waits for it, or makes it happen now
    where nobody asked the model."""

    def __init__(self, event: Event, client: Client, seconds: float, text: str = "") -> None:
        self._event, self._client, self._text = event, client, text
        self._timer = threading.Timer(seconds, self._run)
        self._lock, self._asked = threading.Lock(), False
        self.error: Exception | None = None

    def begin(self, _call: object = None) -> None:
        """The model was asked; only the first time counts."""
        with self._lock:
            if not self._asked:
                self._asked = True
                self._timer.start()

    def settle(self) -> None:
        with self._lock:
            asked, self._asked = self._asked, True
        if asked:
            self._timer.join()
        else:
            self._run()
        if self.error:
            raise self.error

    def _run(self) -> None:
        try:
            self._event(self._client, self._text)
        except Exception as error:
            self.error = error
        finally:
            if threading.current_thread() is self._timer:
                connections.close_all()
