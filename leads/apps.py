from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from leads import agenda_pages, handlers, realtime, rules  # noqa: F401  (they register themselves, in this order)
