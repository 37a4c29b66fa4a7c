from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from crm.core.errors import DomainError
from whatsapp.management import backup_commands, session_commands


class Command(BaseCommand):
    help = "WhatsApp sessions: their state, connection, pairing and backups."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        session_commands.add_parsers(actions)
        backup_commands.add_parsers(actions)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        commands = session_commands if action in session_commands.ACTIONS else backup_commands
        try:
            with translation.override("en"):  # the operator's language, as all commands speak
                commands.handle(action, options, self.stdout)
        except DomainError as error:
            with translation.override("en"):
                raise CommandError(str(error.message)) from error
        except KeyboardInterrupt:
            raise CommandError("Left. What was asked for goes on.", returncode=130) from None
