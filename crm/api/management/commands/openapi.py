"""`manage.py openapi`: write docs/openapi.json anew, after the API has changed."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.api.document import as_json, kept


class Command(BaseCommand):
    help = "Write the API's description, docs/openapi.json, as the code is now."

    def handle(self, *args: Any, **options: Any) -> None:
        kept().write_text(as_json(), encoding="utf-8")
        self.stdout.write(f"{kept()}")
