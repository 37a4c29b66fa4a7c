"""Erasing a client with whom something is going on right now."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from agent.models import Turn
from agent.tests.conftest import groq, reply  # noqa: F401  (a fixture)
from agent.turns import turn_run
from conversations.claims import outbox_claim, outbox_still_wanted
from conversations.models import Author, Contact, Conversation, Direction, Inbox, InboxRole, Message, MessageState
from conversations.outbox import message_queue, message_send
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.locks import locks_then
from crm.core.work import unit
from crm.privacy.models import Erasure
from crm.privacy.previews import preview_of
from crm.privacy.services import subject_erase, subject_of
from leads.actors import SYSTEM
from leads.models import Import, ImportRow, ImportState, Lead
from leads.moves import lead_move
from leads.notes import note_add
from leads.services import lead_update, phone_lock
from whatsapp.tests.conftest import eventually

PHONE = "5531987654320"

pytestmark = pytest.mark.django_db(transaction=True)


def erase(lead_id: int) -> Erasure:
    return subject_erase(lead_id=lead_id, actor=SYSTEM, reason="asked")


def test_messages_that_arrive_meanwhile_are_the_erased_clients_or_a_new_ones(says):
    lead_id = says("oi", phone=PHONE).conversation.lead_id
    start = threading.Barrier(3)

    def at_once(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        finally:
            connection.close()

    def write() -> None:
        for n in range(8):
            says(f"olá {n} {threading.get_ident()}", phone=PHONE, provider_id=f"{threading.get_ident()}-{n}")

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(at_once, act) for act in (write, write, lambda: erase(lead_id))]:
            done.result(timeout=60)
    assert Message.objects.count() == 17
    assert Contact.objects.exclude(phone="").count() <= 1 and Contact.objects.filter(erased_at=None).count() <= 1
    old = Message.objects.filter(conversation__lead=lead_id)
    assert set(old.values_list("text", flat=True)) == {""}
    assert not Message.objects.filter(text="").exclude(conversation__lead=lead_id).exists()


def test_two_managers_at_once_erase_once(says):
    lead_id = says("oi", phone=PHONE).conversation.lead_id

    def act(_n: int) -> int:
        try:
            return erase(lead_id).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(act, range(3)))) == 1
    assert Erasure.objects.count() == 1


def test_a_batch_of_an_import_is_waited_for(says, bruno):
    lead_id = says("oi", phone=PHONE).conversation.lead_id
    batch = Import.objects.create(creator=bruno, name="a.csv", state=ImportState.RUNNING)
    ImportRow.objects.create(batch=batch, line=2, outcome="new", values={"name": "Maria"}, lead_id=lead_id)

    def act() -> Erasure:
        try:
            return erase(lead_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with unit():
            list(Import.objects.select_for_update().values_list("pk"))
            done = pool.submit(act)
            eventually(_somebody_waits)
            locks_then([phone_lock(f"+{PHONE}")], "SELECT 1")  # as a batch does, after its import
        assert done.result(timeout=30).lead_id == lead_id
    assert ImportRow.objects.get().values is None and Import.objects.get().state == ImportState.FAILED


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_what_livia_was_thinking_is_discarded(says, groq, settings):  # noqa: F811
    message = says("quero um empréstimo pra pagar umas contas, como vocês trabalham?", phone=PHONE)
    settings.GROQ_TURN_SECONDS = settings.GROQ_ATTEMPT_SECONDS = 30.0
    lead_id = message.conversation.lead_id
    asked = []

    def erased_meanwhile(_call: object) -> None:
        if not asked:
            asked.append(threading.get_ident())
            try:
                erase(lead_id)
            finally:
                connection.close()

    groq(reply("Claro! Me conta de onde você é?"), heard=erased_meanwhile)
    outcome = turn_run(conversation_id=message.conversation_id)
    assert asked and outcome.turn is None
    assert not Turn.objects.exists() and not Message.objects.filter(direction=Direction.OUT).exists()
    assert turn_run(conversation_id=message.conversation_id).turn is None


def test_nothing_more_is_sent_to_an_erased_client(says, ana):
    thread = says("oi", phone=PHONE).conversation
    claimed = message_send(conversation_id=thread.pk, text="um", user=ana)
    message_send(conversation_id=thread.pk, text="dois", user=ana)
    assert outbox_claim(inbox_id=thread.inbox_id).message_id == claimed.pk
    live = preview_of(subject_of(thread.lead_id)).live
    assert len(live) == 2
    erase(thread.lead_id)
    assert not outbox_still_wanted(message_id=claimed.pk) and outbox_claim(inbox_id=thread.inbox_id) is None
    assert set(Message.objects.filter(author="consultant").values_list("state", flat=True)) == {MessageState.CANCELLED}
    with pytest.raises(Conflict):
        message_queue(conversation_id=thread.pk, text="oi?", author=Author.CONSULTANT, user=ana)


def test_nothing_personal_is_written_to_an_erased_lead(new_lead, ana):
    lead = new_lead(owner=ana)
    erase(lead.pk)
    with pytest.raises(NotFound):
        lead_update(lead_id=lead.pk, values={"name": "Maria"}, actor=SYSTEM)
    with pytest.raises(NotFound):
        note_add(lead_id=lead.pk, text="a Maria", author=ana)
    version = Lead.objects.get(pk=lead.pk).version
    assert lead_move(lead_id=lead.pk, to="CONTACTED", version=version, actor=SYSTEM).status == "CONTACTED"
    assert not lead.tasks.filter(state="open").exists()


@pytest.mark.thorough
def test_both_threads_of_a_client_are_erased_and_a_long_one_soon(says, ana):
    first = says("oi", phone=PHONE).conversation
    desk = Inbox.objects.create(name="Mesa", role=InboxRole.CONSULTANTS)
    second = says("oi de novo", phone=PHONE, inbox=desk).conversation
    many = [
        Message(
            conversation=first, direction="in", author="client", text=f"segredo {n}", provider_id=f"M{n}",
            state="received", sent_at=now(),
        )
        for n in range(10_000)
    ]  # fmt: skip
    Message.objects.bulk_create(many, batch_size=2000)
    began = time.monotonic()
    erasure = erase(first.lead_id)
    took = time.monotonic() - began
    assert erasure.counts["messages"] >= 10_002 and took < 30, f"{took:.1f} s"
    assert not Message.objects.exclude(text="").exclude(kind="event").exists()
    assert set(Conversation.objects.values_list("pk", "chat")) == {(first.pk, ""), (second.pk, "")}
