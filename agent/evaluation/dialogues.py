"""Scripted clients against the whole pipeline, by rules alone: messages in, turns, rows and replies out."""

from collections.abc import Mapping
from typing import Any

from django.test.utils import override_settings

from agent.brain.stages import Stage
from agent.evaluation.cases import Case
from agent.evaluation.client import Client
from agent.evaluation.clock import Clock
from agent.models import Turn

UNKNOWN_ANSWER = "prefiro ver isso depois"
MAX_TURNS = 40
_WANTED = frozenset({"asked_person", "too_many_misses"})  # the client asked, or said yes to the offer of a person
_ENDS = frozenset({Stage.TRANSFERRED, Stage.HANDED_OVER, Stage.OPTED_OUT})


def play_dialogue(case: Case) -> dict[str, Any]:
    """The prediction of a case: turns first, then answers to what is asked and the closing words to yes or no."""
    with Clock() as clock, override_settings(GROQ_ENABLED=False, LIVIA_ENABLED=True):
        play = _Play(Client(clock))
        for turn in case["turns"]:
            play.say(turn)
        play.finish(dict(case.get("answers") or {}), list(case.get("closing") or ()))
        return {"id": case["id"], **play.result()}


class _Play:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.transcript: list[list[str]] = []

    def say(self, turn: str | list[str]) -> bool:
        """Whether Lívia answered."""
        for text in [turn] if isinstance(turn, str) else turn:
            self.client.write(text)
            self.transcript.append(["client", text])
        replies = self.client.wait_for_answer()
        self.transcript += [["livia", text] for text in replies]
        return bool(replies)

    def finish(self, answers: Mapping[str, str], closing: list[str]) -> None:
        for _turn in range(MAX_TURNS):
            dialogue = self.client.dialogue
            asked, pending = dialogue.state.get("asked"), dialogue.state.get("pending")
            if dialogue.stage in _ENDS:
                return
            if asked and not pending:
                turn = answers.get(asked, UNKNOWN_ANSWER)
            elif closing:
                turn = closing.pop(0)
            else:
                return
            if not self.say(turn):
                return

    def result(self) -> dict[str, Any]:
        dialogue = self.client.dialogue
        return {
            "outcome": outcome_of(self.client),
            "stage": str(dialogue.stage),
            "slots": dialogue.slots,
            "transcript": self.transcript,
        }


def outcome_of(client: Client) -> str:
    """transferred, asked_human, opted_out, handed_over (Lívia's own wish) or cold: none of these."""
    conversation, stage = client.conversation, client.dialogue.stage
    if conversation.contact.opted_out_at:
        return "opted_out"
    if stage == Stage.TRANSFERRED and conversation.lead.consultant_id:
        return "transferred"
    if stage == Stage.HANDED_OVER:
        last = Turn.objects.filter(conversation=conversation, outcome="handoff").order_by("-pk").first()
        return "asked_human" if last and last.reason in _WANTED else "handed_over"
    return "cold"
