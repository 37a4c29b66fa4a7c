"""A bubble that holds no words of ours is rendered once for all languages; any other once for each."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from conversations.inbound import InboundMessage
from conversations.models import Message, MessageKind
from conversations.selectors import messages_dress
from conversations.services import message_receive
from crm.core.clock import now
from crm.realtime.models import Event

PHONE = "5511998123340"
KINDS = [kind for kind in MessageKind.values if kind not in (MessageKind.REACTION, MessageKind.EVENT)]


def inbound(provider_id: str, **changes) -> InboundMessage:
    values = {
        "provider_id": provider_id, "chat": f"{PHONE}@s.whatsapp.net", "phone": PHONE, "lid": None,
        "push_name": "Maria", "from_me": False, "kind": "text", "text": "*Oi* https://a.example", "sent_at": now(),
    }  # fmt: skip
    return InboundMessage(**values | changes)


def bubble_in(code: str, message: Message) -> str:
    with translation.override(code):
        return render_to_string("conversations/_message.html", {"message": messages_dress([message])[0]})


def told(message: Message) -> dict[str, str]:
    return Event.objects.filter(object_id=f"msg-{message.pk}").latest("seq").html


def assert_told_as_rendered(message: Message) -> None:
    message = Message.objects.get(pk=message.pk)
    assert told(message) == {code: bubble_in(code, message) for code, _name in settings.LANGUAGES}


@pytest.mark.parametrize("from_me", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_is_told_in_each_language_as_the_page_shows_it(livia_inbox, kind, from_me):
    message = message_receive(inbox_id=livia_inbox.pk, inbound=inbound("A", kind=kind, from_me=from_me))
    assert_told_as_rendered(message)


@pytest.mark.parametrize("change", ["reaction", "edit", "revoke"])
def test_so_is_a_text_once_it_was_changed(livia_inbox, change):
    message = message_receive(inbox_id=livia_inbox.pk, inbound=inbound("A"))
    message_receive(inbox_id=livia_inbox.pk, inbound=inbound("B", kind=change, target_provider_id="A", text="👍"))
    assert_told_as_rendered(message)


def test_so_is_an_answer_that_quotes(livia_inbox):
    message_receive(inbox_id=livia_inbox.pk, inbound=inbound("A", kind="image", text=""))
    assert_told_as_rendered(message_receive(inbox_id=livia_inbox.pk, inbound=inbound("B", quoted_provider_id="A")))
