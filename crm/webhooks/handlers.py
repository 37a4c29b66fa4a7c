"""Subscriptions: what happens becomes deliveries, within its transaction; the doorbell rings after it."""

from collections.abc import Iterable
from functools import partial

from conversations.events import ConversationHandedBack, ConversationTaken, MessageReceived, MessageSettled
from conversations.models import Conversation, Message, MessageState
from crm.alerts.events import AlertCleared, AlertRaised
from crm.alerts.models import Alert
from crm.core.doorbell import ring
from crm.core.facts import on
from crm.webhooks.events import DeliveriesDue
from crm.webhooks.models import Event
from crm.webhooks.payloads import Data, alert_short, leads_short, message_short, thread_short
from crm.webhooks.tasks import send
from crm.webhooks.telling import deliveries_add, is_wanted
from leads.events import (
    LeadAssigned,
    LeadCreated,
    LeadHandedOver,
    LeadMoved,
    LeadsImported,
    LeadsMerged,
    LeadUpdated,
)

_SETTLED = {MessageState.SENT: Event.MESSAGE_SENT, MessageState.FAILED: Event.MESSAGE_FAILED}


@on(DeliveriesDue)
def _send_soon(fact: DeliveriesDue) -> None:
    for endpoint_id in fact.endpoint_ids:  # a lost one is found by the sweep
        ring(partial(send.delay, endpoint_id))


# ---- leads
@on(LeadCreated, inside=True)
def _created(fact: LeadCreated) -> None:
    _tell_of_leads(Event.LEAD_CREATED, [fact.lead_id])


@on(LeadsImported, inside=True)
def _imported(fact: LeadsImported) -> None:
    _tell_of_leads(Event.LEAD_CREATED, fact.lead_ids)


@on(LeadUpdated, inside=True)
def _updated(fact: LeadUpdated) -> None:
    _tell_of_leads(Event.LEAD_UPDATED, [fact.lead_id], changed=list(fact.fields))


@on(LeadMoved, inside=True)
def _moved(fact: LeadMoved) -> None:
    _tell_of_leads(Event.LEAD_MOVED, [fact.lead_id], **{"from": fact.origin, "to": fact.to})


@on(LeadAssigned, inside=True)
def _assigned(fact: LeadAssigned) -> None:
    _tell_of_leads(Event.LEAD_ASSIGNED, [fact.lead_id], previous_consultant_id=fact.previous_id)


@on(LeadsMerged, inside=True)
def _merged(fact: LeadsMerged) -> None:
    _tell_of_leads(Event.LEAD_MERGED, [fact.kept_id], gone_id=fact.gone_id)


@on(LeadHandedOver, inside=True)
def _handed_over(fact: LeadHandedOver) -> None:
    _tell_of_leads(Event.CONVERSATION_HANDOFF, [fact.lead_id], reason=fact.reason)


def _tell_of_leads(event: Event, lead_ids: Iterable[int], **more: object) -> None:
    if is_wanted(event):
        leads = leads_short(lead_ids)
        deliveries_add(event=event, said=[(number, {"lead": lead, **more}) for number, lead in leads.items()])


# ---- conversations
@on(MessageReceived, inside=True)
def _received(fact: MessageReceived) -> None:
    """Of a message that was edited too: its number is known by then, and `edited_at` says so."""
    if is_wanted(Event.MESSAGE_RECEIVED):
        _tell_of_messages(Event.MESSAGE_RECEIVED, [*fact.earlier_ids, fact.message_id])


@on(MessageSettled, inside=True)
def _settled(fact: MessageSettled) -> None:
    event = _SETTLED.get(MessageState(fact.state))
    if event and is_wanted(event):
        _tell_of_messages(event, [fact.message_id])


def _tell_of_messages(event: Event, message_ids: list[int]) -> None:
    messages = Message.objects.filter(pk__in=message_ids).select_related("conversation").order_by("pk")
    said = [(message.conversation, {"message": message_short(message)}) for message in messages]
    _tell_of_threads(event, said)


@on(ConversationTaken, inside=True)
def _taken(fact: ConversationTaken) -> None:
    _tell_of_thread(Event.CONVERSATION_TAKEN, fact.conversation_id, user_id=fact.user_id)


@on(ConversationHandedBack, inside=True)
def _handed_back(fact: ConversationHandedBack) -> None:
    _tell_of_thread(Event.CONVERSATION_HANDED_BACK, fact.conversation_id, user_id=fact.user_id)


def _tell_of_thread(event: Event, conversation_id: int, **more: object) -> None:
    if is_wanted(event):
        _tell_of_threads(event, [(Conversation.objects.get(pk=conversation_id), more)])


def _tell_of_threads(event: Event, said: list[tuple[Conversation, Data]]) -> None:
    leads = leads_short({thread.lead_id for thread, _more in said})
    told = [
        (thread.lead_id, {**more, "conversation": thread_short(thread), "lead": leads[thread.lead_id]})
        for thread, more in said
    ]
    deliveries_add(event=event, said=told)


# ---- alerts
@on(AlertRaised, inside=True)
def _alert_raised(fact: AlertRaised) -> None:
    _tell_of_alert(Event.ALERT_RAISED, fact.alert_id)


@on(AlertCleared, inside=True)
def _alert_cleared(fact: AlertCleared) -> None:
    _tell_of_alert(Event.ALERT_CLEARED, fact.alert_id)


def _tell_of_alert(event: Event, alert_id: int) -> None:
    if is_wanted(event):
        deliveries_add(event=event, said=[(None, {"alert": alert_short(Alert.objects.get(pk=alert_id))})])
