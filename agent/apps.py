from django.apps import AppConfig


class AgentConfig(AppConfig):
    name = "agent"
    verbose_name = "Lívia"

    def ready(self) -> None:
        from agent import handlers, panel, scoring  # noqa: F401  (they register themselves)
