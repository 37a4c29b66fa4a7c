"""Filters of the board and the list: from an address to a condition and back. What is unknown is left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, Value
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.folding import Fold
from crm.core.numbers import whole
from crm.core.text import clean_line
from leads.attention import Chip, chip_q
from leads.models import Product, Source, Temperature

MINE, NOBODY = "mine", "none"
SEVERAL: dict[str, Any] = {"temperature": Temperature, "product": Product, "source": Source}
_FIELDS = {"temperature": "ai_temperature"}  # of the lead, where it is not called as in the address

_QUERY_LENGTH = 100
_MOST_WORDS = 8
_PHONE = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*")


@dataclass(frozen=True)
class Active:
    """One filter that is on: what it is called, and the address's query string without it."""

    label: str | Promise
    without: str


@dataclass(frozen=True)
class Filters:
    """What a person looks for. `owner` is `mine`, `none` or a consultant's id; empty fields filter nothing."""

    q: str = ""
    owner: str = ""
    temperature: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    chip: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """From an address's query string; unknown values are dropped."""
        chip = query.get("chip", "")
        return cls(
            q=clean_line(query.get("q", ""), limit=_QUERY_LENGTH),
            owner=_owner(query.get("owner", "")),
            chip=chip if chip in Chip.values else "",
            **{name: _known(query.getlist(name), choices.values) for name, choices in SEVERAL.items()},
        )

    @classmethod
    def parse(cls, text: str) -> "Filters":
        return cls.read(QueryDict(text[:2000]))

    @property
    def query(self) -> str:
        """The canonical query string: the same filters give the same text."""
        return urlencode({name: value for name, value in vars(self).items() if value}, doseq=True)

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def without_chip(self) -> "Filters":
        return replace(self, chip="")

    def condition(self, user: User, *, status: str = "") -> Q:
        """As a condition on leads, or on those of one status; whose leads `mine` are depends on who asks."""
        chosen = {f"{_FIELDS.get(name, name)}__in": getattr(self, name) for name in SEVERAL if getattr(self, name)}
        chip = chip_q(self.chip, status=status) if self.chip else Q()
        parts = [Q(**chosen), _search(self.q), _owned(self.owner, user), chip]
        return reduce(and_, parts)

    def active(self, consultants: Iterable[Any] = ()) -> list[Active]:
        """Each filter that is on, in words; consultants (pk, name) are those the person may choose from."""
        found = []
        if self.q:
            found.append(Active(f"“{self.q}”", replace(self, q="").query))
        if self.owner:
            found.append(Active(_owner_name(self.owner, consultants), replace(self, owner="").query))
        for name, choices in SEVERAL.items():
            values = getattr(self, name)
            for value in values:
                rest = replace(self, **{name: tuple(other for other in values if other != value)})
                found.append(Active(choices(value).label, rest.query))
        if self.chip:
            found.append(Active(Chip(self.chip).label, self.without_chip().query))
        return found


def _known(values: list[str], choices: list[str]) -> tuple[str, ...]:
    """In the choices' own order, each once."""
    return tuple(choice for choice in choices if choice in values)


def _owner(text: str) -> str:
    if text in (MINE, NOBODY):
        return text
    number = whole(text)
    return str(number) if number is not None and number > 0 else ""


def _owner_name(owner: str, consultants: Iterable[Any]) -> str | Promise:
    if owner in (MINE, NOBODY):
        return _("My leads") if owner == MINE else _("No consultant")
    names = (consultant.name for consultant in consultants if str(consultant.pk) == owner)
    return next(names, _("Another consultant"))


def _owned(owner: str, user: User) -> Q:
    if not owner:
        return Q()
    if owner == NOBODY:
        return Q(consultant=None)
    return Q(consultant_id=user.pk if owner == MINE else int(owner))


def _search(q: str) -> Q:
    """Every word must stand in the name, the e-mail or the phone, which are kept folded and with a trigram index; a
    phone may be written in any way."""
    words = [re.sub(r"\D", "", q)] if _PHONE.fullmatch(q) else q.split()[:_MOST_WORDS]
    return reduce(and_, (Q(search_text__contains=Fold(Value(word))) for word in words), Q())
