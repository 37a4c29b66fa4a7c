"""Dialogue rows to brain states and back."""

from dataclasses import fields

from agent.brain.dialogue import DialogueState
from agent.models import Dialogue

_FIELDS = frozenset(field.name for field in fields(DialogueState))


def state_of(dialogue: Dialogue) -> DialogueState:
    """What the brain continues from. What another version of it has kept and this one does not know is left out."""
    kept = {name: value for name, value in dialogue.state.items() if name in _FIELDS}
    return DialogueState.from_dict({**kept, "stage": dialogue.stage, "slots": dict(dialogue.slots)})


def state_write(dialogue: Dialogue, state: DialogueState) -> None:
    """Put a brain state into the row's fields, without saving."""
    kept = state.as_dict()
    dialogue.stage, dialogue.slots = kept.pop("stage"), kept.pop("slots")
    dialogue.state = kept
