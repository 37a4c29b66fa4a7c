"""The list of conversations: what it shows, page by page, and how many there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.list_selectors import Wanted, tab_counts, threads_page
from conversations.models import Conversation
from conversations.services import conversation_read
from crm.core.clock import now
from crm.realtime.models import Event
from leads.models import Lead
from leads.services import lead_assign


@pytest.fixture
def many(says, ana):
    """Sixty clients of Ana, the first one wrote last."""
    threads = [says("oi", phone=f"55119876{number:05}").conversation for number in range(60)]
    Lead.objects.update(consultant=ana.pk)
    at = now()
    for number, thread in enumerate(threads):
        # Pairs share a moment: the key decides between them.
        Conversation.objects.filter(pk=thread.pk).update(last_message_at=at - timedelta(minutes=number // 2))
    return threads


def test_pages_hold_every_thread_once_newest_first(many, ana):
    first = threads_page(ana, Wanted())
    second = threads_page(ana, Wanted(), after=first.cursor)
    assert (len(first.rows), first.has_more, len(second.rows), second.has_more) == (50, True, 10, False)
    rows = [*first.rows, *second.rows]
    assert rows == sorted(rows, key=lambda row: (row.last_message_at, row.pk), reverse=True)
    assert {row.pk for row in rows} == {thread.pk for thread in many}


def test_a_cursor_that_is_none_begins_the_list(many, ana):
    for after in ("", "abc", "1", "9" * 30, "-5-1", "1-x", "99999999999999999-1"):
        assert len(threads_page(ana, Wanted(), after=after).rows) == 50


def test_the_page_asks_the_same_number_of_questions_however_long_the_list(many, says, caio, ana, browse):
    says("oi", phone="5531911112222")

    def questions(person) -> int:
        client = browse(person)
        client.get("/conversations/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/conversations/")
        return len(asked)

    assert questions(ana) == questions(caio) <= 20


def test_tabs_and_pills_show_what_belongs(says, ana, bruno):
    mine, open_thread = says("oi", phone="5521911112222").conversation, says("oi", phone="5521933334444").conversation
    lead_assign(lead_id=mine.lead_id, consultant_id=ana.pk)
    conversation_read(conversation_id=open_thread.pk)
    Conversation.objects.filter(pk=mine.pk).update(attended_by="person")

    def shown(**wanted) -> set[int]:
        return {row.pk for row in threads_page(ana, Wanted(**wanted)).rows}

    assert shown() == {mine.pk, open_thread.pk}
    assert shown(tab="mine") == shown(show="unread") == {mine.pk}
    assert shown(tab="unassigned") == shown(show="livia") == {open_thread.pk}
    assert shown(show="archived") == shown(show="snoozed") == set()
    assert tab_counts(ana) == {"mine": "1", "unassigned": "1", "all": "2"}
    assert tab_counts(bruno) == {"mine": "0", "unassigned": "1", "all": "2"}


def test_the_address_says_what_is_shown_and_forgets_nonsense():
    wanted = Wanted.read({"tab": "mine", "show": "livia", "label": "7", "q": "  josé  "})
    assert wanted.address() == "?tab=mine&show=livia&label=7&q=jos%C3%A9"
    assert wanted.address(tab="all", label=None, query="") == "?show=livia"
    assert Wanted.read({"tab": "x", "show": "y", "label": "z", "q": "\x00"}) == Wanted()


def test_the_badge_is_told_when_a_thread_becomes_unread_and_read_and_not_in_between(says, maria_thread, ana, browse):
    def told() -> int:
        return Event.objects.filter(room="unread", kind="unread").count()

    before = told()
    says("de novo")
    assert told() == before == 1
    conversation_read(conversation_id=maria_thread.pk)
    assert told() == 2
    assert 'data-unread="0"' in browse(ana).get("/conversations/unread/").content.decode()


def test_both_owners_badges_are_told_of_an_unread_thread_that_changes_hands(maria_thread, ana, caio):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=caio.pk)
    rooms = set(Event.objects.filter(kind="unread").values_list("room", flat=True))
    assert {f"unread.{ana.pk}", f"unread.{caio.pk}", "unread.open", "unread"} <= rooms
