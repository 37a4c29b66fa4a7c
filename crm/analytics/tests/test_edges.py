"""What figures make of mergers, of leads that go while they are written, of answers without words."""

from datetime import date
from typing import Any

from django.db import connection

from crm.analytics.figures import livia
from crm.analytics.gathering import gather
from crm.analytics.models import LeadFact, Stay
from crm.analytics.period import Period
from crm.analytics.services import figures_rebuild
from crm.analytics.tests.world import World
from leads.actors import LIVIA, person
from leads.merge import leads_merge
from leads.models import Lead
from leads.services import lead_summarise

DAY = Period(date(2026, 10, 20), date(2026, 10, 20))


def _merged(world: World, at: str, keep: Lead, gone: Lead) -> None:
    world.at(at)
    leads_merge(keep_id=keep.pk, gone_id=gone.pk, actor=person(world.manager))


def _stays(lead: Lead) -> list[tuple[str, int | None]]:
    return [(stay.stage, stay.seconds) for stay in Stay.objects.filter(lead_id=lead.pk).order_by("number")]


def test_a_stage_taken_over_in_a_merger_stays_on_the_way_once_the_lead_moves_on(world: World) -> None:
    keep, gone = world.lead("20/10 08:00", "form"), world.lead("20/10 09:00", "form")
    world.move("20/10 10:00", gone, "PROPOSAL")
    _merged(world, "20/10 11:00", keep, gone)
    world.move("20/10 12:00", keep, "LOST", lost_reason="rate")
    figures_rebuild()
    assert _stays(keep) == [("NEW", 3 * 3600), ("PROPOSAL", 3600), ("LOST", None)]
    fact = LeadFact.objects.get()
    assert (fact.furthest, fact.lost_from) == (4, "PROPOSAL")


def test_a_stage_taken_over_between_two_moves_stays_between_them(world: World) -> None:
    keep, gone = world.lead("20/10 08:00", "form"), world.lead("20/10 09:00", "form")
    world.move("20/10 09:00", keep, "CONTACTED")
    world.move("20/10 10:00", gone, "PROPOSAL")
    _merged(world, "20/10 11:00", keep, gone)
    world.move("20/10 12:00", keep, "QUALIFIED")
    figures_rebuild()
    assert _stays(keep) == [("NEW", 3600), ("CONTACTED", 2 * 3600), ("PROPOSAL", 3600), ("QUALIFIED", None)]


def test_who_was_handed_over_is_so_as_part_of_another_lead(world: World) -> None:
    keep, gone = world.lead("20/10 08:00", "form"), world.lead("20/10 09:00", "whatsapp")
    world.client("20/10 09:00", gone)
    world.livia("20/10 09:01", gone)
    lead_summarise(lead_id=gone.pk, summary="…", reason="asked", actor=LIVIA)
    _merged(world, "20/10 11:00", keep, gone)
    figures_rebuild()
    hers = livia(DAY)
    assert (hers.met, hers.alone, hers.handed_over) == (1, 0, 1)


def test_a_lead_deleted_while_it_is_written_leaves_nothing(world: World) -> None:
    lead = world.lead("20/10 08:00", "import")

    def undo(execute: Any, sql: str, *rest: Any) -> Any:
        if "INSERT INTO analytics_leadfact" in sql:
            Lead.objects.get(pk=lead.pk).delete()
        return execute(sql, *rest)

    with connection.execute_wrapper(undo):
        gather([lead.pk])
    assert not LeadFact.objects.exists() and not Stay.objects.exists()


def test_an_answer_without_words_cost_its_tokens_all_the_same(world: World) -> None:
    lead = world.lead("20/10 08:00", "whatsapp")
    world.turn("20/10 08:01", lead, ["model", "template"], tokens_in=900, tokens_out=9, attempts=[{"model": "big"}])
    world.turn("20/10 08:02", lead, ["rules"])
    figures_rebuild()
    hers = livia(DAY)
    assert hers.unpriced == ("big",)
    assert [(cost.model, cost.tokens_in, cost.unpriced_turns) for cost in hers.costs] == [("big", 900, 1)]
