from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "crm.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from crm.webhooks import (  # noqa: F401  (they register themselves)
            arrival_erasing,
            erasing,
            figures,
            handing_out,
            handlers,
        )
