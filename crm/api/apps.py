from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "crm.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from crm.api import erasing  # noqa: F401  (it registers itself)
