"""Reading alerts: managers see all of them."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import QueryDict

from crm.alerts.models import Alert, Level

STATES = ("open", "free", "closed")
_WEIGHT = {Level.CRITICAL: 0, Level.WARNING: 1, Level.INFO: 2}


def open_alerts() -> QuerySet[Alert]:
    """What is not over, the gravest and then the newest first."""
    weight = Case(*(When(level=level, then=Value(n)) for level, n in _WEIGHT.items()), output_field=IntegerField())
    rows = Alert.objects.filter(cleared_at=None).select_related("taken_by")
    return rows.order_by(weight, "-raised_at", "-pk")


def closed_alerts() -> QuerySet[Alert]:
    """The history, the latest end first."""
    rows = Alert.objects.exclude(cleared_at=None).select_related("taken_by", "cleared_by")
    return rows.order_by("-cleared_at", "-pk")


@dataclass(frozen=True)
class Wanted:
    """Which alerts the page is to show: `open`, those of them `free` for somebody to take on, or `closed` ones. What
    the address says badly counts as not said."""

    state: str = "open"
    level: str = ""

    @classmethod
    def read(cls, address: QueryDict) -> "Wanted":
        state, level = address.get("state", ""), address.get("level", "")
        return cls(state if state in STATES else "open", level if level in Level.values else "")

    @property
    def query(self) -> str:
        said = {"state": "" if self.state == "open" else self.state, "level": self.level}
        return urlencode({name: value for name, value in said.items() if value})

    def neighbours(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Each state and each level (the first is any) with the query that leads there."""
        states = [(state, replace(self, state=state).query) for state in STATES]
        return states, [(level, replace(self, level=level).query) for level in ("", *Level.values)]

    def rows(self) -> QuerySet[Alert]:
        found = closed_alerts() if self.state == "closed" else open_alerts()
        if self.state == "free":
            found = found.filter(taken_by=None)
        return found.filter(level=self.level) if self.level else found
