"""As what a request signed in: `request.auth` of every API view."""

from dataclasses import dataclass
from uuid import UUID

from crm.api.scopes import Scope

EVERYTHING = frozenset(Scope)


@dataclass(frozen=True)
class Grant:
    """`owner` is whose requests count together, for limits and repeats; `scopes` what the request may do; `family` the
    sign-in of an access token."""

    owner: str
    scopes: frozenset[str] = EVERYTHING
    family: UUID | None = None

    def __str__(self) -> str:
        return self.owner
