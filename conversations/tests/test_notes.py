"""Private notes: the team's alone."""

import pytest

from conversations.claims import outbox_claim
from conversations.consent import contact_opt_out
from conversations.models import Conversation, Message, MessageKind, MessageState
from conversations.notes import note_add, note_delete, note_edit
from crm.core.errors import Invalid, NotFound
from crm.realtime.models import Notification
from leads.models import Attendance
from leads.services import lead_assign

SECRET = "Desconfio do holerite, conferir com a gerente"


@pytest.fixture
def anas_thread(maria_thread, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    return maria_thread


def test_a_note_is_neither_sent_nor_an_answer_nor_the_last_line(maria_thread, ana):
    before = Conversation.objects.get()
    note_add(conversation_id=maria_thread.pk, text=SECRET, user=ana)
    thread = Conversation.objects.get()
    assert outbox_claim(inbox_id=thread.inbox_id) is None
    assert (thread.attended_by, thread.last_message_text) == (Attendance.LIVIA, "oi")
    assert (thread.unread_count, thread.revision) == (before.unread_count, before.revision)
    thread.lead.refresh_from_db()
    assert thread.lead.last_message_text == "oi"


def test_whoever_a_note_names_is_told_once_and_only_if_they_may_see_it(anas_thread, ana, bruno, caio):
    note = note_add(conversation_id=anas_thread.pk, text="@Bruno olha isso, @Caio também", user=ana)
    note_edit(message_id=note.pk, text="@Bruno olha isso de novo", user=ana)
    (told,) = Notification.objects.filter(kind="mention")
    assert told.user == bruno
    assert told.url == f"/conversations/{anas_thread.pk}/?around={note.pk}#msg-{note.pk}"
    assert Message.objects.get(pk=note.pk).mentions == [bruno.pk]


def test_a_note_shows_in_yellow_with_its_writer_and_nothing_in_it_runs(anas_thread, ana, browse):
    note_add(conversation_id=anas_thread.pk, text="<script>alert(1)</script> @Ana ```*code*```", user=ana)
    page = browse(ana).get(f"/conversations/{anas_thread.pk}/").content.decode()
    assert "bubble out private" in page and "<script>alert" not in page
    assert "<code>*code*</code>" in page and '<b class="mention">@Ana</b>' in page


def test_the_same_token_is_one_note(anas_thread, ana, browse):
    client, token = browse(ana), "7f2a5a44-1df7-4c3d-9f7e-3c1f7a0a9e11"
    for _ in range(2):
        answer = client.post(f"/conversations/{anas_thread.pk}/notes/", {"text": "oi", "client_token": token})
        assert answer.status_code == 204
    note = Message.objects.get(kind=MessageKind.NOTE)
    assert note.state == MessageState.RECEIVED and note.provider_id == ""


def test_only_its_writer_changes_or_deletes_a_note(anas_thread, ana, bruno, browse):
    note = note_add(conversation_id=anas_thread.pk, text="um", user=ana)
    with pytest.raises(NotFound):
        note_edit(message_id=note.pk, text="dois", user=bruno)
    with pytest.raises(NotFound):
        note_delete(message_id=note.pk, user=bruno)
    root = f"/conversations/{anas_thread.pk}/messages/{note.pk}/note/"
    assert browse(bruno).post(root, {"text": "dois"}).status_code == 404
    assert browse(ana).post(root, {"text": " "}).status_code == 422
    assert browse(ana).post(root, {"text": "dois"}).status_code == 204
    note.refresh_from_db()
    assert (note.text, note.original_text) == ("dois", "um")
    assert browse(ana).post(f"{root}delete/").status_code == 204
    assert not Message.objects.filter(kind=MessageKind.NOTE).exists()


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4097])
def test_what_is_no_note_is_refused(anas_thread, ana, text):
    with pytest.raises(Invalid):
        note_add(conversation_id=anas_thread.pk, text=text, user=ana)


def test_a_note_may_be_written_to_a_client_who_wants_no_messages(anas_thread, ana):
    contact_opt_out(conversation_id=anas_thread.pk, confirmation="Certo.")
    assert note_add(conversation_id=anas_thread.pk, text="Ligar não.", user=ana).pk
