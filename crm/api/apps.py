from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "crm.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from crm.api import erasing, handlers  # noqa: F401  (they register themselves)
        from crm.api.tokens import check_settings

        check_settings()
