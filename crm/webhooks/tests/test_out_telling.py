"""What happens becomes deliveries: with the change or not at all, for whoever listens, with no more than is needed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.bursts import messages_receive
from conversations.inbound import InboundMessage
from conversations.models import Message, MessageState
from conversations.outbox import outbox_settle
from conversations.services import conversation_hand_back, conversation_take
from crm.core.clock import now
from crm.core.work import unit
from crm.webhooks import telling
from crm.webhooks.models import Delivery, Event
from crm.webhooks.services import endpoint_delete, endpoint_pause
from crm.webhooks.tests.world import endpoint_of
from leads.actors import SYSTEM, person
from leads.merge import leads_merge
from leads.moves import lead_move
from leads.services import lead_assign, lead_summarise, lead_update

pytestmark = pytest.mark.django_db

URL = "https://erp.example.com/livia"


def told(event: str = "") -> list[dict]:
    rows = Delivery.objects.filter(event=event) if event else Delivery.objects.all()
    return [row.payload for row in rows.order_by("created_at", "pk")]


def last(event: str) -> dict:
    return told(event)[-1]["data"]


def test_a_lead_is_told_of_through_its_life(ana, bruno, new_lead):
    endpoint_of(bruno, URL)
    lead = new_lead(name="Maria Souza", credit_amount=30_000_000)
    first = told()[0]
    row = Delivery.objects.get()
    assert (first["id"], first["event"], first["api_version"]) == (str(row.pk), "lead.created", "v1")
    assert first["created_at"].endswith("Z") and row.lead_id == lead.pk
    said = first["data"]["lead"]
    assert (said["id"], said["name"], said["phone"], said["status"]) == (lead.pk, "Maria Souza", lead.phone, "NEW")
    assert (said["credit_amount"], said["consultant"]) == (30_000_000, None)
    lead = lead_assign(lead_id=lead.pk, consultant_id=ana.pk)
    assert last("lead.assigned")["lead"]["consultant"] == {"id": ana.pk, "name": "Ana Clara"}
    lead_update(lead_id=lead.pk, values={"city": "Natal"}, actor=person(bruno))
    assert last("lead.updated")["changed"] == ["city"]
    lead.refresh_from_db()
    lead_move(lead_id=lead.pk, to="CONTACTED", version=lead.version, actor=SYSTEM)
    moved = last("lead.moved")
    assert (moved["from"], moved["to"], moved["lead"]["status"]) == ("NEW", "CONTACTED", "CONTACTED")
    other = new_lead(name="Maria")
    leads_merge(keep_id=lead.pk, gone_id=other.pk, actor=SYSTEM)
    assert (last("lead.merged")["lead"]["id"], last("lead.merged")["gone_id"]) == (lead.pk, other.pk)
    lead_summarise(lead_id=lead.pk, summary="Quer casa", reason="asked_person", actor=SYSTEM)
    assert last("conversation.handoff")["reason"] == "asked_person"
    assert "Quer casa" not in str(told()) and "Natal" not in str(told())


def test_a_conversation_is_told_of(ana, bruno, says):
    endpoint_of(bruno, URL)
    message = says("x" * 5000)
    thread = message.conversation
    lead_assign(lead_id=thread.lead_id, consultant_id=ana.pk)
    data = last("message.received")
    assert data["message"]["id"] == message.pk and data["lead"]["id"] == thread.lead_id
    assert len(data["message"]["text"]) == 4000 and data["message"]["text_is_cut"]
    conversation_take(conversation_id=thread.pk, user=ana)
    assert last("conversation.taken")["user_id"] == ana.pk
    conversation_hand_back(conversation_id=thread.pk, user=ana)
    assert last("conversation.handed_back")["conversation"]["attended_by"] == "livia"
    for state, event in ((MessageState.SENT, "message.sent"), (MessageState.FAILED, "message.failed")):
        out = Message.objects.create(
            conversation=thread, direction="out", author="livia", text="Oi", state=MessageState.SENDING, sent_at=now()
        )
        with unit():
            outbox_settle(out.pk, state)
        assert last(event)["message"]["id"] == out.pk
    assert len(told("message.sent")) == 1


def test_each_message_of_a_burst_is_told(bruno, livia_inbox):
    endpoint_of(bruno, URL, Event.MESSAGE_RECEIVED)
    burst = [
        InboundMessage(
            provider_id=f"B{number}", chat="5511998123340@s.whatsapp.net", phone="5511998123340", lid=None,
            push_name="Maria", from_me=False, kind="text", text=f"parte {number}", sent_at=now(),
        )
        for number in range(3)
    ]  # fmt: skip
    messages_receive(inbox_id=livia_inbox.pk, inbounds=burst)
    assert sorted(each["data"]["message"]["text"] for each in told()) == ["parte 0", "parte 1", "parte 2"]


def test_what_is_undone_was_never_told(bruno, new_lead):
    endpoint_of(bruno, URL)
    with pytest.raises(ZeroDivisionError), unit():
        new_lead()
        raise ZeroDivisionError
    assert told() == []


def test_only_whoever_listens_is_told(bruno, new_lead):
    endpoint_of(bruno, URL, Event.LEAD_MOVED)
    wanted = endpoint_of(bruno, URL, Event.LEAD_CREATED, name="B")
    paused = endpoint_of(bruno, URL, name="C")
    gone = endpoint_of(bruno, URL, name="D")
    endpoint_pause(endpoint_id=paused.pk, by=bruno)
    endpoint_delete(endpoint_id=gone.pk, by=bruno)
    new_lead()
    assert [row.endpoint for row in Delivery.objects.all()] == [wanted]


def test_what_nobody_listens_to_costs_no_query(says, monkeypatch):
    monkeypatch.setattr(telling, "KNOWN_SECONDS", 60)  # however slow the machine is
    telling.endpoints_changed()
    says("oi")
    with CaptureQueriesContext(connection) as queries:
        says("tudo bem?")
    telling.endpoints_changed()
    assert not [query for query in queries if "webhooks_" in query["sql"]]
