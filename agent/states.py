"""Dialogue rows to brain states and back."""

from agent.brain.dialogue import DialogueState
from agent.models import Dialogue


def state_of(dialogue: Dialogue) -> DialogueState:
    """What the brain continues from."""
    return DialogueState.from_dict({**dialogue.state, "stage": dialogue.stage, "slots": dict(dialogue.slots)})


def state_write(dialogue: Dialogue, state: DialogueState) -> None:
    """Put a brain state into the row's fields, without saving."""
    kept = state.as_dict()
    dialogue.stage, dialogue.slots = kept.pop("stage"), kept.pop("slots")
    dialogue.state = kept
