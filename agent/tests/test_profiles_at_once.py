"""Reading what a person wrote while two of their contacts become one."""

import threading
from functools import partial

import pytest
from django.db import connection

from agent.models import ContactProfile
from agent.profiles import profile_learn
from conversations.models import Author, Contact, Message
from crm.core.errors import NotFound

ROUNDS = 5


@pytest.mark.django_db(transaction=True)
def test_joining_and_reading_at_once_neither_block_each_other_nor_lose_a_message(says):
    for n in range(ROUNDS):
        phone = f"551199812{n:04}"
        says("qual a taxa?", phone=phone)
        says("e a taxa do carro?", phone=None, lid=f"7{n}")
        contacts = list(Contact.objects.order_by("-pk").values_list("pk", flat=True)[:2])
        joins = partial(says, "oi", phone=phone, lid=f"7{n}")
        _together(*[partial(_read, pk) for pk in contacts], joins)
        _read(Contact.objects.latest("pk").pk)
        _read(Message.objects.latest("pk").conversation.contact_id)
    assert ContactProfile.objects.count() == Contact.objects.count() == ROUNDS
    assert set(ContactProfile.objects.values_list("messages_read", flat=True)) == {3}
    assert not Message.objects.filter(author=Author.CLIENT, sentiment=None).exists()


def _read(contact_id: int) -> None:
    try:
        profile_learn(contact_id=contact_id)
    except NotFound:
        return


def _together(*actions) -> None:
    errors: list[BaseException] = []
    start = threading.Barrier(len(actions))

    def run(action) -> None:
        try:
            start.wait(10)
            action()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors and not any(thread.is_alive() for thread in threads)
