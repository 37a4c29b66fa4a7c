from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.backups import restoring, sets
from crm.backups.errors import FAULTS
from crm.backups.management.commands.backup import kinds_of
from crm.core.object_store import object_store


class Command(BaseCommand):
    help = "Put a backup in the place of today's database, files and credentials. The product must be stopped."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", action="store_true", help="only show the backups there are")
        parser.add_argument("--from", dest="name", default=restoring.LATEST, metavar="NAME", help="a backup of --list")
        parser.add_argument("--only", default="", metavar="PARTS", help=f"some of {','.join(sets.KINDS)}; without: all")
        parser.add_argument(
            "--place", default="", metavar="PLACE", help="a folder, or s3; without: as the settings say"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--force", action="store_true", help="cut off whoever still uses the database")
        parser.add_argument("--forget-old", action="store_true", help="remove what earlier restores put aside")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self._list(options["place"])
            elif options["forget_old"]:
                self._ask("This removes the databases and files that restores put aside.", options["yes"])
                restoring.forget_old(self.stdout.write)
            else:
                self._restore(options)
        except FAULTS as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. What does not say that it is in place, is not.") from None

    def _restore(self, options: dict[str, Any]) -> None:
        kinds = kinds_of(options["only"])
        plan = restoring.plan(name=options["name"], kinds=kinds, place=options["place"], force=options["force"])
        about = f"{plan.manifest.name}, version {plan.manifest.version}, in {plan.store.where}"
        self.stdout.write(f"The backup of {about} is taken: {', '.join(plan.kinds)}.")
        self._ask(
            "What is there now is put aside, and whatever happened since that backup is not in it.", options["yes"]
        )
        failed = restoring.restore(plan, self.stdout.write)
        for sentence in failed:
            self.stderr.write(sentence)
        if failed:
            raise CommandError(f"{len(failed)} numbers have no credentials; all else was restored.")
        self.stdout.write(
            "Done. Start the product, look at it, then connect the numbers. Erase again whom you erased since "
            "(docs/backup.md), and remove the old data: manage.py restore --forget-old"
        )

    def _list(self, place: str) -> None:
        store = object_store(place)
        found = sets.names(store)
        for name, files in found.items():
            held = [kind for kind, file in sets.FILES.items() if file in files]
            told = ", ".join(held) if sets.MANIFEST in files else "not whole"
            self.stdout.write(f"{name}  {sets.moment_of(name):%Y-%m-%d %H:%M:%S} UTC  {told}")
        if not found:
            self.stdout.write(f"There is no backup in {store.where}.")

    def _ask(self, what: str, yes: bool) -> None:
        self.stdout.write(what)
        if not yes and input('Type "yes" to go on: ').strip().lower() != "yes":
            raise CommandError("Nothing was changed.")
