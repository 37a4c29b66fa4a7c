"""Conversations and contacts by program: whose they are, which are listed, who attends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.consent import contact_opt_out
from conversations.life import conversation_archive
from conversations.models import Conversation
from conversations.snooze import conversation_snooze
from crm.accounts.models import Access, User
from crm.api.scopes import Scope
from crm.api.tests.asking import program
from crm.core.clock import now
from leads.models import Attendance

READS = ["", "/messages"]
ACTS = ["/takeover", "/handback", "/read", "/messages"]


def test_what_is_not_yours_does_not_exist(thread: Conversation, caio: User) -> None:
    at, message = f"/api/v1/conversations/{thread.pk}", thread.messages.first()
    stranger = program(caio)
    asked = [stranger.get(at + end) for end in READS] + [
        stranger.post(at + end, {"text": "oi"}, format="json") for end in ACTS
    ]
    asked += [stranger.get(f"/api/v1/{path}") for path in (f"messages/{message.pk}", f"messages/{message.pk}/file",
              f"contacts/{thread.contact_id}")]  # fmt: skip
    assert {answer.status_code for answer in asked} == {404}
    assert stranger.get("/api/v1/conversations").json()["results"] == []
    assert stranger.get("/api/v1/contacts").json()["results"] == []
    thread.refresh_from_db()
    assert thread.attended_by != Attendance.PERSON and thread.unread_count == 1
    assert not Access.objects.filter(user=caio).exists()


@pytest.mark.parametrize("who", ["ana", "bruno"])
def test_its_owner_and_managers_read_it_and_it_is_written_down(
    who: str, thread: Conversation, request: pytest.FixtureRequest,
    django_capture_on_commit_callbacks: Callable,
) -> None:  # fmt: skip
    user = request.getfixturevalue(who)
    client, at = program(user), f"/api/v1/conversations/{thread.pk}"
    with django_capture_on_commit_callbacks(execute=True):
        body = client.get(at).json()
        said = client.get(f"{at}/messages?kind=text").json()["results"]
        contact = client.get(f"/api/v1/contacts/{thread.contact_id}").json()
    assert (body["id"], body["lead_id"], body["attended_by"]) == (thread.pk, thread.lead_id, thread.attended_by)
    assert body["contact"] == {"id": thread.contact_id, "name": "Maria", "phone": thread.contact.phone}
    assert body["consultant"]["name"] == "Ana Clara" and body["last_message"]["text"] == "oi"
    assert body["last_message"]["at"].endswith("Z")
    assert [row["text"] for row in said] == ["oi"]
    assert (contact["lead_ids"], contact["conversation_ids"]) == ([thread.lead_id], [thread.pk])
    seen = Access.objects.filter(user=user).values_list("what", "object_id", "lead_id", "times")
    assert sorted(seen) == [
        ("contact", thread.contact_id, thread.lead_id, 1), ("conversation", thread.pk, thread.lead_id, 2)
    ]  # fmt: skip


def test_a_key_does_only_what_it_was_made_for(thread: Conversation, ana: User) -> None:
    at = f"/api/v1/conversations/{thread.pk}"
    reads, writes = program(ana, Scope.CONVERSATIONS_READ), program(ana, Scope.CONVERSATIONS_WRITE)
    refused = [reads.post(at + end, {"text": "oi"}, format="json") for end in ACTS] + [
        writes.get(at + end) for end in READS
    ]
    refused += [writes.get("/api/v1/contacts"), writes.get("/api/v1/conversations")]
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in refused} == {(403, "scope")}
    assert writes.post(f"{at}/messages", {"text": "oi"}, format="json").status_code == 202


def test_the_list_is_narrowed_by_what_is_asked(
    thread: Conversation, says: Callable, ana: User, new_lead: Callable
) -> None:
    other = says("olá", phone="5511955550001").conversation
    conversation_snooze(conversation_id=other.pk, until=now() + timedelta(days=1), user=ana)
    gone = says("tchau", phone="5511955550002").conversation
    Conversation.objects.filter(pk=gone.pk).update(unread_count=0)
    conversation_archive(conversation_id=gone.pk)
    client = program(ana)

    def found(query: str) -> list[int]:
        answer = client.get(f"/api/v1/conversations?{query}")
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]

    latest_first = [gone.pk, other.pk, thread.pk]
    assert found("") == latest_first and found("ordering=id") == latest_first[::-1]
    assert found(f"lead={thread.lead_id}") == found(f"contact={thread.contact_id}") == [thread.pk]
    assert found(f"inbox={thread.inbox_id}&attended_by=livia") == latest_first
    assert found("attended_by=nobody") == [] and found("unread=true") == [other.pk, thread.pk]
    assert found("archived=true") == found("state=archived") == [gone.pk] and found("archived=false&snoozed=true") == [
        other.pk
    ]
    after = Conversation.objects.get(pk=other.pk).last_message_at.isoformat().replace("+", "%2B")
    assert found(f"last_message_after={after}") == [gone.pk, other.pk] and found(f"last_message_before={after}") == [
        thread.pk
    ]
    for wrong in ("lead=x", "attended_by=me", "unread=maybe", "last_message_after=ontem", "sate=idle", "ordering=chat"):
        answer = client.get(f"/api/v1/conversations?{wrong}")
        assert answer.status_code == 400 and wrong.partition("=")[0] in answer.json()["error"]["fields"]


@pytest.mark.parametrize("path", ["conversations", "contacts", "conversations/{}/messages"])
def test_a_longer_list_asks_the_database_no_more(path: str, thread: Conversation, says: Callable, ana: User) -> None:
    client, address = program(ana), f"/api/v1/{path}".format(thread.pk)

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(address).json()["results"]
        return len(rows), len(queries)

    asked()  # the first request writes down that the key was used
    few, queries = asked()
    for n in range(4):
        says("olá", phone=f"551195555000{n}")
        says(f"e {n}")
    many, still = asked()
    assert many > few and still <= queries


def test_the_pages_of_a_list_lead_through_all_of_it_once(thread: Conversation, says: Callable, ana: User) -> None:
    for n in range(4):
        says("olá", phone=f"551195555000{n}")
    client, at, seen = program(ana), "/api/v1/conversations?limit=2", []
    while at:
        body = client.get(at).json()
        seen += [row["id"] for row in body["results"]]
        at = body["next"]
    assert seen == sorted(seen, reverse=True) and len(seen) == 5


def test_who_knows_a_state_gets_it_once(thread: Conversation, says: Callable, ana: User) -> None:
    client = program(ana)
    message = thread.messages.filter(kind="text").get()
    for path in (f"conversations/{thread.pk}", f"contacts/{thread.contact_id}", f"messages/{message.pk}"):
        tag = client.get(f"/api/v1/{path}").headers["ETag"]
        assert client.get(f"/api/v1/{path}", HTTP_IF_NONE_MATCH=tag).status_code == 304
    tag = client.get(f"/api/v1/conversations/{thread.pk}").headers["ETag"]
    says("mais uma coisa")
    assert client.get(f"/api/v1/conversations/{thread.pk}", HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_a_conversation_is_taken_read_and_handed_back(thread: Conversation, ana: User) -> None:
    client, at = program(ana), f"/api/v1/conversations/{thread.pk}"
    taken = client.post(f"{at}/takeover").json()
    assert taken["attended_by"] == "person" and taken["taken_by"] == {"id": ana.pk, "name": "Ana Clara"}
    assert client.post(f"{at}/read", {"upto_id": 1}, format="json").json()["unread_count"] == 1
    assert client.post(f"{at}/read").json()["unread_count"] == 0
    assert client.post(f"{at}/handback", HTTP_IDEMPOTENCY_KEY="a").json()["attended_by"] == "livia"
    assert client.post(f"{at}/handback", HTTP_IDEMPOTENCY_KEY="a").headers["Idempotency-Replayed"] == "true"
    refused = client.post(f"{at}/takeover", {"user_id": 1}, format="json")
    assert refused.status_code == 400 and refused.json()["error"]["fields"].keys() == {"user_id"}


def test_a_manager_who_looks_in_leaves_it_unread(thread: Conversation, bruno: User) -> None:
    answer = program(bruno).post(f"/api/v1/conversations/{thread.pk}/read")
    assert answer.status_code == 200 and answer.json()["unread_count"] == 1


def test_a_client_who_wants_no_messages_is_not_handed_back(thread: Conversation, ana: User) -> None:
    contact_opt_out(conversation_id=thread.pk, confirmation="Combinado.")
    client = program(ana)
    answer = client.post(f"/api/v1/conversations/{thread.pk}/handback")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "opted_out")
    assert client.get("/api/v1/contacts?opted_out=true").json()["results"][0]["opted_out_at"]


def test_a_contact_is_found_by_phone_with_or_without_the_nine(thread: Conversation, ana: User) -> None:
    client = program(ana)
    for written in ("5511998123340", "%2B55 11 99812-3340", "551198123340"):
        rows = client.get(f"/api/v1/contacts?phone={written}").json()["results"]
        assert [row["id"] for row in rows] == [thread.contact_id], written
    assert client.get("/api/v1/contacts?phone=5511900000000").json()["results"] == []
    rows = client.get(f"/api/v1/contacts?lead={thread.lead_id}&opted_out=false").json()["results"]
    assert [row["id"] for row in rows] == [thread.contact_id]
    assert client.get("/api/v1/contacts?phone=abc").status_code == 400


def test_a_joined_conversation_is_the_one_it_became(
    by_lid: Callable, by_both: Callable, says: Callable, bruno: User, caio: User, ana: User
) -> None:
    gone, kept = by_lid("oi").conversation, says("olá").conversation
    by_both("sou eu")
    gone_id, kept_id = (gone.pk, kept.pk) if Conversation.objects.filter(pk=kept.pk).exists() else (kept.pk, gone.pk)
    assert program(bruno).get(f"/api/v1/conversations/{gone_id}").json()["id"] == kept_id
