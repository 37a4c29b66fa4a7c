from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "crm.exports"
    label = "exports"
    verbose_name = _("Exports")

    def ready(self) -> None:
        from crm.exports import erasing, handlers  # noqa: F401  (they register themselves)
