"""Subscriptions of the conversations app."""

from conversations.events import LiviaSwitchedOff
from conversations.models import Conversation
from conversations.realtime import chat_room, publish_row, publish_row_gone
from conversations.tasks import quiet
from crm.core.doorbell import ring
from crm.core.facts import on
from crm.realtime.services import rooms_recheck
from leads.events import LeadAssigned, LeadsMerged, LeadUpdated

SHOWN = ("contact", "inbox", "lead__consultant__user", "taken_by")


@on(LeadAssigned, inside=True)
def _threads_change_hands(fact: LeadAssigned) -> None:
    """A lead's threads appear in its new owner's list and leave the old one's.

    The lead is locked here, so no thread may be (threads are locked before leads): nothing is written to them.
    """
    for conversation in Conversation.objects.filter(lead_id=fact.lead_id).select_related(*SHOWN):
        publish_row(conversation)
        publish_row_gone(conversation, fact.previous_id)
        rooms_recheck([chat_room(conversation.pk)])


@on(LeadUpdated, inside=True)
def _threads_show_the_name(fact: LeadUpdated) -> None:
    if "name" not in fact.fields:
        return
    for conversation in Conversation.objects.filter(lead_id=fact.lead_id).select_related(*SHOWN):
        publish_row(conversation)


@on(LeadsMerged, inside=True)
def _threads_follow_their_lead(fact: LeadsMerged) -> None:
    for conversation in Conversation.objects.filter(lead_id=fact.kept_id).select_related(*SHOWN):
        publish_row(conversation)
        publish_row_gone(conversation, fact.previous_id)
        rooms_recheck([chat_room(conversation.pk)])


@on(LiviaSwitchedOff)
def _she_leaves_at_once(fact: LiviaSwitchedOff) -> None:
    ring(quiet.delay)  # a lost one is found within the minute
