"""What `/metrics` tells of webhooks."""

from collections.abc import Iterable

from django.db.models import Count
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from crm.core.metrics import tells
from crm.webhooks.models import Delivery, DeliveryState


@tells
def deliveries() -> Iterable[Metric]:
    states = (DeliveryState.WAITING, DeliveryState.SENDING)
    rows = Delivery.objects.filter(state__in=states).order_by().values_list("state").annotate(n=Count("pk"))
    family = GaugeMetricFamily("livia_webhook_deliveries", "Deliveries to webhooks that are not over", labels=["state"])
    for state, number in (dict.fromkeys(states, 0) | dict(rows)).items():
        family.add_metric([state], number)
    yield family
