from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "crm.alerts"
    label = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from crm.alerts import erasing  # noqa: F401  (it registers itself)
