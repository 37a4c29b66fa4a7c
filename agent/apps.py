from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class AgentConfig(AppConfig):
    name = "agent"
    verbose_name = "Lívia"

    def ready(self) -> None:
        from agent import handlers, panel, scoring  # noqa: F401  (they register themselves)

        post_migrate.connect(_seed_products, sender=self)


def _seed_products(**_kwargs: Any) -> None:
    """A new installation starts with products, in production too: without any Lívia could simulate nothing."""
    from agent.catalogue import products_seed
    from agent.models import ProductVersion

    tables = set(connection.introspection.table_names())
    if ProductVersion._meta.db_table in tables and not ProductVersion.objects.exists():
        products_seed()
