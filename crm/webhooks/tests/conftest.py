"""A system that hears, and an endpoint of Bruno's that leads to it."""

from collections.abc import Iterator

import pytest

from crm.webhooks.models import Endpoint
from crm.webhooks.sending import rest_end
from crm.webhooks.tests.receiver import Receiver, receiving
from crm.webhooks.tests.world import endpoint_of


@pytest.fixture
def erp(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE, settings.WEBHOOK_SECONDS = True, 2.0
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def endpoint(bruno, erp) -> Iterator[Endpoint]:
    endpoint = endpoint_of(bruno, erp.url)
    rest_end(endpoint.pk)
    yield endpoint
    rest_end(endpoint.pk)
