"""What failed is seen by whoever may see its thread, and can be tried again."""

import pytest
from django.urls import reverse

from conversations.models import Author, Conversation, MessageState
from conversations.outbox import message_queue
from crm.core.clock import now
from crm.exports.models import Export, ExportState
from crm.webhooks.models import Arrival, ArrivalState, Delivery, DeliveryState, Endpoint, Source
from leads.models import Import, ImportState
from leads.services import lead_assign
from whatsapp.models import Session, SetAside

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(maria_thread: Conversation, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    message = message_queue(
        conversation_id=maria_thread.pk, text="Segue a proposta", author=Author.CONSULTANT, user=ana
    )
    type(message).objects.filter(pk=message.pk).update(state=MessageState.FAILED, error_code="not_on_whatsapp")
    return message


def page(client) -> str:
    response = client.get(reverse("workspace:queue"))
    assert response.status_code == 200
    return response.content.decode()


def test_a_failed_message_is_shown_to_its_owner_and_managers_only(failed, browse, ana, bruno, caio):
    assert "Segue a proposta" in page(browse(ana))
    assert "Segue a proposta" in page(browse(bruno))
    assert "Segue a proposta" not in page(browse(caio))


def test_sent_again_it_leaves_the_list(failed, browse, ana):
    client = browse(ana)
    client.post(reverse("conversations:resend", args=[failed.conversation_id, failed.pk]))
    assert "Segue a proposta" not in page(client)


def test_an_answer_given_up_is_listed_until_somebody_takes_it(maria_thread, browse, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    Conversation.objects.filter(pk=maria_thread.pk).update(turn_failed_at=now(), turn_failures=5, turn_error="KeyError")
    client = browse(ana)
    assert "KeyError" in page(client)
    client.post(reverse("conversations:takeover", args=[maria_thread.pk]))
    assert "KeyError" not in page(client)


def test_what_could_not_be_stored_is_the_managers(maria_thread, browse, ana, bruno):
    session, _made = Session.objects.get_or_create(inbox=maria_thread.inbox)
    record = SetAside.objects.create(session=session, raw=b"nonsense", error="ValueError")
    assert "ValueError" not in page(browse(ana))
    assert "ValueError" in page(browse(bruno))
    again = reverse("workspace:record_again", args=[record.pk])
    assert browse(ana).post(again).status_code == 404
    assert browse(bruno).post(again).status_code == 409
    assert browse(bruno).post(reverse("workspace:record_discard", args=[record.pk])).status_code == 302
    assert not SetAside.objects.exists()


def test_the_flow_is_counted(maria_thread, browse, bruno):
    Conversation.objects.filter(pk=maria_thread.pk).update(awaiting_since=now(), last_message_at=now())
    from crm.workspace.queue import flow

    seen = flow()
    assert (seen.active, seen.waiting, seen.turns, seen.seconds, seen.error_percent) == (1, 1, 0, None, 0)
    assert seen.waiting_tasks is not None


def test_one_button_tries_all_of_a_list_again(failed, browse, ana, caio):
    again = reverse("workspace:queue_again", args=["unsent"])
    browse(caio).post(again)
    failed.refresh_from_db()
    assert failed.state == MessageState.FAILED  # not his to send
    browse(ana).post(again)
    failed.refresh_from_db()
    assert failed.state == MessageState.QUEUED
    assert browse(ana).post(reverse("workspace:queue_again", args=["records"])).status_code == 404


def test_a_message_that_may_have_arrived_is_not_sent_again_with_the_others(failed, browse, ana):
    type(failed).objects.filter(pk=failed.pk).update(state=MessageState.UNKNOWN)
    browse(ana).post(reverse("workspace:queue_again", args=["unsent"]))
    failed.refresh_from_db()
    assert failed.state == MessageState.UNKNOWN


def test_what_was_given_up_elsewhere_stands_there_too(browse, ana, bruno):
    endpoint = Endpoint.objects.create(name="ERP", url="https://erp.example/", secret="s", events=[], creator=bruno)
    Delivery.objects.create(
        endpoint=endpoint,
        event="lead.created",
        payload={},
        state=DeliveryState.DEAD,
        due_at=now(),
        settled_at=now(),
        created_at=now(),
    )
    source = Source.objects.create(name="Portal", prefix="abc", digest="d", creator=bruno)
    Arrival.objects.create(source=source, key="1", state=ArrivalState.REFUSED, at=now())
    Import.objects.create(creator=bruno, name="junho.csv", state=ImportState.FAILED, error="Sem colunas")
    Export.objects.create(requester=ana, kind="leads", state=ExportState.FAILED, error="Disco cheio")
    shown = page(browse(bruno))
    assert all(word in shown for word in ("ERP", "Portal", "Sem colunas", "Disco cheio"))
    assert "ERP" not in page(browse(ana))
    browse(bruno).post(reverse("webhooks:resend_dead", args=[endpoint.pk]), {"days": 7})
    assert "ERP" not in page(browse(bruno))
