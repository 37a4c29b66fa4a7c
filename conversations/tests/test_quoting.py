"""Answering one message."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations.claims import outbox_claim
from conversations.models import Message
from conversations.notes import note_add
from conversations.outbox import message_send
from conversations.selectors import messages_page
from conversations.services import conversation_take
from crm.core.clock import now
from crm.core.errors import Invalid
from leads.services import lead_assign


@pytest.fixture
def anas_thread(maria_thread, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    return maria_thread


def test_an_answer_names_the_message_it_answers_and_shows_it(anas_thread, ana, browse):
    asked = anas_thread.messages.get()
    answer = browse(ana).post(f"/conversations/{anas_thread.pk}/send/", {"text": "Olá!", "quoted": asked.pk})
    assert answer.status_code == 204
    leaving = outbox_claim(inbox_id=anas_thread.inbox_id)
    assert (leaving.text, leaving.quoted.provider_id, leaving.quoted.text) == ("Olá!", asked.provider_id, "oi")
    messages, _more = messages_page(anas_thread)
    assert messages[-1].quoted == asked


def test_a_file_answers_a_message_too(anas_thread, ana, browse):
    asked = anas_thread.messages.get()
    upload = SimpleUploadedFile("proposta.pdf", b"%PDF-1.4", "application/pdf")
    browse(ana).post(f"/conversations/{anas_thread.pk}/send/", {"file": upload, "quoted": asked.pk})
    leaving = outbox_claim(inbox_id=anas_thread.inbox_id)
    assert (leaving.kind, leaving.quoted.provider_id) == ("document", asked.provider_id)


def test_what_a_machine_heard_is_never_quoted_to_the_client(anas_thread, ana, says):
    voice = says("", kind="audio", media={"ref": "A", "mime": "audio/ogg"})
    Message.objects.filter(pk=voice.pk).update(transcript="acho vocês caros", transcript_state="done")
    message_send(conversation_id=anas_thread.pk, text="Ouvi!", user=ana, quoted_id=voice.pk)
    assert outbox_claim(inbox_id=anas_thread.inbox_id).quoted.text == "🎤"


def test_what_is_not_there_for_the_client_cannot_be_quoted(anas_thread, ana, says, browse):
    note = note_add(conversation_id=anas_thread.pk, text="só nossa", user=ana)
    gone = says("apago")
    Message.objects.filter(pk=gone.pk).update(revoked_at=now())
    elsewhere = says("oi", phone="5511911112222")
    for message in (note, gone, elsewhere):
        with pytest.raises(Invalid):
            message_send(conversation_id=anas_thread.pk, text="Olá", user=ana, quoted_id=message.pk)
    answer = browse(ana).post(f"/conversations/{anas_thread.pk}/send/", {"text": "Olá", "quoted": elsewhere.pk})
    assert answer.status_code == 400


def test_answering_over_a_colleague_is_asked_about_first(anas_thread, ana, bruno, browse):
    conversation_take(conversation_id=anas_thread.pk, user=bruno)
    client, url = browse(ana), f"/conversations/{anas_thread.pk}/send/"
    asked = client.post(url, {"text": "Olá"}, headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()["error"]["code"]) == (409, "attended")
    assert "Bruno" in asked.json()["error"]["message"]
    assert client.post(url, {"text": "Olá", "over": bruno.pk}).status_code == 204
    assert client.post(url, {"text": "Mais uma"}).status_code == 204
