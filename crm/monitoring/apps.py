from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "crm.monitoring"
    label = "monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        from crm.monitoring import (  # noqa: F401  (they register themselves)
            mail_handlers,
            metric_handlers,
            report_tasks,
            task_metrics,
            workers,
        )
