"""The list of conversations: what is asked for in the address, a page of rows, and how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from conversations.models import Conversation, ConversationStatus, Label
from conversations.selectors import MOST_COUNTED, conversations_visible_to
from crm.accounts.models import User
from crm.core.counting import counts
from crm.core.numbers import whole
from leads.models import Attendance

TABS = ("mine", "unassigned", "all")
SHOWS = ("all", "unread", "livia", "snoozed", "archived")
ROWS = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """Which threads the list is to show. What the address says badly counts as not said."""

    tab: str = "all"
    show: str = "all"
    label: int | None = None
    query: str = ""

    @classmethod
    def read(cls, address: Mapping[str, str]) -> "Wanted":
        tab, show = address.get("tab", ""), address.get("show", "")
        query = " ".join(address.get("q", "").replace("\x00", "").split())[:80]
        label = whole(address.get("label"))
        return cls(tab if tab in TABS else "all", show if show in SHOWS else "all", label, query)

    def address(self, **changes: object) -> str:
        """The same, or a neighbour of it, as the query of an address; empty for the plain list."""
        wanted = replace(self, **changes)  # type: ignore[arg-type]  # names and values of this class
        said = {"tab": wanted.tab, "show": wanted.show, "label": wanted.label, "q": wanted.query}
        plain = {name: value for name, value in said.items() if value and value != "all"}
        return f"?{urlencode(plain)}" if plain else ""


@dataclass(frozen=True)
class Rows:
    rows: list[Conversation]
    has_more: bool

    @property
    def cursor(self) -> str:
        """Where the next page begins."""
        last = self.rows[-1]
        at = last.last_message_at or _EPOCH
        return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{last.pk}"


def threads_page(user: User, wanted: Wanted, *, after: str = "") -> Rows:
    """A page of the list, newest first, after a cursor. A thread without a message is not on it."""
    threads = threads_wanted(user, wanted)
    if (place := _place(after)) is not None:
        at, thread_id = place
        threads = threads.filter(Q(last_message_at__lte=at) & ~Q(last_message_at=at, pk__gte=thread_id))
    rows = threads.exclude(last_message_at=None).order_by("-last_message_at", "-id")
    found = list(rows.select_related("contact", "lead__consultant__user").prefetch_related("labels")[: ROWS + 1])
    return Rows(found[:ROWS], len(found) > ROWS)


def threads_wanted(user: User, wanted: Wanted) -> QuerySet[Conversation]:
    """All threads of the list, in no order; searching is another matter."""
    return _shown(_of_tab(conversations_visible_to(user), user, wanted.tab), wanted)


def _place(cursor: str) -> tuple[datetime, int] | None:
    at, _dash, thread_id = cursor.partition("-")
    micros, pk = whole(at), whole(thread_id)
    if micros is None or pk is None or not 0 <= micros < 2**52:
        return None
    return _EPOCH + timedelta(microseconds=micros), pk


def _of_tab(threads: QuerySet[Conversation], user: User, tab: str) -> QuerySet[Conversation]:
    if tab == "mine":
        return threads.filter(lead__consultant_id=user.pk)
    return threads.filter(lead__consultant_id=None) if tab == "unassigned" else threads


def _shown(threads: QuerySet[Conversation], wanted: Wanted) -> QuerySet[Conversation]:
    """In step with what the page's script hides of pushed rows."""
    if wanted.label is not None:
        threads = threads.filter(labels=wanted.label)
    if wanted.show == "archived":
        return threads.filter(status=ConversationStatus.ARCHIVED)
    threads = threads.exclude(status=ConversationStatus.ARCHIVED)
    if wanted.show == "snoozed":
        return threads.filter(snoozed_until__isnull=False)
    threads = threads.filter(snoozed_until=None)
    if wanted.show == "unread":
        return threads.filter(unread_count__gt=0)
    return threads.filter(attended_by=Attendance.LIVIA) if wanted.show == "livia" else threads


def tab_counts(user: User) -> dict[str, str]:
    """How many threads each tab holds, `99+` for more: nobody counts further, and neither does the database."""
    visible = conversations_visible_to(user).exclude(last_message_at=None)
    found = counts(*(_shown(_of_tab(visible, user, tab), Wanted())[: MOST_COUNTED + 1] for tab in TABS))
    return {tab: str(n) if n <= MOST_COUNTED else f"{MOST_COUNTED}+" for tab, n in zip(TABS, found, strict=True)}


def labels_all() -> list[Label]:
    """A team's words are few."""
    return list(Label.objects.all()[:100])
