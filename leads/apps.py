from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"

    def ready(self) -> None:
        from leads import (  # noqa: F401  (they register themselves, in this order)
            agenda_pages,
            erasing,
            handing_out,
            handlers,
            import_erasing,
            realtime,
            rules,
        )
