"""`manage.py analytics_rebuild`: make the figures of the analytics page anew."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.analytics.services import figures_rebuild, figures_refresh


class Command(BaseCommand):
    help = "Make the figures of the analytics page anew from leads, messages and turns."

    def handle(self, *args: Any, **options: Any) -> None:
        written = figures_rebuild()
        figures_refresh()
        self.stdout.write(f"Leads written: {written}")
