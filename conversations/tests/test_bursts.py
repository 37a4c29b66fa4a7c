"""Several messages of one person at once become what they would have become one by one."""

from dataclasses import replace

import pytest

from conversations.bursts import messages_receive
from conversations.inbound import InboundMessage
from conversations.models import Conversation, Message, MessageKind
from crm.core.clock import now
from crm.realtime.models import Event, Notification
from leads.models import Lead
from leads.services import lead_assign

PHONE = "5511998123340"


def inbound(number: int, **changes) -> InboundMessage:
    values = {
        "provider_id": f"IN{number}", "chat": f"{PHONE}@s.whatsapp.net", "phone": PHONE, "lid": None,
        "push_name": "Maria", "from_me": False, "kind": "text", "text": f"mensagem {number}", "sent_at": now(),
    }  # fmt: skip
    return InboundMessage(**values | changes)


@pytest.fixture
def receive(livia_inbox):
    def together(*inbounds: InboundMessage) -> Conversation:
        messages_receive(inbox_id=livia_inbox.pk, inbounds=inbounds)
        return Conversation.objects.get()

    return together


def texts() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("text", flat=True))


def test_a_stranger_who_writes_thrice_is_one_lead_who_waits_for_livia(receive):
    thread = receive(*[inbound(number) for number in range(3)])
    assert texts() == ["mensagem 0", "mensagem 1", "mensagem 2"]
    newest = Message.objects.latest("pk")
    assert (thread.unread_count, thread.last_inbound_id, thread.last_message_text) == (3, newest.pk, "mensagem 2")
    assert (thread.answered_upto_id < newest.pk - 1, thread.awaiting_since is not None) == (True, True)
    lead = Lead.objects.get()
    assert (lead.unread_count, lead.last_message_text) == (3, "mensagem 2")


def test_each_message_is_shown_in_the_open_thread(receive):
    thread = receive(inbound(1), inbound(2))
    shown = Event.objects.filter(room=f"chat.{thread.pk}", kind="message").values_list("object_id", flat=True)
    assert sorted(shown) == sorted(f"msg-{message.pk}" for message in Message.objects.all())


def test_what_is_known_is_left_out_even_within_a_burst(receive):
    receive(inbound(1), inbound(2))
    thread = receive(inbound(2), inbound(3), inbound(3))
    assert texts() == ["mensagem 1", "mensagem 2", "mensagem 3"]
    assert thread.unread_count == 3
    assert receive(inbound(1), inbound(3)).revision == thread.revision


def test_with_changes_among_them_they_are_taken_one_by_one(receive):
    receive(inbound(1), inbound(2, kind="edit", target_provider_id="IN1", text="corrigida"), inbound(3))
    assert texts() == ["corrigida", "mensagem 3"]


def test_content_that_comes_late_fills_its_place(receive):
    receive(inbound(1, kind="pending", text=""), inbound(2))
    thread = receive(inbound(1), inbound(3))
    assert texts() == ["mensagem 1", "mensagem 2", "mensagem 3"]
    assert not Message.objects.filter(kind=MessageKind.PENDING).exists()
    assert thread.last_message_text == "mensagem 3"


def test_the_owner_is_rung_once(receive, livia_inbox, ana):
    thread = receive(inbound(1))
    Conversation.objects.update(unread_count=0, attended_by="person")
    lead_assign(lead_id=thread.lead_id, consultant_id=ana.pk)
    before = Notification.objects.filter(user=ana, kind="message").count()
    receive(*[replace(inbound(number), text="oi") for number in (4, 5, 6)])
    assert Notification.objects.filter(user=ana, kind="message").count() == before + 1
