"""Ways through a thread: where it opens, pages on both sides, addresses of threads that are gone."""

import pytest

from conversations.models import Conversation, Message
from conversations.selectors import first_unread, messages_after, messages_window
from conversations.services import conversation_read
from crm.core.clock import now
from leads.services import lead_assign


@pytest.fixture
def long_thread(says, maria_thread, ana):
    """Two hundred messages, of which Ana has read the first twenty."""
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    write(maria_thread, range(1, 20))
    conversation_read(conversation_id=maria_thread.pk)
    write(maria_thread, range(20, 199))
    says("mensagem 199")
    Conversation.objects.update(unread_count=180)
    maria_thread.refresh_from_db()
    return maria_thread


def write(thread: Conversation, numbers: range) -> None:
    """As `says`, all at once."""
    rows = [
        Message(
            conversation=thread, direction="in", author="client", state="received", sent_at=now(), text=f"mensagem {n}"
        )
        for n in numbers
    ]
    Message.objects.bulk_create(rows)
    Conversation.objects.filter(pk=thread.pk).update(last_inbound_id=rows[-1].pk)


def test_it_opens_where_reading_goes_on(long_thread, ana, browse):
    unread = long_thread.messages.get(text="mensagem 20")
    assert first_unread(long_thread) == unread.pk
    page = browse(ana).get(f"/conversations/{long_thread.pk}/").content.decode()
    assert page.index('id="unread-line"') < page.index(f'id="msg-{unread.pk}"')
    assert "180 mensagens não lidas" in page or "180 unread messages" in page
    last = long_thread.messages.latest("pk")
    assert f'id="newer-{long_thread.pk}"' in page and f'id="msg-{last.pk}"' not in page


def test_a_long_thread_asks_the_database_no_more_often_than_a_short_one(
    says, maria_thread, ana, browse, django_assert_max_num_queries
):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    client, url = browse(ana), f"/conversations/{maria_thread.pk}/"
    asked = []
    for numbers in (range(1, 6), range(6, 48)):
        write(maria_thread, numbers)
        Conversation.objects.update(unread_count=0)
        client.get(url)
        with django_assert_max_num_queries(20) as queries:
            client.get(url)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_looking_at_the_page_alone_reads_nothing(long_thread, ana, browse):
    browse(ana).get(f"/conversations/{long_thread.pk}/")
    assert Conversation.objects.get().unread_count == 180


def test_a_jump_loads_a_stretch_and_pages_lead_on_from_it(long_thread):
    middle = long_thread.messages.get(text="mensagem 100")
    window = messages_window(long_thread, middle.pk)
    assert (window.has_older, window.has_newer, len(window.messages)) == (True, True, 75)
    texts = [message.text for message in window.messages]
    seen, more = window.messages[-1].pk, True
    while more:
        page, more = messages_after(long_thread, seen)
        seen = page[-1].pk
        texts += [message.text for message in page]
    assert texts == [f"mensagem {number}" for number in range(75, 200)]


@pytest.mark.parametrize("after", ["", "abc", "²", "9" * 30])
def test_a_page_after_nothing_is_a_400(maria_thread, ana, browse, after):
    assert browse(ana).get(f"/conversations/{maria_thread.pk}/newer/", {"after": after}).status_code == 400


def test_the_address_of_a_joined_thread_leads_to_the_one_that_stays(says, by_lid, by_both, bruno, caio, ana, browse):
    says("1")
    gone = by_lid("2").conversation.pk
    kept = by_both("3").conversation
    answer = browse(bruno).get(f"/conversations/{gone}/")
    assert (answer.status_code, answer.url) == (302, f"/conversations/{kept.pk}/")
    lead_assign(lead_id=kept.lead_id, consultant_id=ana.pk)
    assert browse(caio).get(f"/conversations/{gone}/").status_code == 404
