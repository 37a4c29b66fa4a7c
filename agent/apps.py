from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class AgentConfig(AppConfig):
    name = "agent"
    verbose_name = "Lívia"

    def ready(self) -> None:
        from agent import (  # noqa: F401  (they register themselves)
            alerts,
            appointing,
            erasing,
            handing_out,
            handlers,
            lead_page,
            manners,
            panel,
            profile_handlers,
            scoring,
        )

        post_migrate.connect(_seed, sender=self)


def _seed(**_kwargs: Any) -> None:
    """A new installation starts with products and prompts, in production too: Lívia could neither simulate without them
    nor be edited."""
    from agent.catalogue import products_seed, prompts_seed
    from agent.models import ProductVersion, PromptVersion

    tables = set(connection.introspection.table_names())
    for model, seed in ((ProductVersion, products_seed), (PromptVersion, prompts_seed)):
        if model._meta.db_table in tables and not model.objects.exists():
            seed()
