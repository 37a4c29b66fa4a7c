import os
import socket

from django.core.management.base import BaseCommand, CommandError, CommandParser

from whatsapp import child
from whatsapp.lease import lease_take
from whatsapp.runner import TOKEN_VARIABLE


class Command(BaseCommand):
    help = "The process of one WhatsApp session. Workers start it; by hand it takes the session's lease itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session_id", type=int)

    def handle(self, *args: object, session_id: int, **options: object) -> None:
        token = os.environ.get(TOKEN_VARIABLE) or lease_take(session_id, f"{socket.gethostname()}:{os.getpid()}")
        if not token:
            raise CommandError(f"Session {session_id} does not exist, or is being run elsewhere.")
        child.main(session_id, token)
