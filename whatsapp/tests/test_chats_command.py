"""`manage.py whatsapp chats`."""

import io

import pytest
from django.core.management import CommandError, call_command

from conversations.models import Conversation
from whatsapp.models import Session


def chats(*arguments: object) -> str:
    out = io.StringIO()
    call_command("whatsapp", "chats", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_it_shows_the_latest_chats_of_a_session(says, livia_inbox):
    session = Session.objects.create(inbox=livia_inbox)
    says("oi")
    says("quero crédito", phone="5511998124001")
    first, second = Conversation.objects.order_by("pk")
    told = chats(session.pk, "--rebuild").splitlines()
    assert told[0] == "2 chats put into the index."
    assert told[1].startswith(f"{second.pk} |") and told[1].endswith("| quero crédito")
    assert told[2].startswith(f"{first.pk} |")
    assert len(chats(session.pk, "--limit", 1).splitlines()) == 1


@pytest.mark.django_db
def test_an_unknown_session_is_named():
    with pytest.raises(CommandError, match="no session 987"):
        chats(987)
