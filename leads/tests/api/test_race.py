"""Two programs change one lead at once, each for the state it has read."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from crm.api.tests.asking import program
from leads.models import InteractionKind


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_for_one_state_exactly_one_is_written(ana, new_lead):
    lead, clients = new_lead(owner=ana), [program(ana), program(ana)]
    place = f"/api/v1/leads/{lead.pk}"
    tag, together = clients[0].get(place).headers["ETag"], Barrier(2)

    def change(number: int) -> int:
        together.wait()
        try:
            body, headers = {"city": f"City {number}"}, {"If-Match": tag}
            return clients[number].patch(place, body, format="json", headers=headers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(change, range(2))) == [200, 412]
    assert lead.interactions.filter(kind=InteractionKind.UPDATED).count() == 1
