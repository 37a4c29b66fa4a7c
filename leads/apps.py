from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from leads import handlers, realtime  # noqa: F401  (they register themselves)
