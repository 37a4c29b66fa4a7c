"""The company's numbers by program: managers only."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from conversations.models import Conversation, Inbox
from conversations.outbox import message_send
from crm.accounts.models import User
from crm.api.scopes import Scope
from crm.api.tests.asking import program
from whatsapp.models import Session
from whatsapp.services import session_move
from whatsapp.states import State

pytestmark = pytest.mark.django_db

ALL = "/api/v1/sessions"
NEW = {"name": "Consultores", "role": "consultants"}
BAD: list[Any] = [
    ({**NEW, "name": " "}, "name"), ({**NEW, "role": "boss"}, "role"), ({**NEW, "owner_id": 10**9}, "owner_id"),
    ({**NEW, "role": "livia", "owner_id": 1}, "owner_id"), ({**NEW, "gateway": "fax"}, "gateway"),
    ({**NEW, "state": "online"}, "state"), ({**NEW, "wanted": True}, "wanted"), ([], "non_field_errors"),
]  # fmt: skip


def doors(client: APIClient, session: Session) -> list[Any]:
    one = f"{ALL}/{session.pk}"
    posts = [client.post(at, NEW, format="json") for at in (ALL, f"{one}/connect", f"{one}/disconnect")]
    return [client.get(ALL), client.get(one), client.delete(one), *posts]


def test_for_a_consultant_there_are_no_numbers(caio: User, session: Session) -> None:
    assert {answer.status_code for answer in doors(program(caio), session)} == {404}
    assert {answer.status_code for answer in doors(APIClient(), session)} == {401}
    assert Session.objects.get().state == State.STOPPED


def test_a_key_needs_the_scope(bruno: User, session: Session) -> None:
    answers = doors(program(bruno, Scope.SESSIONS_READ), session)
    assert [answer.status_code for answer in answers] == [200, 200, 403, 403, 403, 403]
    answers = doors(program(bruno, Scope.CONVERSATIONS_READ), session)
    assert {answer.status_code for answer in answers} == {403}


def test_a_manager_reads_what_the_card_shows(
    bruno: User, session: Session, maria_thread: Conversation, ana: User
) -> None:
    Session.objects.filter(pk=session.pk).update(inbox=maria_thread.inbox, phone="5511990000000", attempts_total=3)
    session_move(session_id=session.pk, to=State.STARTING, reason="asked")
    message_send(conversation_id=maria_thread.pk, text="oi", user=ana)
    client = program(bruno)
    answer = client.get(f"{ALL}/{session.pk}")
    body = answer.json()
    assert (body["inbox_id"], body["name"], body["phone"]) == (maria_thread.inbox_id, "Lívia", "+5511990000000")
    assert (body["state"], body["reason"], body["counters"]["attempts"]) == ("starting", "asked", 3)
    assert body["outbox"]["waiting"] == 1 and body["outbox"]["due_since"].endswith("Z")
    assert [(move["from_state"], move["to_state"]) for move in body["history"]] == [("stopped", "starting")]
    assert body["sentence"] and not {"lease_token", "jid", "watched"} & body.keys()
    assert client.get(f"{ALL}/{session.pk}", HTTP_IF_NONE_MATCH=answer.headers["ETag"]).status_code == 304


def test_a_longer_list_asks_the_database_no_more(bruno: User, session: Session) -> None:
    client = program(bruno)

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(f"{ALL}?state=stopped").json()["results"]
        return len(rows), len(queries)

    asked()  # the first request writes down that the key was used
    assert asked()[0] == 1
    few = asked()[1]
    for n in range(3):
        Session.objects.create(inbox=Inbox.objects.create(name=f"{n}", role="livia"), gateway="simulator")
    assert asked() == (4, few)


def test_a_number_is_added_once_connected_and_disconnected(bruno: User) -> None:
    client = program(bruno)
    made = client.post(ALL, NEW, format="json", HTTP_IDEMPOTENCY_KEY="novo")
    again = client.post(ALL, NEW, format="json", HTTP_IDEMPOTENCY_KEY="novo")
    assert (made.status_code, again.status_code, Session.objects.count()) == (201, 201, 1)
    at = made.headers["Location"]
    assert at == f"{ALL}/{made.json()['id']}" == again.headers["Location"]
    answer = client.post(f"{at}/connect")
    assert (answer.status_code, answer.json()["state"], answer.json()["wanted"]) == (202, "starting", True)
    hasty = client.post(f"{at}/connect")
    assert (hasty.status_code, hasty.json()["error"]["code"]) == (429, "too_soon") and hasty.headers["Retry-After"]
    answer = client.post(f"{at}/disconnect")
    assert (answer.status_code, answer.json()["state"], answer.json()["wanted"]) == (202, "stopped", False)
    assert client.delete(at).status_code == 204 and client.get(at).status_code == 404


def test_a_number_that_was_used_stays(bruno: User, session: Session, maria_thread: Conversation) -> None:
    Session.objects.filter(pk=session.pk).update(inbox=maria_thread.inbox)
    answer = program(bruno).delete(f"{ALL}/{session.pk}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "in_use")


def test_what_cannot_be_a_number_is_refused_by_name(bruno: User) -> None:
    client = program(bruno)
    for body, field in BAD:
        answer = client.post(ALL, body, format="json")
        assert answer.status_code == 400 and field in answer.json()["error"]["fields"], body
    assert not Session.objects.exists()


def test_a_number_may_be_a_consultants_own(bruno: User, ana: User) -> None:
    body = program(bruno).post(ALL, {**NEW, "owner_id": ana.pk}, format="json").json()
    assert body["owner"] == {"id": ana.pk, "name": "Ana Clara"} and body["livia_enabled"] is False
