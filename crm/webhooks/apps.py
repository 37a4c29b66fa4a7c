from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "crm.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from crm.webhooks import arrival_erasing, erasing, handing_out, handlers  # noqa: F401  (they register themselves)
