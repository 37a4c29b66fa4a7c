"""Facts of programs that sign in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TokenReused:
    """A refresh token that was used before came back: either side may be a thief, so its sign-in was revoked."""

    user_id: int
