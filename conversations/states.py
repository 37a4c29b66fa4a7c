"""The life of an outgoing message: allowed steps, and which of two receipts says more."""

from conversations.models import MessageKind
from conversations.models import MessageState as State

STEPS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.FAILED}),
    State.SENDING: frozenset({State.SENT, State.FAILED, State.UNKNOWN, State.QUEUED, State.CANCELLED}),
    State.UNKNOWN: frozenset({State.SENT, State.DELIVERED, State.READ, State.PLAYED, State.QUEUED}),
    State.SENT: frozenset({State.DELIVERED, State.READ, State.PLAYED, State.FAILED}),
    State.DELIVERED: frozenset({State.READ, State.PLAYED}),
    State.READ: frozenset({State.PLAYED}),
    State.FAILED: frozenset({State.QUEUED}),
    # Cancelled in the very moment it left: what the provider says is what happened.
    State.CANCELLED: frozenset({State.SENT, State.DELIVERED, State.READ, State.PLAYED}),
}

RECEIPTS = (State.DELIVERED, State.READ, State.PLAYED)


def before(state: State) -> list[State]:
    """The states from which `state` may be reached."""
    return [origin for origin, targets in STEPS.items() if state in targets]


# Rows that are no line of the thread: what happened to it, reactions to its lines, and what the team tells itself.
ASIDE = (MessageKind.EVENT, MessageKind.REACTION, MessageKind.NOTE)
