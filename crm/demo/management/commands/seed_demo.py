from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crm.demo.seed import is_empty, seed


class Command(BaseCommand):
    help = "Fill an empty database with a demo: three logins, sixty leads and their conversations."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ENABLED:
            raise CommandError("The demo has logins with a known password: set DEMO_ENABLED=1 to have it.")
        if not is_empty():
            self.stdout.write("The database is in use; no demo data was added.")
            return
        self.stdout.write(f"Demo data written: {seed()} leads.")
