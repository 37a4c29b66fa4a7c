import os
import signal
import threading

from django.core.management.base import BaseCommand, CommandError, CommandParser

from whatsapp import child, runner
from whatsapp.models import Session
from whatsapp.selectors import runnable, sessions_to_run


class Command(BaseCommand):
    help = "One WhatsApp session in the foreground, until Ctrl-C. Workers start its child process the same way."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session_id", type=int)

    def handle(self, *args: object, session_id: int, **options: object) -> None:
        if token := os.environ.get(runner.TOKEN_VARIABLE):
            child.main(session_id, token)
        else:
            self.run_by_hand(session_id)

    def run_by_hand(self, session_id: int) -> None:
        session = Session.objects.filter(pk=session_id).first()
        if session is None:
            raise CommandError(f"There is no session {session_id}.")
        if not Session.objects.filter(runnable(), pk=session_id).exists():
            raise CommandError(
                f"Session {session_id} is not to be connected ({session.state}). "
                f"Ask for it first: manage.py whatsapp connect {session_id}"
            )
        if session_id not in sessions_to_run():
            raise CommandError(f"Session {session_id} is being run by {session.lease_owner}.")
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write(f"Running session {session_id}. Ctrl-C stops it.")
        runner.run(session_id, stop)
        session.refresh_from_db()
        self.stdout.write(f"Session {session_id}: {session.state} {session.state_reason}".strip())
