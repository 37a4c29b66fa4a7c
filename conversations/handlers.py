"""Subscriptions of the conversations app."""

from conversations.events import FileStored, LiviaSwitchedOff
from conversations.models import Conversation
from conversations.realtime import chat_room, publish_row, publish_row_gone, publish_unread
from conversations.tasks import look, quiet
from crm.core.doorbell import ring
from crm.core.facts import on
from crm.realtime.services import rooms_recheck
from leads.events import LeadAssigned, LeadsMerged, LeadsParted, LeadUpdated

SHOWN = ("contact", "inbox", "lead__consultant__user", "taken_by")


@on(LeadAssigned, inside=True)
def _threads_change_hands(fact: LeadAssigned) -> None:
    """A lead's threads appear in its new owner's list and leave the old one's.

    The lead is locked here, so no thread may be (threads are locked before leads): nothing is written to them.
    """
    for conversation in Conversation.objects.filter(lead_id=fact.lead_id).select_related(*SHOWN):
        publish_row(conversation)
        publish_row_gone(conversation, fact.previous_id)
        if conversation.unread_count:
            publish_unread(conversation, fact.previous_id)
        rooms_recheck([chat_room(conversation.pk)])


@on(LeadUpdated, inside=True)
def _threads_show_the_name(fact: LeadUpdated) -> None:
    if "name" not in fact.fields:
        return
    for conversation in Conversation.objects.filter(lead_id=fact.lead_id).select_related(*SHOWN):
        publish_row(conversation)


@on(LeadsMerged, inside=True)
def _threads_follow_their_lead(fact: LeadsMerged) -> None:
    _threads_of(fact.kept_id, fact.previous_id)


@on(LeadsParted, inside=True)
def _threads_go_back(fact: LeadsParted) -> None:
    _threads_of(fact.gone_id, fact.previous_id)


def _threads_of(lead_id: int, previous_id: int | None) -> None:
    for conversation in Conversation.objects.filter(lead_id=lead_id).select_related(*SHOWN):
        publish_row(conversation)
        publish_row_gone(conversation, previous_id)
        rooms_recheck([chat_room(conversation.pk)])


@on(LiviaSwitchedOff)
def _she_leaves_at_once(fact: LiviaSwitchedOff) -> None:
    ring(quiet.delay)  # a lost one is found within the minute


@on(FileStored)
def _look_at_the_file(fact: FileStored) -> None:
    ring(lambda: look.delay(fact.message_id))  # after a lost one it is shown without its shape
