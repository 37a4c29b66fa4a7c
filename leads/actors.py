"""Who does something to a lead."""

from dataclasses import dataclass

from crm.accounts.models import User
from leads.models import ActorKind


@dataclass(frozen=True)
class Actor:
    kind: ActorKind
    user: User | None = None

    @property
    def is_manager(self) -> bool:
        return self.user is None or self.user.is_manager


SYSTEM = Actor(ActorKind.SYSTEM)
LIVIA = Actor(ActorKind.LIVIA)
CLIENT = Actor(ActorKind.CLIENT)


def person(user: User) -> Actor:
    return Actor(ActorKind.PERSON, user)
