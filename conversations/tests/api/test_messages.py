"""Messages by program: sent once, as the page sends them, and followed until they are read."""

import re
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from conversations.consent import contact_opt_out
from conversations.models import Conversation, Message, MessageKind
from conversations.notes import note_add
from conversations.outbox import outbox_unknown
from conversations.services import conversation_take
from crm.accounts.models import User
from crm.api.models import Repeatable
from crm.api.tests.asking import program
from crm.env import BASE_DIR
from leads.models import Attendance

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(1)</script></html>"
NOT_SENT: list[Any] = [
    ({"text": " \u0000 "}, "text"), ({"text": "a" * 4097}, "text"), ({}, "text"), ({"text": 5}, "text"),
    ({"text": "oi", "quoted_id": "x"}, "quoted_id"), ({"text": "oi", "quoted_id": 2**63}, "quoted_id"),
    ({"text": "oi", "author": "livia"}, "author"), ({"text": "oi", "sender": 1}, "sender"),
    ({"text": "Olá, {nome}"}, "text"), ([], "non_field_errors"), ({"file": "a.png", "text": "oi"}, "file"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def media_root(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def outbox(thread: Conversation) -> list[str]:
    return list(thread.messages.filter(author="consultant").values_list("text", flat=True))


def test_a_message_is_queued_signed_and_followed(thread: Conversation, sent: Callable, ana: User) -> None:
    answer = sent({"text": "  Bom dia, Maria!  "})
    body = answer.json()
    assert (answer.status_code, body["state"], body["direction"], body["author"]) == (
        202,
        "queued",
        "out",
        "consultant",
    )
    assert body["text"] == "Bom dia, Maria!" and body["sender"] == {"id": ana.pk, "name": "Ana Clara"}
    thread.refresh_from_db()
    assert (thread.attended_by, thread.taken_by, thread.unread_count) == (Attendance.PERSON, ana, 0)
    Message.objects.filter(pk=body["id"]).update(state="sending")
    outbox_unknown(message_id=body["id"], code="timeout")
    now_so = program(ana).get(answer.headers["Location"]).json()
    assert now_so["state"] == "unknown" and now_so["reason"]["code"] == "timeout" and now_so["reason"]["message"]


@pytest.mark.django_db(transaction=True)
def test_one_key_in_two_hands_at_once_sends_one_message(thread: Conversation, sent: Callable) -> None:
    ready, answers = Barrier(2), []

    def send() -> None:
        ready.wait()
        answers.append(sent({"text": "uma vez"}, HTTP_IDEMPOTENCY_KEY="pedido-1"))
        connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [answer.status_code for answer in answers] == [202, 202] and outbox(thread) == ["uma vez"]
    assert answers[0].json() == answers[1].json()
    assert sorted(answer.headers.get("Idempotency-Replayed", "") for answer in answers) == ["", "true"]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert error(sent({"text": "outra coisa"}, HTTP_IDEMPOTENCY_KEY="pedido-1")) == (422, "idempotency_mismatch")
    assert Repeatable.objects.get(key="pedido-1").lead_id == thread.lead_id  # goes with the lead's erasure


def test_a_client_who_wants_no_messages_gets_none(thread: Conversation, sent: Callable) -> None:
    contact_opt_out(conversation_id=thread.pk, confirmation="Combinado.")
    file = SimpleUploadedFile("a.png", PNG)
    assert error(sent({"text": "só mais uma"})) == error(sent({"file": file}, form="multipart")) == (409, "opted_out")
    assert outbox(thread) == []


def test_over_a_colleague_one_answers_only_on_purpose(thread: Conversation, sent: Callable, bruno: User) -> None:
    conversation_take(conversation_id=thread.pk, user=bruno)
    answer = sent({"text": "oi"})
    assert error(answer) == (409, "attended") and answer.json()["error"]["fields"] == {"over": [str(bruno.pk)]}
    assert sent({"text": "oi", "over": bruno.pk}).status_code == 202


def test_a_message_answers_one_of_its_own_conversation(thread: Conversation, sent: Callable, says: Callable) -> None:
    other = says("segredo", phone="5511955550001")
    assert error(sent({"text": "oi", "quoted_id": other.pk})) == (400, "not_quotable")
    note = note_add(conversation_id=thread.pk, text="só nós", user=thread.lead.consultant.user)
    assert error(sent({"text": "oi", "quoted_id": note.pk})) == (400, "not_quotable")
    hers = thread.messages.get(kind="text")
    assert sent({"text": "oi", "quoted_id": hers.pk}).json()["quoted"] == {"id": hers.pk, "text": "oi"}
    assert outbox(thread) == ["só nós", "oi"]


def test_what_cannot_be_sent_is_refused_by_name(thread: Conversation, sent: Callable) -> None:
    for body, field in NOT_SENT:
        answer = sent(body)
        assert answer.status_code == 400 and field in answer.json()["error"]["fields"], body
    assert outbox(thread) == []


def test_what_no_program_should_send_is_refused_too(thread: Conversation, ana: User, settings: Any) -> None:
    client, at = program(ana), f"/api/v1/conversations/{thread.pk}/messages"
    surrogate = client.generic("POST", at, b'{"text": "ol\\ud800a"}', content_type="application/json")
    assert surrogate.status_code == 202 and surrogate.json()["text"] == "ola"
    settings.BODY_LIMIT_BYTES = 1000
    large = client.generic("POST", at, b'{"text": "%s"}' % (b"a" * 1000), content_type="application/json")
    assert error(large) == (413, "too_large")
    settings.BODY_LIMIT_BYTES = 10 * 1024 * 1024
    broken = client.generic("POST", at, b"--x\r\nnot a form", content_type="multipart/form-data; boundary=x")
    assert broken.status_code == 400
    assert client.generic("POST", at, b"oi", content_type="text/plain").status_code == 415
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, many = 1000, {f"f{n}": "x" for n in range(1100)}
    for form in ({"text": "a" * 2000}, many):
        assert error(client.post(at, form, format="multipart")) == (400, "parse_error")
    assert outbox(thread) == ["ola"]


def test_a_file_may_be_larger_than_other_bodies_and_no_larger_than_on_the_page(
    thread: Conversation, sent: Callable, settings: Any
) -> None:
    settings.BODY_LIMIT_BYTES, settings.WHATSAPP_MEDIA_LIMIT_BYTES = 1000, 3000
    assert sent({"file": SimpleUploadedFile("a.png", PNG + bytes(2000))}, form="multipart").status_code == 202
    too_large = sent({"file": SimpleUploadedFile("a.png", PNG + bytes(4000))}, form="multipart")
    assert error(too_large) == (413, "too_large") and "file" in too_large.json()["error"]["fields"]
    assert sent({"file": SimpleUploadedFile("a.png", b"")}, form="multipart").status_code == 400
    wrong = sent({"file": SimpleUploadedFile("a.png", PNG), "path": "/etc/passwd"}, form="multipart")
    assert wrong.json()["error"]["fields"].keys() == {"path"}


def test_a_picture_is_known_by_its_content_and_comes_back_as_it_was(
    thread: Conversation, sent: Callable, ana: User
) -> None:
    hers = thread.messages.get(kind="text")
    upload = SimpleUploadedFile("../../casa.html", PNG, content_type="text/html")
    body = sent({"file": upload, "text": "a casa", "quoted_id": hers.pk}, form="multipart").json()
    assert (body["kind"], body["text"], body["quoted"]["id"]) == ("image", "a casa", hers.pk)
    file = body["file"]
    assert (file["state"], file["name"], file["mime"], file["size"]) == ("stored", "casa.html", "image/png", len(PNG))
    answer = program(ana).get(file["url"], HTTP_ACCEPT="image/*")
    assert answer.content == PNG and answer.headers["Content-Type"] == "image/png"
    part = program(ana).get(file["url"], HTTP_RANGE="bytes=1-3")
    assert (part.status_code, part.content) == (206, b"PNG")


@pytest.mark.parametrize(("name", "content", "said"), [("a.svg", SVG, "image/svg+xml"), ("a.png", HTML, "image/png")])
def test_what_a_browser_would_run_is_a_document_to_be_saved(
    name: str, content: bytes, said: str, thread: Conversation, sent: Callable, ana: User
) -> None:
    body = sent({"file": SimpleUploadedFile(name, content, content_type=said)}, form="multipart").json()
    assert body["kind"] == MessageKind.DOCUMENT
    answer = program(ana).get(body["file"]["url"])
    assert answer.content == content and answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (
        answer.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer.headers["Content-Security-Policy"]
    )


def test_a_thread_is_read_from_either_end(thread: Conversation, says: Callable, ana: User) -> None:
    second = says("segunda")
    note = note_add(conversation_id=thread.pk, text="liga amanhã", user=ana)
    says("👍", kind="reaction", target_provider_id=second.provider_id)
    client, at = program(ana), f"/api/v1/conversations/{thread.pk}/messages"

    def found(query: str) -> list[str]:
        return [row["text"] for row in client.get(f"{at}?{query}").json()["results"]]

    assert found("limit=2") == ["liga amanhã", "segunda"] and found("direction=in&ordering=id") == ["oi", "segunda"]
    assert found(f"ordering=id&after_id={second.pk}") == ["liga amanhã"] and found("kind=note&kind=event") == [
        "liga amanhã"
    ]
    assert client.get(f"/api/v1/messages/{note.pk}").json()["kind"] == "note"
    assert client.get(f"/api/v1/messages/{second.pk}").json()["reactions"] == ["👍"]
    reaction = Message.objects.get(kind="reaction")
    assert client.get(f"/api/v1/messages/{reaction.pk}").status_code == 404
    assert client.get(f"{at}?kind=reaction").status_code == client.get(f"{at}?after_id=-1").status_code == 400


def test_a_page_sends_with_its_csrf_token_alone(thread: Conversation, ana: User) -> None:
    page = APIClient(enforce_csrf_checks=True)
    page.force_login(ana)
    at = f"/api/v1/conversations/{thread.pk}/messages"
    assert page.post(at, {"text": "oi"}, format="json").status_code == 403 and outbox(thread) == []


def test_the_example_of_the_documents_can_be_sent(thread: Conversation, ana: User) -> None:
    text = (BASE_DIR / "docs/api.md").read_text()
    example = r"^```http\nPOST (/api/v1/conversations\S+)\n(.*?)```"
    ((place, body),) = re.findall(example, text, re.MULTILINE | re.DOTALL)
    hers = thread.messages.get(kind="text")
    address = place.replace("{conversation}", str(thread.pk))
    sent = body.replace("{message}", str(hers.pk))
    answer = program(ana).generic("POST", address, sent, content_type="application/json")
    assert answer.status_code == 202 and answer.json()["quoted"]["id"] == hers.pk
