"""Changes that come before what they change, or come twice."""

import pytest

from conversations.consent import contact_opt_out
from conversations.models import Conversation, MediaState, Message, MessageState
from conversations.services import conversation_take
from crm.core.clock import now


@pytest.fixture
def takes_back(says):
    return lambda target, **changes: says("", kind="revoke", target_provider_id=target, **changes)


def test_what_is_taken_back_before_it_came_is_taken_back_once_it_comes(says, takes_back):
    takes_back("Z")
    message = says("apaguei", provider_id="Z")
    assert (message.text, message.kind) == ("apaguei", "text") and message.revoked_at
    thread = Conversation.objects.get()
    assert not thread.awaits_livia and thread.unread_count == 0
    assert says("apaguei", provider_id="Z") is None and Message.objects.count() == 1


def test_until_it_comes_the_thread_says_that_something_was_taken_back(takes_back):
    takes_back("Z")
    assert takes_back("Z") is None
    thread = Conversation.objects.get()
    assert (thread.last_message_text, thread.unread_count, thread.awaits_livia) == ("🚫", 0, False)


def test_it_rings_nobody(says, takes_back, ana, new_lead):
    new_lead(owner=ana, phone="+5511998123340")
    takes_back("Z")
    says("oi")
    ana.notifications.all().delete()
    says("apaguei", provider_id="Z")
    assert not ana.notifications.exists()


def test_a_file_that_was_taken_back_is_not_fetched(says, takes_back):
    takes_back("Z")
    message = says("", kind="image", provider_id="Z", media={"mime": "image/jpeg", "ref": "r", "size": 1})
    assert message.media_state == MediaState.GONE


def test_an_edit_that_comes_again_changes_nothing_even_within_its_second(says):
    at = now().replace(microsecond=0)
    message = says("a", provider_id="A")
    for text, edit in (("b", "E1"), ("c", "E2")):
        says(text, kind="edit", target_provider_id="A", provider_id=edit, sent_at=at)
    assert says("b", kind="edit", target_provider_id="A", provider_id="E1", sent_at=at) is None
    message.refresh_from_db()
    assert message.text == "c"


def test_a_takeover_leaves_the_confirmation_of_an_opt_out_in_the_outbox(says, ana):
    thread = says("sair").conversation
    contact_opt_out(conversation_id=thread.pk, confirmation="Tudo bem.")
    conversation_take(conversation_id=thread.pk, user=ana)
    says("ok, anotado", from_me=True)
    assert Message.objects.get(text="Tudo bem.").state == MessageState.QUEUED
