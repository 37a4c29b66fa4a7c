"""Visitors who send their lead through the API, each again and again until it is accepted."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count

from crm.accounts.models import User
from crm.api.keys import key_create
from crm.rehearsal.waits import Wait
from leads.models import Lead

# There is no area code 29 in Brazil: these numbers are nobody's.
NOBODYS = "+55299"
VISITORS = 4  # at a time
PAUSE_SECONDS = 0.5  # before the same form is sent again
REQUEST_SECONDS = 5.0
_ACCEPTED = 201


def form_key() -> str:
    """What the visitors' site shows at the door: a key of one of the demo's people."""
    user = User.objects.get(email="bruno@demo.livia")
    return key_create(user=user, name="Rehearsal", scopes=["leads:read", "leads:write"])[1]


def leads_lost_and_doubled(phones: Iterable[str]) -> tuple[int, int]:
    """Phones without a lead, and leads beyond the first of a phone."""
    wanted = set(phones)
    leads = Counter(Lead.objects.filter(phone__in=wanted).values_list("phone", flat=True))
    return len(wanted) - len(leads), leads.total() - len(leads)


class Forms:
    """So many forms a second, all with numbers of this series; `accepted` are those answered 201.

    A repeated request carries the same `Idempotency-Key`: whatever became of the first, there is one lead.
    """

    def __init__(self, *, port: int, key: str, series: int, per_second: float = 2.0) -> None:
        self.port, self.series, self.pause = port, series, VISITORS / per_second
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.accepted: dict[str, Wait] = {}  # by phone
        self.answers: Counter[int] = Counter()  # by status
        self.numbers: Iterator[int] = count()
        self.stopping, self.giving_up = threading.Event(), threading.Event()
        self.visitors = [threading.Thread(target=self._visit, daemon=True) for _ in range(VISITORS)]

    def start(self) -> None:
        for visitor in self.visitors:
            visitor.start()

    def stop(self) -> None:
        """No new forms; those under way go on."""
        self.stopping.set()

    def give_up(self) -> None:
        """Nobody tries any more."""
        self.stopping.set()
        self.giving_up.set()
        for visitor in self.visitors:
            visitor.join(2 * REQUEST_SECONDS)

    @property
    def under_way(self) -> int:
        """Visitors who may still send; after `stop` those whose form is not accepted yet."""
        return sum(1 for visitor in self.visitors if visitor.is_alive())

    @property
    def repeated(self) -> int:
        """Requests that had to be sent again."""
        return self.answers.total() - self.answers[_ACCEPTED]

    def _visit(self) -> None:
        while not self.stopping.wait(self.pause):
            phone = f"{NOBODYS}{self.series:03d}{next(self.numbers):05d}"
            self._insist(phone)

    def _insist(self, phone: str) -> None:
        begun = time.time()
        while not self.giving_up.is_set():
            status = self._post(phone)
            self.answers[status] += 1
            if status == _ACCEPTED:
                self.accepted[phone] = Wait(begun, time.time())
                return
            self.giving_up.wait(PAUSE_SECONDS)

    def _post(self, phone: str) -> int:
        """The status; 0 where the connection broke or nobody answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)
        body = json.dumps({"name": "Maria Souza", "phone": phone, "consent": True})
        try:
            connection.request("POST", "/api/v1/leads", body, self.headers | {"Idempotency-Key": phone})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
