from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "crm.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from crm.accounts import handing_out, handlers  # noqa: F401  (they register themselves)
