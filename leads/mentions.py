"""People named in what the team writes to itself: `@Ana Clara`, or `@Ana` where only one is called so."""

import re
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_noop

from crm.accounts.models import User
from crm.realtime.publish import notify
from leads.models import Lead


def people_of(lead: Lead) -> list[User]:
    """Everybody who may see a lead, by name: what `leads_visible_to` says, asked for all people at once."""
    people = User.objects.filter(is_active=True).select_related("consultant").order_by("name", "pk")
    everyone = settings.BOARD_SHARED or (lead.consultant_id is None and settings.CONSULTANTS_SEE_UNOWNED)
    return [person for person in people if person.is_manager or everyone or person.pk == lead.consultant_id]


def mentioned(text: str, lead: Lead) -> list[User]:
    """Who may see the lead and is named with an @ in the text."""
    if "@" not in text:
        return []
    return [person for person, pattern in _patterns(people_of(lead)) if pattern.search(text)]


def _patterns(people: list[User]) -> list[tuple[User, re.Pattern[str]]]:
    """A first name counts where it is nobody else's, and is not the beginning of another's whole name."""
    first = Counter(_first(person).casefold() for person in people)
    found = []
    for person in people:
        names = [str(person), *([_first(person)] if first[_first(person).casefold()] == 1 else [])]
        either = "|".join(re.escape(name) for name in names)
        found.append((person, re.compile(rf"(?<!\w)@(?:{either})(?!\w)", re.IGNORECASE)))
    return found


def _first(person: User) -> str:
    return str(person).split()[0] if str(person).split() else str(person)


def names_of(people: Iterable[User]) -> list[str]:
    """The spellings under which a page marks these people, the longer first."""
    return sorted({name for person in people for name in (str(person), _first(person))}, key=len, reverse=True)


def mentions_tell(users: Iterable[User], *, by: User, lead: Lead, url: str, once: str) -> None:
    """Tell people that somebody named them; each is told once of one thing (`once`), and nobody of themselves.

    Call it inside a service.
    """
    notify(
        [user.pk for user in users if user.pk != by.pk],
        kind="mention",
        title=gettext_noop("%(by)s mentioned you: %(name)s"),
        data={"by": str(by), "name": lead.display_name},
        url=url,
        once=once,
    )
