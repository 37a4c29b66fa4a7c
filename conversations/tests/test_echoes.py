"""Ids that WhatsApp names before we know them: receipts that come first, and our own messages that come back."""

import pytest

from conversations.claims import outbox_claim
from conversations.models import Author, Conversation, Message, MessageState, OrphanReceipt
from conversations.outbox import message_resend, message_send, outbox_sent, outbox_unknown, receipt_apply
from crm.core.clock import now
from crm.realtime.models import Event


@pytest.fixture
def write(maria_thread, ana):
    """Ana writes, and the message is on its way."""

    def put(text: str) -> Message:
        message = message_send(conversation_id=maria_thread.pk, text=text, user=ana)
        outbox_claim(inbox_id=maria_thread.inbox_id)
        return message

    return put


@pytest.fixture
def receipt(maria_thread):
    def come(provider_id: str, state: str) -> int:
        thread = maria_thread
        return receipt_apply(
            inbox_id=thread.inbox_id, chat=thread.chat, provider_ids=[provider_id], state=state, at=now()
        )

    return come


def fresh(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_receipts_before_a_message_typed_on_the_phone_are_matched_when_it_comes(says, receipt):
    for state in ("delivered", "read", "delivered"):
        assert receipt("PHONE1", state) == 0
    typed = says("digitado", from_me=True, provider_id="PHONE1")
    assert fresh(typed).state == MessageState.READ
    assert Conversation.objects.get().last_message_state == MessageState.READ
    assert not OrphanReceipt.objects.exists()


def test_a_receipt_of_a_message_typed_on_the_phone_does_not_prove_that_ours_arrived(says, write, receipt):
    ours = write("Nunca saiu")
    outbox_unknown(message_id=ours.pk, code="timeout")
    assert receipt("PHONE1", "delivered") == 1
    typed = says("digitado no telefone", from_me=True, provider_id="PHONE1")
    assert (typed.text, fresh(typed).state, typed.author) == (
        "digitado no telefone", MessageState.DELIVERED, Author.PHONE,
    )  # fmt: skip
    assert (fresh(ours).state, ours.provider_id, ours.error_code) == (MessageState.UNKNOWN, "", "timeout")
    assert says("digitado no telefone", from_me=True, provider_id="PHONE1") is None
    message_resend(message_id=ours.pk)


@pytest.mark.parametrize("changes", [{"text": "Olá "}, {"text": "", "kind": "pending"}])
def test_our_own_message_coming_back_after_its_receipt_stays_the_one_it_is(says, write, receipt, changes):
    ours = write("Olá")
    outbox_unknown(message_id=ours.pk, code="timeout")
    receipt("OUT1", "delivered")
    assert says(**{"from_me": True, "provider_id": "OUT1", **changes}) is None
    assert (fresh(ours).state, ours.provider_id) == (MessageState.DELIVERED, "OUT1")


def test_what_was_sent_under_its_own_id_is_never_taken_for_another(says, write):
    ours = write("Olá")
    outbox_sent(message_id=ours.pk, provider_id="OUT1", sent_at=now())
    assert says("Olá (editado)", from_me=True, provider_id="OUT1") is None
    assert fresh(ours).state == MessageState.SENT


def test_our_own_message_coming_back_before_its_record_is_there_once(says, write, receipt, maria_thread):
    ours = write("Olá")
    copy = says("Olá", from_me=True, provider_id="OUT1")
    receipt("OUT1", "delivered")
    outbox_sent(message_id=ours.pk, provider_id="OUT1", sent_at=now())
    assert (fresh(ours).state, ours.provider_id) == (MessageState.DELIVERED, "OUT1")
    assert not Message.objects.filter(pk=copy.pk).exists()
    thread = Conversation.objects.get()
    assert (thread.last_message_text, thread.last_message_author) == ("Olá", Author.CONSULTANT)
    assert Event.objects.filter(kind="gone", object_id=f"msg-{copy.pk}").exists()
    assert receipt("OUT1", "read") == 1
