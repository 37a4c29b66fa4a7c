"""The session's own child process, with each message stamped as its gateway hands it over.

    python -m bench.stamped_child SESSION TOKEN FILE

A message's text becomes the monotonic clock (one for all processes of a machine) at which the callback was entered.
What only this process sees goes to FILE at its end, as JSON: `kept`, by stamp, when the callback returned; `stored`, by
the message's id, when its commit was over.
"""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

KEPT: dict[str, float] = {}
STORED: dict[int, float] = {}


def stamp() -> None:
    from conversations.events import MessageReceived
    from crm.core.facts import on
    from whatsapp import child
    from whatsapp.gateways.base import Event, MessageArrived
    from whatsapp.intake import Intake

    class StampedIntake(Intake):
        def take(self, event: Event) -> None:
            if not isinstance(event, MessageArrived):
                super().take(event)
                return
            entered = str(time.monotonic())
            super().take(replace(event, text=entered))
            KEPT[entered] = time.monotonic()

    child.Intake = StampedIntake  # type: ignore[attr-defined]

    @on(MessageReceived)
    def _stored(fact: MessageReceived) -> None:
        STORED[fact.message_id] = time.monotonic()


def main(session_id: int, token: str, file: Path) -> None:
    import django

    django.setup()
    stamp()
    from whatsapp import child

    try:
        child.Child(session_id, token).run()
    finally:
        file.write_text(json.dumps({"kept": KEPT, "stored": STORED}))
        os._exit(0)  # as the child itself leaves: a thread still reads its standard input


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
