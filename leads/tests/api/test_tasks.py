"""Tasks by the API: planned, changed, done and undone by whoever sees their lead."""

from datetime import timedelta

import pytest

from crm.api.scopes import Scope
from crm.api.tests.asking import program
from crm.core.clock import now
from leads.api.answers import TaskAnswer
from leads.models import Task, TaskState

BAD = [
    ({"title": ""}, "title"),
    ({"due_at": "2020-01-01T00:00:00Z"}, "due_at"),
    ({"due_at": "2099-01-01T10:00:00"}, "due_at"),
    ({"due_at": "tomorrow"}, "due_at"),
    ({"kind": "dance"}, "kind"),
    ({"owner_id": 10**9}, "owner_id"),
    ({"state": "done"}, "state"),
    ({"rule": "mine"}, "rule"),
]


def later(hours: int = 2) -> str:
    return (now() + timedelta(hours=hours)).isoformat()


@pytest.fixture
def plan(ana, new_lead):
    """Ana plans something for a lead of hers."""

    def make(lead=None, **values) -> dict:
        body = {"lead_id": (lead or new_lead(owner=ana)).pk, "title": "Call her", "due_at": later(), **values}
        answer = program(ana).post("/api/v1/tasks", body, format="json")
        assert answer.status_code == 201, answer.content
        return answer.json()

    return make


def test_a_task_is_told_as_it_is_described_and_is_its_consultants(ana, plan):
    told = plan(kind="call", note="In the morning")
    assert set(told) == set(TaskAnswer().fields)
    assert (told["owner"]["id"], told["state"], told["kind"]) == (ana.pk, "open", "call")
    assert told["due_at"].endswith("Z")


def test_a_strangers_task_does_not_exist(ana, caio, new_lead, plan):
    task, client = plan(), program(caio)
    place = f"/api/v1/tasks/{task['id']}"
    assert client.get("/api/v1/tasks").json()["results"] == []
    assert client.get(place).status_code == 404
    assert client.patch(place, {"title": "X"}, format="json").status_code == 404
    assert [client.post(f"{place}/{act}").status_code for act in ("finish", "drop", "undo")] == [404, 404, 404]
    planned = {"lead_id": task["lead"]["id"], "title": "X", "due_at": later()}
    assert client.post("/api/v1/tasks", planned, format="json").status_code == 404
    assert Task.objects.get().state == TaskState.OPEN


def test_a_task_is_done_undone_and_dropped(ana, plan):
    client, place = program(ana), f"/api/v1/tasks/{plan()['id']}"
    assert client.post(f"{place}/finish").json()["state"] == "done"
    assert client.post(f"{place}/finish").headers["ETag"] == client.get(place).headers["ETag"]
    assert client.post(f"{place}/drop").json()["error"]["code"] == "task_closed"
    assert client.post(f"{place}/undo").json()["state"] == "open"
    assert client.post(f"{place}/drop").json()["state"] == "cancelled"
    assert client.patch(place, {"title": "X"}, format="json").json()["error"]["code"] == "task_closed"
    assert program(ana, Scope.LEADS_READ).post(f"{place}/undo").status_code == 403


def test_a_change_for_another_state_is_refused(ana, plan):
    client, place = program(ana), f"/api/v1/tasks/{plan()['id']}"
    tag = client.get(place).headers["ETag"]
    answer = client.patch(place, {"title": "Write to her"}, format="json", headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["title"]) == (200, "Write to her")
    assert answer.headers["ETag"] == client.get(place).headers["ETag"]
    assert client.patch(place, {"note": "x"}, format="json", headers={"If-Match": tag}).status_code == 412


def test_bad_values_are_named(ana, new_lead):
    good, client = {"lead_id": new_lead(owner=ana).pk, "title": "Call her", "due_at": later()}, program(ana)
    for values, field in BAD:
        answer = client.post("/api/v1/tasks", {**good, **values}, format="json")
        assert answer.status_code == 400, values
        assert field in answer.json()["error"]["fields"], values
    assert not Task.objects.exists()


def test_tasks_are_found_by_state_time_lead_and_person(ana, bruno, new_lead, plan):
    first, second = new_lead(owner=ana), new_lead(owner=ana)
    near, far = plan(first)["id"], plan(second, due_at=later(48))["id"]
    his = plan(second, title="Look at it", owner_id=bruno.pk)["id"]
    client = program(ana)
    client.post(f"/api/v1/tasks/{near}/finish")

    def found(**query) -> list[int]:
        return sorted(row["id"] for row in client.get("/api/v1/tasks", query).json()["results"])

    assert found(state="open") == [far, his]
    assert found(state=["open", "done"]) == [near, far, his]
    assert found(due_after=later(24)) == [far]
    assert found(due_before=later(24)) == [near, his]
    assert found(lead=first.pk) == [near]
    assert found(owner=bruno.pk) == found(mine="false") == [his]
    assert found(mine="true") == [near, far]
    assert client.get("/api/v1/tasks", {"mine": "yes"}).status_code == 400
