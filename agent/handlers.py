"""Subscriptions of the agent."""

from django.conf import settings

from agent.events import TurnSettled
from agent.followups import follow_ups_cancel, follow_ups_join
from agent.handing_back import dialogue_resume
from agent.judging import may_judge
from agent.models import Dialogue, Turn
from agent.tasks import answer, judge, transcribe
from agent.vips import is_vip, vip_await
from agent.voice import voice_await, voice_is_awaited
from conversations.events import (
    ConversationHandedBack,
    ConversationsMerged,
    ConversationTaken,
    FileStored,
    MessageReceived,
)
from crm.core.doorbell import ring
from crm.core.facts import on
from leads.events import LeadCreated
from leads.models import Source

_JUDGED_TURNS = frozenset({"simulated", "handoff"})


@on(MessageReceived)
def _answer_after_the_burst(fact: MessageReceived) -> None:
    """The doorbell; a lost one is found by the sweep. Messages not Lívia's to answer end in the task's gate."""
    seconds = settings.BURST_WINDOW_SECONDS
    ring(lambda: answer.apply_async((fact.conversation_id,), countdown=seconds))
    if is_vip(fact.conversation_id):
        ring(lambda: vip_await(fact.conversation_id, seconds=seconds))


@on(FileStored, inside=True)
def _want_its_words(fact: FileStored) -> None:
    voice_await(message_id=fact.message_id)


@on(FileStored)
def _listen(fact: FileStored) -> None:
    if voice_is_awaited(fact.message_id):  # a lost bell is found by the sweep
        ring(lambda: transcribe.delay(fact.message_id))


@on(ConversationTaken, inside=True)
def _leave_reminding_to_the_person(fact: ConversationTaken) -> None:
    follow_ups_cancel(conversation_id=fact.conversation_id, reason="taken")


@on(LeadCreated)
def _judge_a_new_lead(fact: LeadCreated) -> None:
    """One who writes on WhatsApp is judged by what they say."""
    if fact.source != Source.WHATSAPP and may_judge():
        ring(lambda: judge.delay(fact.lead_id))


@on(TurnSettled)
def _judge_after_a_milestone(fact: TurnSettled) -> None:
    if not may_judge():
        return
    turns = Turn.objects.filter(pk=fact.turn_id, outcome__in=_JUDGED_TURNS)
    lead_id = turns.values_list("conversation__lead_id", flat=True).first()
    if lead_id is not None:
        ring(lambda: judge.delay(lead_id))


@on(ConversationHandedBack, inside=True)
def _go_on_asking(fact: ConversationHandedBack) -> None:
    """Back with Lívia, the dialogue continues where qualification can."""
    dialogue_resume(conversation_id=fact.conversation_id)


@on(ConversationHandedBack)
def _answer_who_waits(fact: ConversationHandedBack) -> None:
    ring(lambda: answer.delay(fact.conversation_id))


@on(ConversationsMerged, inside=True)
def _one_dialogue(fact: ConversationsMerged) -> None:
    """The dialogue Lívia last worked on goes on, with what only the other one knew."""
    follow_ups_join(kept_id=fact.kept_id, gone_id=fact.gone_id)
    both = list(Dialogue.objects.filter(conversation_id__in=[fact.kept_id, fact.gone_id]).order_by("-updated_at"))
    if not both:
        return
    latest, *others = both
    for other in others:
        unknown = {name: value for name, value in other.slots.items() if latest.slots.get(name) in (None, "")}
        latest.slots = {**latest.slots, **unknown}
        latest.sources = {**{name: other.sources[name] for name in unknown if name in other.sources}, **latest.sources}
        other.delete()
    latest.conversation_id = fact.kept_id
    latest.save()
