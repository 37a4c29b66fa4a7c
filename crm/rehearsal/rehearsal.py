"""One fault after the other, each under a load of its own that accounts for every message and every form."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import psutil
from django.db import DatabaseError, InterfaceError, connection

from crm.alerts.models import Alert
from crm.core.clock import now
from crm.rehearsal.faults import Fault, Scene
from crm.rehearsal.forms import Forms, form_key, leads_lost_and_doubled
from crm.rehearsal.load import Load
from crm.rehearsal.script import TALKS
from crm.rehearsal.waits import Wait, longest, normal, recovered_after
from whatsapp.models import Session
from whatsapp.states import State

POLL_SECONDS = 0.2
TELL_SECONDS = 15.0
LAST_LOOK_SECONDS = 10.0
THINK_SECONDS = (1.0, 4.0)
# Talks that stay with Lívia: whoever asks for a person or for silence would rightly get no answer.
TALKS_WITH_LIVIA = TALKS[:4]

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """`seconds` is how long the load goes on after the strike, `patience` how long everything may take to settle."""

    chats: int = 200
    rate: float = 10.0
    seconds: float = 60.0
    patience: float = 120.0
    steady_seconds: float = 10.0
    steady_answers: int = 40
    outage: float | None = None  # seconds at most; None: as long as the fault says


SHORT = Plan(chats=100, rate=15.0, seconds=4.0, steady_seconds=1.0, steady_answers=8, outage=3.0)


@dataclass
class Row:
    """What one fault did. Seconds; `recovery` is None where not everything settled in time."""

    fault: str
    sent: int = 0
    stored: int = 0
    answered: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    forms: int = 0
    forms_repeated: int = 0
    recovery: float | None = None
    longest: float = 0.0
    longest_form: float = 0.0
    alerts: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return self.recovery is not None and not self.lost and not self.doubled


def rehearse(faults: Iterable[Fault], plan: Plan, scene: Scene, *, port: int, tell: Tell) -> Iterator[Row]:
    """A row for each fault, as soon as it is known. Raises RuntimeError when the product is gone altogether."""
    session, key = _session(scene), form_key()
    for number, fault in enumerate(faults):
        load = Load(
            session, chats=plan.chats, rate=plan.rate, think=THINK_SECONDS, script=TALKS_WITH_LIVIA,
            seed=number, mark=f"R{number}",
        )  # fmt: skip
        forms = Forms(port=port, key=key, series=number)
        yield _act(plan, fault, scene, load, forms, _about(fault, tell))


def _about(fault: Fault, tell: Tell) -> Tell:
    return lambda text: tell(f"{fault.title}: {text}")


def _act(plan: Plan, fault: Fault, scene: Scene, load: Load, forms: Forms, tell: Tell) -> Row:
    load.start()
    forms.start()
    try:
        _become_steady(plan, scene, load)
        struck, struck_at = time.time(), now()
        tell("struck")
        with fault.strike(scene):
            _wait(scene, fault.seconds if plan.outage is None else min(fault.seconds, plan.outage))
        tell("mended" if fault.seconds else "left to the supervisor")
        _wait(scene, struck + plan.seconds - time.time())
    finally:
        load.stop()
    settled = _settle(plan, scene, load, forms, tell)
    return _row(fault, load, forms, struck=struck, settled=settled, alerts=_alerts(struck_at))


def _become_steady(plan: Plan, scene: Scene, load: Load) -> None:
    """Until Lívia answers what is asked. Raises RuntimeError if she never does."""
    began = time.monotonic()
    while (spent := time.monotonic() - began) < plan.steady_seconds or load.progress().answered < plan.steady_answers:
        if spent > plan.patience:
            raise RuntimeError(f"Before the fault there was no steady state: {_standing(load)}.")
        _wait(scene, POLL_SECONDS)


def _settle(plan: Plan, scene: Scene, load: Load, forms: Forms, tell: Tell) -> bool:
    """Nobody begins anything; whether all that was begun is over in time."""
    forms.stop()
    began = told = time.monotonic()
    while not (done := load.settled() and forms.under_way == 0) and time.monotonic() - began < plan.patience:
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            tell(f"not settled yet: {_standing(load)}, {forms.under_way} forms under way")
        _wait(scene, POLL_SECONDS)
    forms.give_up()
    return load.settle(LAST_LOOK_SECONDS) and done


def _standing(load: Load) -> str:
    at = load.progress()
    wait = f"{at.waiting} clients wait, {at.oldest_wait_s:.0f} s at most"
    return f"{at.sent} sent, {at.stored} stored, {at.answered} answered, {wait}"


def _row(fault: Fault, load: Load, forms: Forms, *, struck: float, settled: bool, alerts: list[str]) -> Row:
    verdict = load.verdict()
    writers = {f"+{one.client.phone}" for one in load.since(0)}
    leads_lost, leads_doubled = leads_lost_and_doubled([*writers, *forms.accepted])
    answers = [Wait(one.at, one.answered) for one in load.since(0) if one.answered]
    posts = list(forms.accepted.values())
    recovered = max(recovered_after(waits, struck, normal(waits, struck)) for waits in (answers, posts))
    return Row(
        fault=fault.title,
        sent=verdict.sent,
        stored=verdict.stored,
        answered=verdict.answered,
        lost=verdict.lost + leads_lost,
        doubled=verdict.doubled + leads_doubled,
        unknown=verdict.unknown,
        forms=len(posts),
        forms_repeated=forms.repeated,
        recovery=recovered if settled else None,
        longest=longest(answers, struck),
        longest_form=longest(posts, struck),
        alerts=alerts,
        findings=verdict.findings if settled else ["not settled: what is on its way counts as lost", *verdict.findings],
    )


def _alerts(since: object) -> list[str]:
    """What managers would have been told, and whether it is over already."""
    raised = Alert.objects.filter(last_at__gte=since).order_by("raised_at").values_list("code", "key", "cleared_at")
    return [f"{code} {key}".strip() + (" (over)" if cleared else "") for code, key, cleared in raised]


def _session(scene: Scene) -> int:
    """Lívia's number, as soon as it is online."""
    while True:
        try:
            found = Session.objects.filter(inbox__role="livia", state=State.ONLINE).values_list("pk", flat=True).first()
        except (DatabaseError, InterfaceError):
            connection.close()
            found = None
        if found:
            return found
        _wait(scene, POLL_SECONDS)


def _wait(scene: Scene, seconds: float) -> None:
    """Raises RuntimeError when the supervisor is gone: nothing will happen any more."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if not psutil.pid_exists(scene.supervisor):
            raise RuntimeError("The product that was started for the rehearsal has ended.")
        time.sleep(min(left, POLL_SECONDS))
