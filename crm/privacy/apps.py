from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "crm.privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        from crm.privacy import (  # noqa: F401  (they register themselves)
            bells,
            erasing,
            handing_out,
            handlers,
            lead_page,
            lead_panel,
            reviews,
        )
