from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.backups.errors import FAULTS
from crm.backups.making import back_up
from crm.backups.sets import KINDS
from whatsapp.selectors import sessions_all


def kinds_of(text: str) -> list[str]:
    kinds = [kind.strip() for kind in text.split(",") if kind.strip()]
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise CommandError(f"--only takes {', '.join(KINDS)}, not {', '.join(unknown)}.")
    return kinds


class Command(BaseCommand):
    help = "Copy the database, the files and the numbers' credentials to the place of backups, and read it all back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", metavar="PARTS", help=f"some of {','.join(KINDS)}; without: all")
        parser.add_argument("--to", default="", metavar="PLACE", help="a folder, or s3; without: as the settings say")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = kinds_of(options["only"]) or list(KINDS)
        try:
            failed = back_up(sessions=sessions_all(), kinds=kinds, place=options["to"], say=self.stdout.write)
        except FAULTS as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. What it left is no backup; the next one removes it.") from None
        if failed:
            raise CommandError(f"{len(failed)} numbers could not be copied.")
