"""Subscriptions of the agent."""

from django.conf import settings

from agent.brain.stages import Stage
from agent.models import Dialogue
from agent.tasks import answer
from conversations.events import ConversationHandedBack, MessageReceived
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
