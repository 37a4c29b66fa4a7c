"""Messages of one person under different names at the same time: one person, no deadlock, nothing lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from conversations.models import Contact, Conversation, Inbox, InboxRole, Message, MessageKind
from conversations.outbox import message_send
from conversations.tests.maria import attempt
from crm.core.errors import Conflict, NotFound
from leads.actors import SYSTEM
from leads.models import Lead
from leads.selectors import room_totals
from leads.services import lead_update

ROUNDS = 50


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_one_person_by_three_names_at_once_is_one_person(says, ana):
    other = Inbox.objects.create(name="Consultores", role=InboxRole.CONSULTANTS, owner=ana)

    def write(job: tuple[int, str]) -> Message | None:
        number, how = job
        phone, lid = f"55119{number:08d}", f"77{number:06d}"
        names = {"phone": {"phone": phone}, "lid": {"phone": None, "lid": lid}, "both": {"phone": phone, "lid": lid}}
        inbox = {"inbox": other} if how == "lid elsewhere" else {}
        try:
            return says(f"{how} {number}", **names[how.split()[0]], **inbox)
        finally:
            connection.close()

    jobs = [(n, how) for n in range(ROUNDS) for how in ("phone", "lid", "lid elsewhere", "both", "both")]
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(write, jobs))
    said = Message.objects.exclude(kind=MessageKind.EVENT)
    assert all(stored) and said.count() == len(jobs)
    for number in range(ROUNDS):
        write((number, "both"))  # the last word on each: both names
    assert Contact.objects.count() == ROUNDS
    assert Conversation.objects.count() == 2 * ROUNDS
    assert Lead.objects.filter(merged_into=None).count() == ROUNDS
    assert set(Conversation.objects.values_list("lead__merged_into", flat=True)) == {None}
    assert sum(total.n for total in room_totals("board")) == ROUNDS


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_a_thread_that_is_joined_while_people_work_on_it(says, ana):
    """Two threads; then at once the message that joins them, an answer into each, and a change of each lead."""

    def together(number: int) -> list[Exception]:
        phone, lid = f"55119{number:08d}", f"77{number:06d}"
        one = says("1", phone=phone).conversation
        two = says("2", phone=None, lid=lid).conversation
        jobs = [
            lambda: says("3", phone=phone, lid=lid),
            *[
                lambda thread=thread: message_send(conversation_id=thread.pk, text="Oi", user=ana)
                for thread in (one, two)
            ],
            *[
                lambda thread=thread: lead_update(lead_id=thread.lead_id, values={"city": "Natal"}, actor=SYSTEM)
                for thread in (one, two)
            ],
        ]
        return [error for error in pool.map(attempt, jobs) if error]

    with ThreadPoolExecutor(5) as pool:
        errors = [error for number in range(ROUNDS) for error in together(number)]
    # Who came second finds the thread or lead gone, and says so; nobody finds anything else.
    assert {type(error) for error in errors} <= {NotFound, Conflict}
    assert Conversation.objects.count() == Contact.objects.count() == ROUNDS
    assert Message.objects.filter(text="3").count() == ROUNDS
