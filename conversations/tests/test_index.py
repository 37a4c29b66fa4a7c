"""The chat index: always what the database says, whatever happens to Redis or at the same time."""

import threading
from collections.abc import Iterator

import pytest
import redis
from django.db import connection

from conversations import index
from conversations.index import ChatEntry, chat_forget, chat_get, chats_get, chats_latest
from conversations.models import Conversation, Inbox, InboxRole
from conversations.services import conversation_read, conversation_take
from conversations.tasks import keep_index
from crm.core import redis as our_redis
from crm.core.redis import client, key
from crm.core.work import unit
from leads.actors import person
from leads.services import lead_update

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_index() -> Iterator[None]:
    flush()
    index._behind.clear()
    yield
    flush()


def flush() -> None:
    """What a Redis that lost everything looks like."""
    for name in client().scan_iter(key("chats", "*")):
        client().delete(name)


def truth(inbox: Inbox) -> list[ChatEntry]:
    threads = Conversation.objects.filter(inbox=inbox, last_message_at__isnull=False).select_related("lead")
    return [
        ChatEntry(row.pk, row.lead.display_name, row.last_message_text, row.last_message_at, row.unread_count)
        for row in threads.order_by("-last_message_at", "-id")
    ]


def phones(number: int) -> list[str]:
    return [f"55119981240{n:02d}" for n in range(number)]


def held() -> set[int]:
    return {int(pk) for pk in client().hkeys(key("chats", "rows"))}


def test_a_message_is_in_the_index_with_its_commit(says, livia_inbox, django_assert_num_queries):
    index.rebuild()
    thread = says("oi", push_name="Maria").conversation
    with django_assert_num_queries(0):
        entry = chat_get(thread.pk)
        latest = chats_latest(livia_inbox.pk)
    assert (entry.name, entry.last_message, entry.unread) == ("Maria", "oi", 1)
    assert latest == [entry] == truth(livia_inbox)


def test_whatever_changes_a_thread_changes_its_entry(says, livia_inbox, ana):
    index.rebuild()
    thread = says("oi").conversation
    conversation_take(conversation_id=thread.pk, user=ana)
    conversation_read(conversation_id=thread.pk)
    assert chat_get(thread.pk).unread == 0
    lead_update(lead_id=thread.lead_id, values={"name": "Maria Aparecida"}, actor=person(ana))
    assert chat_get(thread.pk).name == "Maria Aparecida"
    assert chats_latest(livia_inbox.pk) == truth(livia_inbox)


def test_what_is_rolled_back_never_shows(says):
    thread = says("oi").conversation
    with pytest.raises(RuntimeError), unit():
        says("later")
        raise RuntimeError
    assert chat_get(thread.pk).last_message == "oi"


def test_the_latest_come_first_and_inboxes_do_not_mix(says, livia_inbox):
    index.rebuild()
    other = Inbox.objects.create(name="Ana", role=InboxRole.CONSULTANTS)
    for phone in phones(6):
        says("oi", phone=phone, inbox=other if phone.endswith("3") else livia_inbox)
    says("de novo", phone=phones(1)[0])
    assert chats_latest(livia_inbox.pk) == truth(livia_inbox)
    assert chats_latest(livia_inbox.pk, 2) == truth(livia_inbox)[:2]
    assert [chat.last_message for chat in chats_latest(other.pk)] == ["oi"]


def test_many_are_asked_for_at_once(says):
    index.rebuild()
    threads = [says("oi", phone=phone).conversation_id for phone in phones(5)]
    chat_forget(threads[0])
    assert list(chats_get([*threads, 0])) == threads
    assert held() == set(threads), "the one that was missing is back"
    assert chats_get([]) == {} and chat_get(0) is None


def test_the_index_holds_no_more_than_it_may_and_still_answers_exactly(says, livia_inbox, settings):
    settings.WHATSAPP_CHAT_INDEX_SIZE = 4
    index.rebuild()
    threads = [says("oi", phone=phone).conversation_id for phone in phones(7)]
    assert held() == set(threads[3:])
    assert client().zcard(key("chats", "used")) == client().zcard(key("chats", "latest", livia_inbox.pk)) == 4
    for limit in range(1, 9):
        assert chats_latest(livia_inbox.pk, limit) == truth(livia_inbox)[:limit]


def test_a_chat_that_is_asked_for_stays_and_the_list_does_not_miss_who_left(says, livia_inbox, settings):
    settings.WHATSAPP_CHAT_INDEX_SIZE = 3
    index.rebuild()
    threads = [says("oi", phone=phone).conversation_id for phone in phones(3)]
    chat_get(threads[0])
    says("oi", phone=phones(4)[3])
    assert threads[0] in held() and threads[1] not in held()
    for limit in range(1, 6):
        assert chats_latest(livia_inbox.pk, limit) == truth(livia_inbox)[:limit]
    assert chat_get(threads[1]).conversation_id == threads[1]


def test_an_index_smaller_than_the_database_is_rebuilt_with_the_latest(says, livia_inbox, settings):
    threads = [says("oi", phone=phone).conversation_id for phone in phones(6)]
    flush()
    settings.WHATSAPP_CHAT_INDEX_SIZE = 4
    assert index.rebuild() == 4
    assert held() == set(threads[2:])
    for limit in range(1, 8):
        assert chats_latest(livia_inbox.pk, limit) == truth(livia_inbox)[:limit]


def test_a_slow_reader_overwrites_nothing_newer(says):
    index.rebuild()
    thread = says("oi").conversation
    old = index._row(index._threads().get(pk=thread.pk))
    says("e agora?")
    index._write([old])
    assert chat_get(thread.pk).last_message == "e agora?"


def test_rebuilding_while_messages_arrive_loses_none(says, livia_inbox):
    people = phones(12)
    for phone in people:
        says("oi", phone=phone)
    done = threading.Event()

    def rebuild_until_done() -> None:
        while not done.is_set():
            index.rebuild()
        connection.close()

    thread = threading.Thread(target=rebuild_until_done)
    thread.start()
    try:
        for turn in range(8):
            for phone in people:
                says(f"{turn}", phone=phone)
                assert chats_latest(livia_inbox.pk, 1)[0].last_message == f"{turn}"
    finally:
        done.set()
        thread.join()
    assert chats_latest(livia_inbox.pk) == truth(livia_inbox)
    assert list(chats_get(row.conversation_id for row in truth(livia_inbox)).values()) == truth(livia_inbox)


def test_after_redis_lost_everything_answers_are_right_at_once_and_the_index_is_whole_again_soon(says, livia_inbox):
    index.rebuild()
    threads = [says("oi", phone=phone).conversation_id for phone in phones(4)]
    flush()
    assert chats_latest(livia_inbox.pk) == truth(livia_inbox)
    says("de novo", phone=phones(1)[0])
    assert chats_latest(livia_inbox.pk) == truth(livia_inbox), "one row does not make an index"
    keep_index()
    assert held() == set(threads)
    assert index.keep() == 0, "nothing to do twice"


def test_after_a_restart_of_redis_the_index_is_built_anew(says):
    index.rebuild()
    says("oi")
    client().hset(key("chats", "state"), "run", "an earlier start of the server")
    assert index.keep() == 1


def away() -> redis.Redis:
    options = our_redis.brief_options() | {"connection_class": redis.Connection}
    return redis.Redis.from_url("redis://127.0.0.1:1", **options)


def test_without_redis_the_database_answers_and_what_was_missed_is_made_up_for(says, livia_inbox, monkeypatch):
    index.rebuild()
    thread = says("oi").conversation
    with monkeypatch.context() as patch:
        patch.setattr(index, "brief", away)
        patch.setattr(index, "client", away)
        says("enquanto isso")
        assert chat_get(thread.pk).last_message == "enquanto isso"
        assert chats_latest(livia_inbox.pk) == truth(livia_inbox)
        chat_forget(thread.pk)
        keep_index()
        with pytest.raises(index.Away):
            index.rebuild()
    says("oi", phone=phones(1)[0])  # the first word with Redis tells it that something is missing
    assert chat_get(thread.pk).last_message == "enquanto isso"
    assert chats_latest(livia_inbox.pk) == truth(livia_inbox)
    assert index.keep() == 2
    assert chats_latest(livia_inbox.pk) == truth(livia_inbox)


def test_a_conversation_that_is_gone_leaves_the_index(says, livia_inbox):
    index.rebuild()
    thread = says("oi").conversation
    row = index._row(index._threads().get(pk=thread.pk))
    thread.messages.all().delete()
    Conversation.objects.filter(pk=thread.pk).delete()
    assert held() == set() and chats_latest(livia_inbox.pk) == []
    index._write([row])  # a reader that was slower than the deletion
    index.rebuild()
    assert held() == set() and chat_get(thread.pk) is None


def test_names_do_not_stay_in_redis_for_good(says):
    index.rebuild()
    says("oi")
    names = list(client().scan_iter(key("chats", "*")))
    assert len(names) == 4 and all(0 < client().ttl(name) <= 2 * 24 * 3600 for name in names)


def test_managers_read_it_as_json(says, livia_inbox, bruno, browse):
    index.rebuild()
    thread = says("oi, tudo bem?").conversation
    manager = browse(bruno)
    (chat,) = manager.get("/conversations/chats.json", {"inbox": livia_inbox.pk}).json()["chats"]
    assert (chat["conversation_id"], chat["last_message"], chat["unread"]) == (thread.pk, "oi, tudo bem?", 1)
    assert manager.get("/conversations/chats.json", {"inbox": 0}).json() == {"chats": []}
    for bad in ({}, {"inbox": "x"}, {"inbox": 1, "limit": 0}, {"inbox": 1, "limit": 10**6}, {"inbox": "9" * 30}):
        assert manager.get("/conversations/chats.json", bad).status_code == 400
