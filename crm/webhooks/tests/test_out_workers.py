"""Many workers send each delivery once, and a slow endpoint holds up nobody else."""

import threading
from datetime import datetime

import pytest
from django.db import connections

from crm.core import clock
from crm.webhooks.models import Delivery, Endpoint
from crm.webhooks.sending import endpoint_drain, endpoints_due
from crm.webhooks.tests.receiver import receiving
from crm.webhooks.tests.world import endpoint_of, happens

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_workers_send_each_delivery_once_and_no_more_than_two_at_a_time(endpoint, erp):
    happens(12)
    at_once, most, lock = [0], [0], threading.Lock()

    def count() -> None:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        threading.Event().wait(0.02)
        with lock:
            at_once[0] -= 1

    erp.on_told = count
    _workers(5, endpoint)
    while endpoints_due():
        endpoint_drain(endpoint.pk)
    numbers = [told.data["id"] for told in erp.told]
    assert len(numbers) == len(set(numbers)) == 12 and most[0] <= 2


def _workers(count: int, *endpoints: Endpoint, seconds: float = 20.0) -> list[threading.Thread]:
    def work(endpoint_id: int) -> None:
        try:
            endpoint_drain(endpoint_id, seconds)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(each.pk,)) for each in endpoints for _one in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return threads


def test_a_flood_for_a_slow_one_does_not_delay_another(endpoint, erp, bruno, settings):
    settings.WEBHOOK_SECONDS = 1.0
    with receiving() as quick:
        other = endpoint_of(bruno, quick.url, name="Planilha")
        erp.free.clear()
        happens(500)
        began = clock.now()
        arrived: list[datetime] = []
        quick.on_told = lambda: arrived.append(clock.now())
        Delivery.objects.filter(endpoint=other).exclude(
            pk__in=Delivery.objects.filter(endpoint=other).values("pk")[:20]
        ).delete()
        threads = [
            threading.Thread(target=_workers, args=(6, endpoint), kwargs={"seconds": 1.5}),
            threading.Thread(target=_workers, args=(1, other)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(arrived) == 20 and (arrived[-1] - began).total_seconds() < 5
    assert Delivery.objects.filter(endpoint=endpoint, tries__gt=0).count() <= 6
