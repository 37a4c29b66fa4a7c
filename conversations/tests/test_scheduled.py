"""Messages for later: sent once when due, or said why not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from conversations.consent import contact_opt_out
from conversations.models import Author, Conversation, Message, ScheduledMessage, ScheduledState
from conversations.scheduled import scheduled_cancel, scheduled_create, scheduled_run, scheduled_send_now
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from crm.realtime.models import Notification
from leads.models import Attendance
from leads.services import lead_assign


@pytest.fixture
def anas_thread(maria_thread, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    return maria_thread


@pytest.fixture
def later(anas_thread, ana):
    """A message of Ana's, due now."""

    def make(**more) -> ScheduledMessage:
        row = scheduled_create(
            conversation_id=anas_thread.pk, text="Bom dia!", send_at=now() + timedelta(hours=1), user=ana, **more
        )
        ScheduledMessage.objects.update(send_at=now() - timedelta(seconds=1))
        return row

    return make


def state_of(row: ScheduledMessage) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.reason


def sent() -> list[str]:
    return list(Message.objects.filter(author=Author.CONSULTANT, direction="out").values_list("text", flat=True))


def test_a_due_message_is_sent_once_and_takes_the_conversation(later, ana):
    row = later()
    scheduled_run()
    scheduled_run()
    assert sent() == ["Bom dia!"]
    assert state_of(row) == (ScheduledState.SENT, "")
    assert row.message.sender == ana
    assert Conversation.objects.get().attended_by == Attendance.PERSON


def test_the_same_message_asked_for_twice_waits_once(anas_thread, ana):
    def ask(text: str, hours: int) -> int:
        at = now() + timedelta(hours=hours)
        return scheduled_create(conversation_id=anas_thread.pk, text=text, send_at=at, user=ana).pk

    assert ask("Bom dia!", 1) == ask(" Bom dia! ", 1)
    assert len({ask("Bom dia!", 1), ask("Bom dia!", 24), ask("Boa tarde!", 1)}) == 3


def test_what_is_not_due_waits(anas_thread, ana):
    scheduled_create(conversation_id=anas_thread.pk, text="a", send_at=now() + timedelta(minutes=1), user=ana)
    scheduled_run()
    assert sent() == []


def test_after_an_opt_out_it_is_not_sent_and_its_author_is_told(later, anas_thread, ana):
    row = later()
    contact_opt_out(conversation_id=anas_thread.pk, confirmation="Certo.")
    scheduled_run()
    assert state_of(row) == (ScheduledState.REFUSED, "opted_out")
    assert sent() == []
    told = Notification.objects.get(kind="message_not_sent")
    assert (told.user, told.url) == (ana, f"/conversations/{anas_thread.pk}/")
    with pytest.raises(Conflict):
        scheduled_create(conversation_id=anas_thread.pk, text="a", send_at=now() + timedelta(hours=1), user=ana)


def test_a_client_who_wrote_since_is_answered_by_a_person(later, says):
    row, anyway = later(), later(cancel_on_reply=False)
    says("mudei de ideia")
    scheduled_run()
    assert state_of(row) == (ScheduledState.CANCELLED, "client_wrote")
    assert state_of(anyway) == (ScheduledState.SENT, "")
    assert sent() == ["Bom dia!"]


def test_a_sign_of_the_client_is_no_reply(later, says, anas_thread):
    row = later()
    says("👍", kind="reaction", target_provider_id=anas_thread.messages.first().provider_id)
    scheduled_run()
    assert state_of(row)[0] == ScheduledState.SENT


def test_whoever_no_longer_serves_the_client_sends_nothing(later, anas_thread, ana, caio):
    row = later()
    lead_assign(lead_id=anas_thread.lead_id, consultant_id=caio.pk)
    scheduled_run()
    assert state_of(row) == (ScheduledState.REFUSED, "author_gone")
    assert {note.user for note in Notification.objects.filter(kind="message_not_sent")} == {ana, caio}


def test_nobody_writes_after_they_left(later, ana):
    row = later()
    ana.is_active = False
    ana.save()
    scheduled_run()
    assert state_of(row) == (ScheduledState.REFUSED, "author_gone")
    assert sent() == []


@pytest.mark.parametrize("minutes", [-60, 0, 60 * 24 * 400])
def test_the_server_says_what_is_future(anas_thread, ana, minutes):
    with pytest.raises(Invalid):
        scheduled_create(conversation_id=anas_thread.pk, text="a", send_at=now() + timedelta(minutes=minutes), user=ana)


@pytest.mark.parametrize("text", ["", "x" * 5000, "Olá {nome}"])
def test_what_could_not_be_sent_cannot_wait_either(anas_thread, ana, text):
    with pytest.raises(Invalid):
        scheduled_create(conversation_id=anas_thread.pk, text=text, send_at=now() + timedelta(hours=1), user=ana)


def test_what_was_cancelled_or_sent_waits_no_more(later, ana):
    row = later()
    scheduled_cancel(scheduled_id=row.pk)
    scheduled_run()
    with pytest.raises(NotFound):
        scheduled_send_now(scheduled_id=row.pk, user=ana)
    assert sent() == []


def test_the_dialog_reads_hours_in_the_products_time_zone(anas_thread, ana, browse):
    client, root = browse(ana), f"/conversations/{anas_thread.pk}"
    tomorrow = (timezone.localtime(now()) + timedelta(days=1)).strftime("%Y-%m-%d")
    assert client.post(f"{root}/schedule/", {"text": "Oi", "send_at": "2020-01-01T10:00"}).status_code == 422
    assert client.post(f"{root}/schedule/", {"text": "Oi", "send_at": "quando der"}).status_code == 422
    assert client.post(f"{root}/schedule/", {"text": "Oi", "send_at": f"{tomorrow}T10:00"}).status_code == 204
    row = ScheduledMessage.objects.get()
    assert row.send_at == datetime.fromisoformat(f"{tomorrow}T10:00").astimezone(timezone.get_default_timezone())
    assert (row.cancel_on_reply, row.author) == (False, ana)
    page = client.get(f"{root}/").content.decode()
    assert f"{root}/scheduled/{row.pk}/cancel/" in page
    assert (
        client.post(f"{root}/scheduled/{row.pk}/", {"text": "Olá", "send_at": f"{tomorrow}T11:00"}).status_code == 204
    )
    assert client.post(f"{root}/scheduled/{row.pk}/now/").status_code == 204
    assert sent() == ["Olá"]
    assert client.post(f"{root}/scheduled/{row.pk}/cancel/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(later):
    later()

    def work() -> None:
        try:
            scheduled_run()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(work) for _ in range(4)]:
            job.result()
    assert sent() == ["Bom dia!"]
