"""The two weeks of `test_figures`, as its table tells them."""

from datetime import date
from decimal import Decimal

from agent.models import ModelPrice
from conversations.models import Author, MessageKind
from crm.accounts.models import User
from crm.analytics.services import figures_rebuild
from crm.analytics.tests.world import World, local
from leads.actors import LIVIA, person
from leads.merge import leads_merge
from leads.models import Lead, Task
from leads.services import lead_summarise


def fortnight(world: World) -> User:
    """Everything happens; Caio."""
    ana, caio = world.consultant("ana@example.com", "Ana Clara"), world.consultant("caio@example.com", "Caio Mendes")
    _prices()
    _earlier(world, ana)
    _october(world, ana, caio)
    _november(world, ana, caio)
    _by_hand(world, ana, caio)
    _tasks(ana, caio)
    return caio


def _prices() -> None:
    for day, factor in ((date(2026, 1, 1), 1), (date(2026, 11, 1), 2)):
        usd = {"input_usd": factor, "cached_usd": Decimal("0.1") * factor, "output_usd": 4 * factor}
        ModelPrice.objects.create(model="big", effective_from=day, **usd)


def _earlier(world: World, ana: User) -> None:
    earlier = world.lead("20/10 10:00", "form", owner=ana, product="home_equity", uf="SP")
    world.person("20/10 10:30", earlier)
    world.move("20/10 11:00", earlier, "CONTACTED")
    world.move("27/10 11:00", earlier, "QUALIFIED")
    world.move("28/10 11:00", earlier, "LOST", lost_reason="rate")


def _october(world: World, ana: User, caio: User) -> None:
    taken = world.lead("26/10 09:00", "whatsapp", owner=caio, product="home_equity", uf="SP")
    world.client("26/10 09:00", taken)
    won = world.lead("26/10 10:00", "whatsapp", owner=ana, product="home_equity", uf="SP")
    world.client("26/10 10:00", won)
    world.turn("26/10 10:01", won, ["model"], model="big", tokens_in=10**6, tokens_cached=400_000, tokens_out=100_000)
    world.livia("26/10 10:01", won)
    lead_summarise(lead_id=won.pk, summary="…", reason="qualified", actor=LIVIA)
    world.person("26/10 10:20", won)
    world.move("26/10 11:00", won, "CONTACTED")
    world.move("27/10 11:00", won, "QUALIFIED")
    world.move("28/10 11:00", won, "PROPOSAL")
    world.move("30/10 11:00", won, "WON", won_amount=100_000_00)
    twin = world.lead("27/10 09:00", "form", owner=ana, product="home_equity", uf="SP")
    world.at("27/10 09:01")
    leads_merge(keep_id=twin.pk, gone_id=taken.pk, actor=person(world.manager))
    world.person("27/10 09:30", twin)
    world.move("29/10 09:00", twin, "LOST", lost_reason="no_answer")
    weekend = world.lead("30/10 17:50", "form", owner=ana, product="home_equity", uf="RJ")
    world.person("03/11 09:10", weekend)
    world.move("03/11 09:10", weekend, "CONTACTED")
    world.move("04/11 09:10", weekend, "LOST", lost_reason="rate")
    sunday = world.lead("31/10 12:00", "whatsapp", owner=caio, product="auto_equity", uf="SP")
    world.client("31/10 12:00", sunday)
    world.turn(
        "31/10 12:01", sunday, ["model", "default"], model="tiny", tokens_in=1000, tokens_out=10,
        guard_hits=[{"code": "figure", "text": "…"}],
    )  # fmt: skip
    world.livia("31/10 12:01", sunday)
    world.person("01/11 20:00", sunday)
    world.move("01/11 20:00", sunday, "CONTACTED")


def _november(world: World, ana: User, caio: User) -> None:
    erased = world.lead("02/11 10:00", "whatsapp", owner=caio, product="payroll_loan", uf="BA")
    world.client("02/11 10:00", erased)
    world.person("03/11 10:00", erased, author=Author.PHONE)
    world.move("03/11 10:00", erased, "CONTACTED")
    world.move("05/11 10:00", erased, "WON", won_amount=30_000_00)
    Lead.objects.filter(pk=erased.pk).update(name="", phone="", phone_key="", erased_at=local("06/11 10:00"))
    hers = world.lead("03/11 14:00", "whatsapp")
    world.client("03/11 14:00", hers, kind=MessageKind.AUDIO, transcript_state="done")
    world.turn("03/11 14:00", hers, ["model"], model="big", tokens_in=10**6, tokens_cached=400_000, tokens_out=100_000)
    world.livia("03/11 14:00:30", hers)
    world.client("03/11 23:30", hers)
    world.turn("03/11 23:31", hers, ["rules"])
    world.turn("03/11 23:32", hers, ["model"], outcome="silent", model="big", tokens_in=5)
    world.livia("03/11 23:31", hers)
    Lead.objects.filter(pk=hers.pk).update(attended_by="livia")
    reopened = world.lead("04/11 08:00", "api", owner=caio, product="personal_loan", uf="MG")
    world.person("04/11 09:05", reopened)
    world.move("04/11 10:00", reopened, "QUALIFIED")
    world.move("05/11 10:00", reopened, "LOST", lost_reason="denied")
    world.move("06/11 10:00", reopened, "CONTACTED")
    silent = world.lead("05/11 10:00", "import", owner=ana, product="home_equity", uf="SP")
    world.person("05/11 10:05", silent, state="failed")
    world.person("05/11 10:06", silent, kind=MessageKind.NOTE)


def _by_hand(world: World, ana: User, caio: User) -> None:
    by_hand = world.lead("05/11 11:00", "manual", owner=ana, product="consorcio", uf="SP")
    world.move("05/11 12:00", by_hand, "PROPOSAL")
    world.move("06/11 12:00", by_hand, "WON", won_amount=50_000_00)
    world.move("07/11 12:00", by_hand, "PROPOSAL")
    caller = world.lead("03/11 15:00", "manual", owner=caio, product="personal_loan", uf="SP")
    world.person("03/11 15:05", caller)
    world.move("03/11 15:10", caller, "CONTACTED")
    world.client("03/11 15:30", caller, kind=MessageKind.AUDIO, transcript_state="failed")
    world.client("03/11 15:31", caller, kind=MessageKind.REACTION)
    world.person("03/11 15:40", caller)
    undone = world.lead("04/11 09:00", "import")
    figures_rebuild()
    undone.interactions.all()._raw_delete(undone.interactions.db)
    undone.delete()


def _tasks(ana: User, caio: User) -> None:
    """One done, one overdue that is nobody's but the lead's consultant's, one dropped and one for later."""
    Task.objects.all().delete()  # those of the product's own rules
    done, silent = local("03/11 16:00"), Lead.objects.get(source="import")
    Task.objects.create(lead=silent, title="…", due_at=done, owner=ana, state="done", closed_at=done)
    Task.objects.create(lead=silent, title="…", due_at=done, owner=caio, state="cancelled", closed_at=done)
    Task.objects.create(lead=silent, title="…", due_at=local("05/11 12:00"))
    Task.objects.create(lead=silent, title="…", due_at=local("20/11 12:00"), owner=caio)
