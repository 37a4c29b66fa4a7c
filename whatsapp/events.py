"""What happened to sessions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SessionWanted:
    """A person asked for the connection."""

    session_id: int


@dataclass(frozen=True)
class SessionMoved:
    session_id: int
    origin: str
    target: str
