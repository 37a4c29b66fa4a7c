"""Subscriptions of the agent."""

from django.conf import settings

from agent.brain.stages import Stage
from agent.models import Dialogue
from agent.tasks import answer
from conversations.events import ConversationHandedBack, ConversationsMerged, MessageReceived
from crm.core.doorbell import ring
from crm.core.facts import on


@on(MessageReceived)
def _answer_after_the_burst(fact: MessageReceived) -> None:
    """The doorbell; a lost one is found by the sweep. Messages not Lívia's to answer end in the task's gate."""
    ring(lambda: answer.apply_async((fact.conversation_id,), countdown=settings.BURST_WINDOW_SECONDS))


@on(ConversationHandedBack, inside=True)
def _go_on_asking(fact: ConversationHandedBack) -> None:
    """Back with Lívia, the dialogue continues where qualification can."""
    ended = Dialogue.objects.filter(
        conversation_id=fact.conversation_id, stage__in=[Stage.TRANSFERRED, Stage.HANDED_OVER]
    )
    ended.update(stage=Stage.QUALIFICATION)


@on(ConversationsMerged, inside=True)
def _one_dialogue(fact: ConversationsMerged) -> None:
    """The dialogue Lívia last worked on goes on, with what only the other one knew."""
    dialogues = Dialogue.objects.filter(conversation_id__in=[fact.kept_id, fact.gone_id]).order_by("-updated_at")
    latest, *others = dialogues or [None]
    if latest is None:
        return
    for other in others:
        unknown = {name: value for name, value in other.slots.items() if latest.slots.get(name) in (None, "")}
        latest.slots = {**latest.slots, **unknown}
        latest.sources = {**{name: other.sources[name] for name in unknown if name in other.sources}, **latest.sources}
        other.delete()
    latest.conversation_id = fact.kept_id
    latest.save()
