"""The figures keep up: whatever happens in whatever order, a refresh gives what making them anew would give."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from agent.models import BusinessProfile
from conversations.models import Author, Message
from crm.accounts.models import User
from crm.analytics import refresh, services, tasks
from crm.analytics.figures import everything
from crm.analytics.models import LeadFact, OpenSpan, RefusalDay, Stay, TalkHour, TalkTotal, TurnDay, TurnTotal
from crm.analytics.period import Period
from crm.analytics.selectors import standing
from crm.analytics.services import figures_go_on, figures_rebuild, figures_refresh, rebuild_batch, rebuild_begin
from crm.analytics.tests.world import World, local
from crm.core.errors import Conflict, Invalid
from leads.actors import LIVIA, person
from leads.merge import leads_merge
from leads.models import Lead
from leads.pipeline import Status
from leads.services import lead_assign, lead_summarise, lead_update

TABLES = (LeadFact, Stay, TalkHour, TalkTotal, TurnDay, TurnTotal, RefusalDay)
WEEK = Period(date(2026, 10, 20), date(2026, 10, 26))


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    return {model.__name__: sorted(model.objects.values_list(), key=repr) for model in TABLES}


class Chance:
    """Things that happen to leads, the next one always a little later."""

    def __init__(self, world: World, owners: list[User], seed: int) -> None:
        self.world, self.owners, self.dice, self.minutes = world, owners, random.Random(seed), 0

    def happen(self) -> None:
        acts: list[Callable[[str], None]] = [
            self.come, self.move, self.move, self.write, self.write, self.leave, self.fail, self.turn, self.learn,
            self.give, self.merge, self.erase, self.undo, self.hear, self.attend,
        ]  # fmt: skip
        self.minutes += self.dice.randint(1, 300)
        at = local("20/10 08:00") + timedelta(minutes=self.minutes)
        self.dice.choice(acts)(f"{at:%d/%m %H:%M}")

    @property
    def lead(self) -> Lead:
        leads = list(Lead.objects.filter(merged_into=None, erased_at=None).order_by("pk"))
        return self.dice.choice(leads) if leads else self.world.lead("20/10 08:00", "form")

    def come(self, at: str) -> None:
        self.world.lead(at, self.dice.choice(["whatsapp", "form", "import", "manual"]), uf=self.dice.choice(["SP", ""]))

    def move(self, at: str) -> None:
        to, lead = self.dice.choice(Status.values), self.lead
        closing = {"WON": {"won_amount": 1000}, "LOST": {"lost_reason": "rate"}}.get(to, {})
        try:
            with transaction.atomic():
                self.world.move(at, lead, to, **closing)
        except Conflict:  # not every way is open
            pass

    def write(self, at: str) -> None:
        says = self.dice.choice([self.world.client, self.world.livia, self.world.person])
        says(at, self.lead)

    def leave(self, at: str) -> None:
        """What waits in the outbox goes, and something new waits. Nothing about the lead tells."""
        waiting = Message.objects.filter(state="queued").first()
        if waiting:
            Message.objects.filter(pk=waiting.pk).update(state="sent", sent_at=local(at))
        self.world.person(at, self.lead, state="queued", author=Author.PHONE)

    def fail(self, at: str) -> None:
        self.world.person(at, self.lead, state="failed")

    def turn(self, at: str) -> None:
        hits = [{"code": "figure", "text": ""}] if self.dice.random() < 0.5 else []
        self.world.turn(at, self.lead, ["model"], model="big", tokens_in=100, tokens_out=5, guard_hits=hits)

    def learn(self, at: str) -> None:
        self.world.at(at)
        values = {"product": self.dice.choice(["home_equity", "consorcio"]), "uf": "RJ"}
        lead_update(lead_id=self.lead.pk, values=values, actor=LIVIA)

    def give(self, at: str) -> None:
        self.world.at(at)
        lead = self.lead
        lead_assign(lead_id=lead.pk, consultant_id=self.dice.choice(self.owners).pk)
        lead_summarise(lead_id=lead.pk, summary="…", reason="asked", actor=LIVIA)

    def attend(self, at: str) -> None:
        """Lívia takes a conversation or leaves it: no line of the record."""
        self.world.at(at)
        lead = self.lead
        lead.attended_by = "" if lead.attended_by else "livia"
        lead.save(update_fields=["attended_by", "updated_at"])

    def merge(self, at: str) -> None:
        self.world.at(at)
        keep, gone = self.lead, self.lead
        if keep.pk != gone.pk:
            leads_merge(keep_id=keep.pk, gone_id=gone.pk, actor=person(self.world.manager))

    def erase(self, at: str) -> None:
        self.world.at(at)
        lead = self.lead
        if self.dice.random() < 0.5:
            return
        lead.name, lead.erased_at = "", local(at)
        lead.save(update_fields=["name", "erased_at", "updated_at"])

    def undo(self, at: str) -> None:
        """An import is undone: a lead nobody has worked on goes with all its record."""
        lead = self.lead
        if lead.source == "import" and not lead.conversations.exists() and not lead.merged.exists():
            lead.delete()

    def hear(self, at: str) -> None:
        """A voice message is transcribed later. Nothing about the lead tells."""
        Message.objects.filter(transcript_state="awaited").update(transcript_state="done")
        self.world.client(at, self.lead, kind="audio", transcript_state="awaited")


def _made_anew() -> dict[str, list[tuple[Any, ...]]]:
    """What a rebuild would give; what is there stays, so that it heals nothing."""
    with transaction.atomic():
        figures_rebuild()
        rows = _rows()
        transaction.set_rollback(True)
    return rows


@pytest.mark.parametrize("seed", [1, 2])
def test_a_refresh_gives_what_making_them_anew_gives(
    world: World, ana: User, caio: User, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(refresh, "SLOWEST", timedelta(0))  # else everything of the last minutes is looked at again
    for number in range(8):
        world.lead("20/10 08:00", ["whatsapp", "form", "import", "manual"][number % 4])
    figures_rebuild()
    chance = Chance(world, [ana, caio], seed)
    for _round in range(20):
        for _thing in range(chance.dice.randint(1, 3)):
            chance.happen()
        assert figures_refresh()
        assert _rows() == _made_anew()
    assert LeadFact.objects.count() == Lead.objects.filter(merged_into=None).count() > 3


def test_only_what_changed_is_written_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "SLOWEST", timedelta(0))
    first, second = world.lead("20/10 09:00", "form"), world.lead("20/10 09:01", "form")
    world.at("20/10 09:30")
    figures_rebuild()
    written: list[int] = []
    monkeypatch.setattr(services, "gather", lambda lead_ids: written.extend(lead_ids) or set())
    world.at("20/10 10:00")
    figures_refresh()
    assert written == []
    world.client("20/10 11:00", second)
    world.at("20/10 11:01")
    figures_refresh()
    assert written == [second.pk] and first.pk not in written


def test_figures_that_were_never_made_are_made_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    for minute in range(5):
        world.lead(f"20/10 09:0{minute}", "form")
    assert standing().as_of is None
    assert not figures_refresh()  # begins
    assert rebuild_batch() == 2
    assert standing().as_of is None and standing().rebuilding
    assert figures_go_on() == 3
    assert figures_refresh()
    assert standing().as_of == local("20/10 09:04") and not standing().rebuilding
    assert everything(WEEK).funnel.leads == 5


def test_the_minutely_task_makes_them_and_the_command_makes_them_anew(world: World) -> None:
    world.lead("20/10 09:00", "form")
    tasks.refresh()
    assert standing().as_of == local("20/10 09:00")
    LeadFact.objects.all().delete()
    said = StringIO()
    call_command("analytics_rebuild", stdout=said)
    assert said.getvalue() == "Leads written: 1\n"
    assert LeadFact.objects.count() == 1


def test_other_opening_hours_give_other_answers(world: World, ana: User) -> None:
    lead = world.lead("20/10 17:50", "form", owner=ana)
    world.person("21/10 09:10", lead)
    figures_rebuild()
    assert everything(WEEK).response.median_s == 20 * 60
    BusinessProfile(week={"2": [["09:05", "12:00"], ["09:00", "18:00"]]}).save()  # Wednesdays only, named twice
    assert not figures_refresh()
    figures_go_on()
    assert figures_refresh()
    assert everything(WEEK).response.median_s == 10 * 60
    BusinessProfile(week={}).save()
    figures_refresh()
    figures_go_on()
    assert everything(WEEK).response.median_s == everything(WEEK).response.wall_median_s == (15 * 60 + 20) * 60
    assert OpenSpan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_writes_the_figures_at_a_time_and_nothing_committed_late_is_missed(
    new_lead: Callable[..., Lead], bruno: User, in_thread: Callable[..., Any]
) -> None:
    lead = new_lead()
    rebuild_begin()
    figures_go_on()
    with transaction.atomic():
        assert figures_refresh()
        Lead.objects.filter(pk=lead.pk).update(uf="SP")
        assert in_thread(figures_refresh) is False
    late = Lead(name="Late", rank=1, source="form")
    with transaction.atomic():
        late.save()  # its id and time are drawn before those of the next, and committed after it was counted
        assert in_thread(lambda: new_lead(phone="+5511998120000") and figures_refresh())
    assert not LeadFact.objects.filter(pk=late.pk).exists()
    assert figures_refresh()
    assert LeadFact.objects.filter(pk=late.pk).exists()


@pytest.fixture
def in_thread() -> Callable[..., Any]:
    """Runs a function on a connection of its own."""
    from concurrent.futures import ThreadPoolExecutor

    def run(act: Callable[[], Any]) -> Any:
        def apart() -> Any:
            try:
                return act()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(apart).result(30)

    return run


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-02", "2026-11-01"),
        ("1999-12-31", "2000-01-02"),
        ("2026-01-01", "9999-12-31"),
        ("2010-01-01", "2026-01-01"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(first: str, last: str) -> None:
    with pytest.raises(Invalid):
        Period(date.fromisoformat(first), date.fromisoformat(last))


def test_a_period_is_of_local_days() -> None:
    period = Period(date(2026, 2, 27), date(2026, 3, 1))
    assert (period.days, period.begins.isoformat(), period.ends.isoformat()) == (
        3, "2026-02-27T00:00:00-03:00", "2026-03-02T00:00:00-03:00"
    )  # fmt: skip
    assert period.previous == Period(date(2026, 2, 24), date(2026, 2, 26))
