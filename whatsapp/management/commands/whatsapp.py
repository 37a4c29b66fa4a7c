from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from whatsapp.models import Session
from whatsapp.selectors import sessions_all
from whatsapp.spool import Spool, SpoolBusy


class Command(BaseCommand):
    help = "WhatsApp sessions: their state, and messages that were set aside."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("status", help="One line a session.")
        requeue = actions.add_parser("requeue", help="Try quarantined messages again (disconnect the session first).")
        requeue.add_argument("session_id", type=int)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "status":
            for session in sessions_all():
                self.stdout.write(_line(session))
        else:
            self.requeue(options["session_id"])

    def requeue(self, session_id: int) -> None:
        session = Session.objects.filter(pk=session_id).first()
        if session is None:
            raise CommandError(f"There is no session {session_id}.")
        quarantine = session.folder / "quarantine"
        if not quarantine.exists():
            self.stdout.write("Nothing is in quarantine.")
            return
        try:
            with Spool(session.folder / "spool") as spool:
                records = quarantine.read_text().split()
                for record in records:
                    spool.append(bytes.fromhex(record))
                quarantine.unlink()
        except SpoolBusy as error:
            raise CommandError("The session is running. Disconnect it first, then try again.") from error
        self.stdout.write(f"{len(records)} messages will be tried again when the session connects.")


def _line(session: Session) -> str:
    facts = [
        f"{session.pk} {session}",
        session.gateway,
        session.state + (f" ({session.state_reason})" if session.state_reason else ""),
        session.phone or "no phone",
        "wanted" if session.wanted else "not wanted",
        f"failures {session.failures}",
        f"run by {session.lease_owner or 'nobody'}",
    ]
    return " | ".join(facts)
