"""Every figure against what one works out by hand.

Open Monday to Friday, 9 to 18; Monday 2 November is a holiday (Finados). Asked on Monday 9 November, 8:00, for
26 October to 8 November. Home is home equity; times are local.

| lead     | came        | from         | of   | what happened                                                         |
|----------|-------------|--------------|------|------------------------------------------------------------------------|
| won      | Mon 26 10:00| WhatsApp SP  | Ana  | Lívia 10:01, hands over, Ana 10:20. CONTACTED 26 11:00, QUALIFIED 27  |
|          |             | home         |      | 11:00, PROPOSAL 28 11:00, WON 30 11:00 for R$ 100,000                 |
| weekend  | Fri 30 17:50| form RJ home | Ana  | Ana Tue 3 9:10: 10 min on Friday, 10 on Tuesday. CONTACTED then, LOST |
|          |             |              |      | Wed 4 9:10 (rate)                                                     |
| sunday   | Sat 31 12:00| WhatsApp SP  | Caio | Lívia 12:01, Caio Sun 20:00: no business time. CONTACTED then         |
|          |             | auto         |      |                                                                       |
| hers     | Tue 3 14:00 | WhatsApp     | –    | Lívia 14:00:30; again 23:30, Lívia 23:31. Still with her              |
| reopened | Wed 4 8:00  | API MG       | Caio | Caio 9:05: 5 min. QUALIFIED 10:00, LOST Thu 5 10:00 (denied),         |
|          |             | personal     |      | CONTACTED Fri 6 10:00                                                 |
| silent   | Thu 5 10:00 | import SP    | Ana  | Ana's answer of 10:05 failed: nobody has answered                     |
|          |             | home         |      |                                                                       |
| by hand  | Thu 5 11:00 | hand SP      | Ana  | PROPOSAL 12:00, WON Fri 6 12:00, R$ 50,000; PROPOSAL again Sat 7|
|          |             | consórcio    |      |                                                                       |
| twin     | Tue 27 9:00 | form SP home | Ana  | took in a WhatsApp lead whose client wrote Mon 26 9:00; Ana Tue 27    |
|          |             |              |      | 9:30: 9 h and 30 min. LOST Thu 29 9:00 (no answer), out of NEW        |
| erased   | Mon 2 10:00 | WhatsApp BA  | Caio | his phone Tue 3 10:00: 1 h. CONTACTED then, WON Thu 5 10:00 for       |
|          |             | payroll      |      | R$ 30,000; erased since                                               |
| undone   | Wed 4 9:00  | import       | –    | the import was undone                                                 |
| caller   | Tue 3 15:00 | hand SP      | Caio | Caio wrote first, 15:05; CONTACTED 15:10; client 15:30, Caio 15:40    |
|          |             | personal     |      |                                                                       |
| earlier  | Tue 20 10:00| form SP home | Ana  | Ana 10:30. CONTACTED 20 11:00, QUALIFIED 27 11:00, LOST 28 11:00: rate|

Lívia: three turns cost tokens: "big" 26 October and 3 November, 1 M tokens read of which 0.4 M again, 0.1 M written,
at US$ 1, 0.10 and 4 until October and twice that from November: 1.04 and 2.08. "tiny" has no price.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crm.accounts.models import User
from crm.analytics.figures import everything, headline
from crm.analytics.period import Period
from crm.analytics.services import figures_rebuild
from crm.analytics.shapes import NOBODY, NONE, Figures, Filters, Headline
from crm.analytics.tests.fortnight import fortnight
from crm.analytics.tests.world import World, local

PERIOD = Period(date(2026, 10, 26), date(2026, 11, 8))
AFTER = "09/11 08:00"
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Answers:
    """What the tests below look at, asked once."""

    figures: Figures
    before: Headline
    filtered: Mapping[str, Figures]
    queries: tuple[int, int]  # of two periods


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any) -> Iterator[Answers]:
    """The two weeks happen once for all tests, in a transaction that is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override("en"), time_machine.travel(local("20/10 08:00"), tick=False) as traveller:
            yield _asked(World(traveller, User.objects.create_user("bruno@example.com", name="Bruno", role="manager")))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def figures(answers: Answers) -> Figures:
    return answers.figures


def _asked(world: World) -> Answers:
    caio = fortnight(world)
    world.at(AFTER)
    figures_rebuild()
    chosen = {
        "whatsapp": Filters(source="whatsapp"),
        "caio": Filters(consultant_id=caio.pk),
        "no state": Filters(uf=NONE),
        "no product": Filters(product=NONE),
        "home in SP": Filters(product="home_equity", uf="SP"),
        "nobody": Filters(consultant_id=NOBODY),
    }
    filtered = {name: everything(PERIOD, filters) for name, filters in chosen.items()}
    queries = _queries(PERIOD), _queries(PERIOD.previous)
    return Answers(everything(PERIOD), headline(PERIOD.previous), filtered, queries)


def _queries(period: Period) -> int:
    with CaptureQueriesContext(connection) as captured:
        everything(period)
    return len(captured)


def test_the_funnel_counts_who_got_how_far_and_where_they_were_lost(figures: Figures) -> None:
    steps = [(step.stage, step.reached, step.lost, step.open) for step in figures.funnel.steps]
    assert steps == [
        ("NEW", 10, 1, 2), ("CONTACTED", 7, 1, 3), ("QUALIFIED", 4, 0, 0), ("PROPOSAL", 3, 0, 1), ("WON", 2, 0, 0)
    ]  # fmt: skip
    assert (figures.funnel.leads, figures.funnel.lost, figures.funnel.conversion) == (10, 2, 0.2)
    assert [step.of_previous for step in figures.funnel.steps] == [None, 7 / 10, 4 / 7, 3 / 4, 2 / 3]


def test_the_headline_counts_deals_by_the_day_they_closed(figures: Figures) -> None:
    head = figures.headline
    assert (head.leads, head.won, head.won_cents, head.lost, head.conversion) == (10, 2, 130_000_00, 3, 0.2)
    assert (head.response_median_s, head.livia_share) == (1200, 1 / 3)


def test_conversion_is_told_by_source_product_state_and_consultant(figures: Figures) -> None:
    by = {dimension: {row.key: row for row in rows} for dimension, rows in figures.conversion.by.items()}
    whatsapp = by["source"]["whatsapp"]
    assert (whatsapp.leads, whatsapp.contacted, whatsapp.qualified, whatsapp.proposal) == (4, 3, 2, 2)
    assert (whatsapp.won, whatsapp.lost, whatsapp.won_cents, whatsapp.rate) == (2, 0, 130_000_00, 0.5)
    assert (whatsapp.median_won_cents, whatsapp.median_win_s) == (65_000_00, (349_200 + 259_200) / 2)
    assert {key: (row.leads, row.lost) for key, row in by["source"].items() if key != "whatsapp"} == {
        "form": (2, 2), "api": (1, 0), "import": (1, 0), "manual": (2, 0)
    }  # fmt: skip
    assert {row.label: row.leads for row in by["consultant"].values()} == {
        "Ana Clara": 5, "Caio Mendes": 4, "Nobody": 1
    }  # fmt: skip
    assert {key: row.leads for key, row in by["uf"].items()} == {"SP": 6, "RJ": 1, "BA": 1, "MG": 1, "": 1}
    assert {key: row.won for key, row in by["product"].items() if row.won} == {"home_equity": 1, "payroll_loan": 1}
    assert (figures.conversion.total.leads, figures.conversion.total.median_won_cents) == (10, 65_000_00)


def test_the_first_answer_by_a_person_is_timed_while_the_business_is_open(figures: Figures) -> None:
    answer = figures.response  # 0, 300, 1200, 1200, 3600 and 34200 s
    assert (answer.asked, answer.answered, answer.waiting, answer.with_livia) == (8, 6, 1, 1)
    assert (answer.median_s, answer.p90_s, answer.wall_median_s) == (1200, 18_900, 87_300)
    assert (answer.within_5m, answer.within_15m, answer.within_60m) == (2 / 6, 2 / 6, 5 / 6)
    assert [(bucket.upto_s, bucket.count) for bucket in answer.buckets] == [
        (300, 2), (900, 0), (3600, 3), (14_400, 0), (None, 1)
    ]  # fmt: skip
    rows = {row.label: (row.asked, row.answered, row.median_s) for row in answer.consultants}
    assert rows == {"Ana Clara": (4, 3, 1200), "Caio Mendes": (3, 3, 300), "Nobody": (1, 0, None)}


def test_stays_are_timed_by_the_stage_they_ended_in(figures: Figures) -> None:
    rows = {row.stage: row for row in figures.stage_times.rows}
    assert (rows["NEW"].stays, rows["NEW"].median_s, rows["NEW"].p90_s) == (8, 46_800, 215_280)
    assert (rows["CONTACTED"].stays, rows["CONTACTED"].median_s, rows["CONTACTED"].p90_s) == (4, 129_600, 475_200)
    assert [(row.stays, row.median_s) for row in (rows["QUALIFIED"], rows["PROPOSAL"])] == [(3, 86_400), (2, 129_600)]
    assert [row.beyond for row in rows.values()] == [0.5, 0.25, 0.0, 0.0]
    assert [(row.open, row.open_beyond) for row in rows.values()] == [(2, 2), (3, 2), (0, 0), (1, 0)]


def test_losses_are_told_by_reason_and_product(figures: Figures) -> None:
    rows = [(loss.reason, loss.count, dict(loss.by_product)) for loss in figures.losses.rows]
    assert rows == [("rate", 2, {"home_equity": 2}), ("no_answer", 1, {"home_equity": 1})]
    assert (figures.losses.total, figures.losses.products) == (3, (("home_equity", "Home equity"),))


def test_livia_is_told_by_what_she_did_and_cost(figures: Figures) -> None:
    hers = figures.livia
    assert hers.turns == 4
    assert {kind.code: kind.count for kind in hers.kinds} == {"model": 2, "repaired": 0, "rules": 1, "default": 1}
    assert (hers.fallback, hers.met, hers.alone, hers.handed_over, hers.share) == (0.5, 3, 1, 1, 1 / 3)
    assert (hers.refused_turns, [(part.code, part.count) for part in hers.refusals]) == (1, [("figure", 1)])
    assert (hers.cost_usd, hers.unpriced) == (Decimal("3.12"), ("tiny",))
    costs = {cost.model: (cost.turns, cost.tokens_in, cost.tokens_cached, cost.usd) for cost in hers.costs}
    assert costs == {"big": (2, 1_200_000, 800_000, Decimal("3.12")), "tiny": (1, 1000, 0, None)}
    assert (hers.heard, hers.unheard) == (1, 1)


def test_messages_are_told_by_local_hour_and_writer(figures: Figures) -> None:
    hours = figures.hours
    assert (hours.client, hours.livia, hours.person, hours.system) == (7, 4, 8, 0)
    cells = {(cell.weekday, cell.hour): (cell.client, cell.livia, cell.person) for cell in hours.cells}
    assert len(cells) == 7 * 24
    assert (cells[0, 10], cells[1, 9], cells[1, 23], cells[6, 20]) == ((2, 1, 1), (0, 0, 2), (1, 1, 0), (0, 0, 1))
    ten, fifteen = hours.waits[10], hours.waits[15]
    assert (ten.waits, ten.mean_s, ten.within_5m, ten.within_60m) == (2, 43_230, 0.5, 0.5)
    assert (fifteen.waits, fifteen.mean_s, fifteen.within_5m, fifteen.within_60m) == (1, 600, 0.0, 1.0)


def test_each_consultant_has_leads_deals_and_tasks(figures: Figures) -> None:
    rows = {row.label: row for row in figures.consultants.rows}
    ana, caio = rows["Ana Clara"], rows["Caio Mendes"]
    assert (ana.leads, ana.open, ana.contacted, ana.won, ana.lost, ana.won_cents) == (5, 2, 3, 1, 2, 100_000_00)
    assert (caio.leads, caio.open, caio.contacted, caio.won, caio.lost, caio.won_cents) == (4, 3, 4, 1, 0, 30_000_00)
    assert (ana.rate, ana.response_median_s, ana.tasks_done, ana.tasks_overdue) == (0.2, 1200, 1, 1)
    assert (caio.rate, caio.response_median_s, caio.tasks_done, caio.tasks_overdue) == (0.25, 300, 0, 0)
    assert (rows["Nobody"].leads, rows["Nobody"].open) == (1, 1)


def test_the_period_before_is_as_long_and_ends_the_day_before(answers: Answers) -> None:
    before = PERIOD.previous
    assert (before.first, before.last) == (date(2026, 10, 12), date(2026, 10, 25))
    head = answers.before
    assert (head.leads, head.won, head.lost, head.conversion, head.response_median_s) == (1, 0, 0, 0.0, 1800)


def test_filters_choose_leads_and_what_belongs_to_them(answers: Answers) -> None:
    assert {name: figures.funnel.leads for name, figures in answers.filtered.items()} == {
        "whatsapp": 4, "caio": 4, "no state": 1, "no product": 1, "home in SP": 3, "nobody": 1
    }  # fmt: skip
    hers = answers.filtered["nobody"]
    assert (hers.hours.client, hers.hours.livia, hers.hours.person, hers.livia.turns) == (2, 2, 0, 2)
    assert [row.open for row in hers.stage_times.rows] == [1, 0, 0, 0]
    assert [row.label for row in hers.consultants.rows] == ["Nobody"]
    assert answers.filtered["caio"].hours.person == 5


def test_much_takes_as_many_queries_as_little(answers: Answers) -> None:
    much, little = answers.queries
    assert much == little <= 20
