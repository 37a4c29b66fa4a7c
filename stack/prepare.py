"""`python -m stack.prepare`: catalogues, migrations and demo data, in one process because each costs a start."""

import os

import django
from django.conf import settings
from django.core.management import call_command

from stack.catalogues import compile_stale


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    compile_stale()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO_ENABLED:
        call_command("seed_demo")


if __name__ == "__main__":
    main()
