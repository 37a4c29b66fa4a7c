"""The conversations page: visibility, sending, takeover and hand-back."""

import uuid

import pytest

from conversations.models import Author, Conversation, Message
from conversations.outbox import message_queue
from leads.models import Attendance
from leads.services import lead_assign


@pytest.fixture
def anas_thread(maria_thread, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    return maria_thread


def test_a_stranger_gets_404_everywhere(anas_thread, caio, browse):
    client, root = browse(caio), f"/conversations/{anas_thread.pk}/"
    assert client.get(root).status_code == 404
    assert client.get(f"{root}older/?before=9").status_code == 404
    for action in ("send", "takeover", "handback", "read"):
        assert client.post(f"{root}{action}/", {"text": "oi"}).status_code == 404
    assert f"conv-{anas_thread.pk}" not in client.get("/conversations/").content.decode()


def test_the_owner_reads_answers_and_hands_back(anas_thread, ana, browse):
    client, root = browse(ana), f"/conversations/{anas_thread.pk}/"
    page = client.get(root).content.decode()
    assert "oi" in page and f"conv-{anas_thread.pk}" in page
    answer = client.post(f"{root}send/", {"text": "Olá, Maria!", "client_token": str(uuid.uuid4())})
    assert answer.status_code == 204
    thread = Conversation.objects.get()
    assert (thread.attended_by, thread.unread_count) == (Attendance.PERSON, 0)
    assert client.post(f"{root}handback/", headers={"HX-Request": "true"}).status_code == 204
    thread.refresh_from_db()
    assert thread.attended_by == Attendance.LIVIA


def test_what_livia_wrote_and_a_takeover_kept_back_is_shown_as_not_sent(maria_thread, ana, browse):
    client, root = browse(ana), f"/conversations/{maria_thread.pk}/"
    message_queue(conversation_id=maria_thread.pk, text="Como posso te chamar?", author=Author.LIVIA)
    client.post(f"{root}takeover/")
    page = client.get(root).content.decode()
    assert '<s class="text">Como posso te chamar?</s>' in page
    assert 'title="Não enviada"' in page


def test_a_manager_looking_in_leaves_messages_unread(anas_thread, bruno, browse):
    browse(bruno).get(f"/conversations/{anas_thread.pk}/")
    assert Conversation.objects.get().unread_count == 1


@pytest.mark.parametrize(
    "data", [{}, {"text": ""}, {"text": "x" * 50_000}, {"text": "oi", "client_token": "not-a-uuid"}]
)
def test_what_cannot_be_sent_is_a_400_with_a_sentence(anas_thread, ana, browse, data):
    answer = browse(ana).post(f"/conversations/{anas_thread.pk}/send/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_older_messages_come_page_by_page(says, anas_thread, ana, browse):
    for number in range(120):
        says(f"mensagem {number}")
    client, root = browse(ana), f"/conversations/{anas_thread.pk}/"
    oldest = Message.objects.order_by("-pk")[49].pk
    page = client.get(f"{root}older/?before={oldest}").content.decode()
    assert "mensagem 69" in page and "mensagem 70" not in page and "mensagem 19" not in page
    assert client.get(f"{root}older/?before=abc").status_code == 400


def test_what_a_client_writes_is_escaped(says, ana, browse):
    thread = says("<img src=x onerror=alert(1)> *forte*", push_name="<script>x</script>").conversation
    page = browse(ana).get(f"/conversations/{thread.pk}/").content.decode()
    assert "<img src=x" not in page and "<script>x" not in page
    assert "&lt;img src=x" in page


def test_the_tabs_and_the_search_without_accents(says, ana, caio, browse):
    mine = says("oi", phone="5521987654321", push_name="José Antônio").conversation
    open_thread = says("oi", phone="5531987654321", push_name="Outra").conversation
    lead_assign(lead_id=mine.lead_id, consultant_id=ana.pk)
    client = browse(ana)

    def rows(query: str) -> set[int]:
        page = client.get(f"/conversations/{query}").content.decode()
        return {thread.pk for thread in (mine, open_thread) if f'data-thread="{thread.pk}"' in page}

    assert rows("") == {mine.pk, open_thread.pk}
    assert rows("?tab=mine") == {mine.pk}
    assert rows("?tab=unassigned") == {open_thread.pk}
    assert rows("?q=jose antonio") == {mine.pk}
    assert rows("?tab=nonsense&q=%25") == set()


def test_a_thread_opens_far_enough_back_for_a_message(anas_thread, ana, browse, says):
    first = anas_thread.messages.get()
    for number in range(60):
        says(f"mensagem {number}")
    client, root = browse(ana), f"/conversations/{anas_thread.pk}/"
    latest = anas_thread.messages.order_by("-pk").first()
    assert f'id="msg-{first.pk}"' not in client.get(f"{root}?latest=1").content.decode()
    page = client.get(f"{root}?around={first.pk}").content.decode()
    assert f'id="msg-{first.pk}"' in page and f'id="msg-{latest.pk}"' not in page
    assert f'id="older-{anas_thread.pk}"' not in page and f'id="newer-{anas_thread.pk}"' in page


@pytest.mark.parametrize("around", ["999999", "abc", "-1", "9" * 30, "²"])
def test_a_message_that_is_not_there_opens_the_latest(anas_thread, ana, browse, around):
    assert browse(ana).get(f"/conversations/{anas_thread.pk}/?around={around}").status_code == 200


def test_a_message_of_another_thread_moves_nothing(anas_thread, ana, browse, says):
    other = says("oi", phone="5511911112222")
    page = browse(ana).get(f"/conversations/{anas_thread.pk}/?around={other.pk}").content.decode()
    assert f'id="msg-{other.pk}"' not in page
