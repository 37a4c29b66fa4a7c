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


@dataclass(frozen=True)
class SessionDeleted:
    """It was never used. Its folder outlives it."""

    session_id: int
