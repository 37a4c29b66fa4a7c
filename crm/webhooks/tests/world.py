"""What tests of outgoing webhooks share: an endpoint of Bruno's, and a system that hears."""

from crm.accounts.models import User
from crm.webhooks.models import Delivery, Endpoint, Event
from crm.webhooks.services import endpoint_create
from crm.webhooks.telling import deliveries_add


def endpoint_of(user: User, url: str, *events: str, name: str = "ERP") -> Endpoint:
    return endpoint_create(name=name, url=url, events=events or Event.values, creator=user)


def happens(count: int = 1, **said: object) -> list[Delivery]:
    """Leads are created, for whoever listens."""
    deliveries_add(event=Event.LEAD_CREATED, said=[(None, {"number": number, **said}) for number in range(count)])
    return list(Delivery.objects.order_by("created_at", "pk"))
