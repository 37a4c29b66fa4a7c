"""The layers of what a model is told about a conversation. Plain values; who fills them is the caller's business."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

CONTEXT_VERSION = 1
_DEPTHS = (3, 10, 50)  # messages of the client from which on more is told
HISTORY = 10  # messages


@dataclass(frozen=True)
class Identity:
    """Who writes. `name` is what the client calls themselves in WhatsApp: their own words, and untrusted."""

    name: str = ""
    preferred_name: str = ""
    city: str = ""


@dataclass(frozen=True)
class Relationship:
    """`kind`: new, prospect, client, partner. `priority`: normal, high, vip."""

    kind: str = "new"
    priority: str = "normal"
    since_days: int = 0
    messages: int = 0
    simulations: int = 0


@dataclass(frozen=True)
class Said:
    """One earlier message. A consultant's words count as Lívia's side."""

    who: Literal["client", "livia", "consultant"]
    text: str


@dataclass(frozen=True)
class Situation:
    """`local_time` for people: "quinta-feira, 14h20"."""

    local_time: str = ""
    open_now: bool = True
    next_open: str = ""
    urgency: str = ""
    waiting_minutes: int = 0


@dataclass(frozen=True)
class ContextLayers:
    """`communication` and `topics` are short Portuguese words about how and about what the client writes."""

    identity: Identity = Identity()
    relationship: Relationship = Relationship()
    communication: Mapping[str, Any] = field(default_factory=dict)
    topics: Sequence[str] = ()
    history: Sequence[Said] = ()
    situation: Situation = Situation()
    business: Mapping[str, Any] = field(default_factory=dict)
    version: int = CONTEXT_VERSION

    @property
    def depth(self) -> int:
        return depth(self.relationship.messages)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, with the depth."""
        return {**asdict(self), "topics": list(self.topics), "depth": self.depth}


def depth(messages: int) -> int:
    """0 below 3 messages, then 1; 2 from 10 and 3 from 50 on."""
    return sum(messages >= least for least in _DEPTHS)
