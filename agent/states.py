"""Dialogue rows to brain states and back."""

from dataclasses import fields
from typing import Any

from agent.brain.dialogue import DialogueState
from agent.models import Dialogue
from conversations.models import Conversation

_FIELDS = frozenset(field.name for field in fields(DialogueState))


def dialogue_of(conversation: Conversation) -> Dialogue:
    """A thread's, perhaps read with it; a new one where Lívia has not begun."""
    return getattr(conversation, "dialogue", None) or Dialogue()


def state_of(dialogue: Dialogue) -> DialogueState:
    """What the brain continues from. What another version of it has kept and this one does not know is left out."""
    kept = {name: value for name, value in dialogue.state.items() if name in _FIELDS}
    return DialogueState.from_dict({**kept, "stage": dialogue.stage, "slots": dict(dialogue.slots)})


def state_write(dialogue: Dialogue, state: DialogueState) -> None:
    """Put a brain state into the row's fields, without saving."""
    for name, value in state_values(state).items():
        setattr(dialogue, name, value)


def state_values(state: DialogueState) -> dict[str, Any]:
    """A brain state as the row's fields."""
    kept = state.as_dict()
    return {"stage": kept.pop("stage"), "slots": kept.pop("slots"), "state": kept}
