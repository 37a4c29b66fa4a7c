import argparse
import json
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conversations.models import InboxRole
from crm.rehearsal.bar import Bar
from crm.rehearsal.load import Load
from crm.rehearsal.summary import Summary, waits_to_answer, waits_to_store
from whatsapp.models import Session
from whatsapp.states import Gateway, State

ONLINE_SECONDS = 30.0


def span(text: str) -> tuple[float, float]:
    """`2-30`, or `5`."""
    low, _, high = text.partition("-")
    try:
        values = float(low), float(high or low)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a span of seconds such as 2-30") from None
    if not 0 <= values[0] <= values[1]:
        raise argparse.ArgumentTypeError(f"{text} does not go upwards")
    return values


class Command(BaseCommand):
    help = "Have simulated clients write to a number, with time to think, and account for every message."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chats", type=int, default=200, help="clients talking at a time")
        parser.add_argument("--rate", type=float, default=5, help="messages a second, of all of them together")
        parser.add_argument("--minutes", type=float, default=5)
        parser.add_argument("--think", type=span, default=(2.0, 30.0), help="seconds before a client writes again")
        parser.add_argument("--session", type=int, help="the number they write to (the first simulated one online)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--patience", type=float, default=120, help="seconds for the last answers to arrive")
        parser.add_argument("--json", action="store_true", help="the account as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Simulated clients are for development (DEBUG=1) only.")
        if options["chats"] < 1 or options["rate"] <= 0 or options["minutes"] <= 0:
            raise CommandError("Chats, rate and minutes are above 0.")
        load = Load(
            session_of(options["session"]).pk, chats=options["chats"], rate=options["rate"], think=options["think"],
            seed=options["seed"], fresh=share_of_new(options),
        )  # fmt: skip
        bar = Bar(sys.stderr)
        if options["rate"] * 30 > settings.WHATSAPP_SEND_PER_MINUTE:
            bar.say(
                f"A number sends {settings.WHATSAPP_SEND_PER_MINUTE:g} messages a minute: more answers than that wait. "
                "WHATSAPP_SEND_PER_MINUTE of the running product changes it."
            )
        summary = run(load, options["minutes"] * 60, options["patience"], bar)
        self.stdout.write(json.dumps(summary.as_dict()) if options["json"] else "\n".join(summary.lines()))
        if not summary.verdict.clean:
            sys.exit(1)


def session_of(session_id: int | None) -> Session:
    """Just after a start the number needs a moment to come online."""
    rows = Session.objects.filter(gateway=Gateway.SIMULATOR, wanted=True).order_by("pk")
    session = (rows.filter(pk=session_id) if session_id else rows.filter(inbox__role=InboxRole.LIVIA)).first()
    if session is None:
        raise CommandError("There is no such simulated number: start Lívia CRM with its demo data, or pair one.")
    until = time.monotonic() + ONLINE_SECONDS
    while session.state != State.ONLINE:
        if time.monotonic() > until:
            raise CommandError("The simulated number is not online.")
        time.sleep(0.5)
        session.refresh_from_db()
    return session


def share_of_new(options: dict[str, Any]) -> float:
    """So many messages begin a talk that most of the chats come into being, yet talks go on."""
    return min(options["chats"] / (options["rate"] * options["minutes"] * 60), 0.5)


def run(load: Load, seconds: float, patience: float, bar: Bar) -> Summary:
    """Ctrl-C ends the writing early; what was said is still settled and counted. A second one ends everything."""
    began = time.monotonic()
    load.start()
    try:
        while (elapsed := time.monotonic() - began) < seconds:
            bar.show(elapsed / seconds, load.progress())
            time.sleep(min(bar.every, max(seconds - elapsed, 0)))
    except KeyboardInterrupt:
        bar.say("Stopping; the last answers are still waited for.")
    took = time.monotonic() - began
    load.stop()
    bar.say("Nobody writes any more; waiting for the last answers.")
    settled = load.settle(patience)
    bar.end(load.progress())
    return Summary(
        load.verdict(), took, len(load.crowd.met), load.resent, load.held, settled,
        waits_to_store(load.said), waits_to_answer(load.said),
    )  # fmt: skip
