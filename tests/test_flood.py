"""A thousand leads at once through a real server: none lost, evenly spread, numbered without a gap."""

import http.client
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db.models import Count, Max, Min

from crm.accounts.models import User
from crm.realtime.models import Event, Notification, Room
from leads.models import Consultant, Interaction, Lead, Task
from leads.selectors import room_totals
from stack import places
from stack.process import spawn
from stack.valkey import free_port
from tests.realtime.conftest import database_url, end
from tests.realtime.waiting import eventually

LEADS, CLIENTS, CONSULTANTS = 1000, 16, 10
TOKEN = "a-token-for-the-flood"


@pytest.fixture
def port(transactional_db: None, tmp_path: Path) -> Iterator[int]:
    """Gunicorn as in production, on the test's database."""
    port = free_port()
    environment = os.environ | {"DATABASE_URL": database_url(), "LEADS_API_TOKEN": TOKEN, "THROTTLE_USER": "99999/min"}
    command = [sys.executable, "-m", "gunicorn", "crm.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "8"]
    with (tmp_path / "web.log").open("wb") as log:
        process = spawn(command, cwd=places.ROOT, env=environment, stdout=log, stderr=log)
    try:
        eventually(lambda: answers(port), seconds=30)
        yield port
    finally:
        end(process)


@pytest.fixture
def consultants(transactional_db: None) -> list[int]:
    users = [User.objects.create_user(f"c{number}@example.com", name=f"C{number}") for number in range(CONSULTANTS)]
    return [Consultant.objects.create(user=user).pk for user in users]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def post_all(port: int, phones: list[str]) -> list[int]:
    """Every answer's status; the phones are dealt to the clients, each posts its own one after the other."""

    def client(own: list[str]) -> list[int]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
        statuses = []
        for phone in own:
            connection.request("POST", "/api/leads", json.dumps({"name": "Maria", "phone": phone}), headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
        return statuses

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(client, [phones[place::CLIENTS] for place in range(CLIENTS)]), [])


def test_a_thousand_leads_by_sixteen_clients(port: int, consultants: list[int]) -> None:
    statuses = post_all(port, [f"+55119{number:08d}" for number in range(1, LEADS + 1)])
    assert Counter(statuses) == {201: LEADS}
    assert Lead.objects.count() == Task.objects.count() == Notification.objects.count() == LEADS
    assert Interaction.objects.count() == 2 * LEADS  # created, and its first task planned
    owners = Counter(Lead.objects.values_list("consultant_id", flat=True))
    assert owners == dict.fromkeys(consultants, LEADS // CONSULTANTS)
    assert sum(total.n for total in room_totals("board")) == LEADS

    numbers = Event.objects.values_list("room").annotate(Min("seq"), Max("seq"), Count("seq")).order_by()
    for room, first, last, events in numbers:
        assert (first, last) == (1, events), f"{room} has a gap"
    assert {room: last for room, _first, last, _events in numbers} == dict(Room.objects.values_list("name", "seq"))


def test_one_person_who_clicks_sixteen_times_is_one_lead(port: int, consultants: list[int]) -> None:
    statuses = post_all(port, ["+5511998123340", "11998123340"] * CLIENTS)
    assert Counter(statuses) == {201: 1, 200: 2 * CLIENTS - 1}
    assert Lead.objects.count() == 1
    assert sum(Consultant.objects.values_list("assigned_count", flat=True)) == 1
