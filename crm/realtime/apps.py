from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "crm.realtime"
    label = "realtime"

    def ready(self) -> None:
        from crm.realtime import erasing, handlers  # noqa: F401  (they register themselves)
        from crm.realtime.webpush import check_settings

        check_settings()
