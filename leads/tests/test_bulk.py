"""One thing done to many leads: each by itself, and refusals are told."""

from datetime import timedelta

import pytest

from crm.core.clock import now
from crm.core.errors import Invalid
from leads.bulk import leads_assign, leads_move
from leads.models import Lead, Task


def column(status: str) -> list[str]:
    return list(Lead.objects.filter(status=status).order_by("rank", "-pk").values_list("name", flat=True))


def test_the_chosen_move_in_their_order_and_a_refusal_leaves_the_others_done(bruno, ana, new_lead) -> None:
    leads = [new_lead(owner=ana, name=name) for name in ("Um", "Dois", "Três")]
    won = new_lead(owner=ana, name="Ganha")
    Lead.objects.filter(pk=won.pk).update(status="WON", won_amount=1)
    outcome = leads_move(user=bruno, ids=[*(lead.pk for lead in leads), won.pk], to="QUALIFIED")
    assert column("QUALIFIED") == ["Um", "Dois", "Três"]
    assert len(outcome.done) == 3
    assert [lead.name for lead, _why in outcome.refused] == ["Ganha"]
    assert "Ganha" in outcome.sentence("3 moved")


def test_lost_asks_its_reason_once_and_won_is_moved_singly(bruno, ana, new_lead) -> None:
    ids = [new_lead(owner=ana).pk, new_lead(owner=ana).pk]
    for to in ("LOST", "WON", "NOWHERE"):
        with pytest.raises(Invalid):
            leads_move(user=bruno, ids=ids, to=to)
    leads_move(user=bruno, ids=ids, to="LOST", lost_reason="rate", lost_note="Parcela alta")
    assert set(Lead.objects.values_list("status", "lost_reason", "lost_note")) == {("LOST", "rate", "Parcela alta")}


def test_leads_one_may_not_see_are_passed_over(ana, caio, new_lead) -> None:
    lead = new_lead(owner=ana)
    outcome = leads_move(user=caio, ids=[lead.pk], to="CONTACTED")
    assert (outcome.done, outcome.refused) == ([], [])
    lead.refresh_from_db()
    assert lead.status == "NEW"


def test_a_manager_assigns_many_and_nobody_else_does(bruno, ana, caio, browse, new_lead) -> None:
    ids = [new_lead(owner=ana).pk, new_lead().pk]
    asked = {"act": "assign", "ids": ",".join(map(str, ids)), "consultant": caio.pk}
    assert browse(ana).post("/leads/bulk/", asked).status_code == 403
    answer = browse(bruno).post("/leads/bulk/", asked).json()
    assert sorted(answer["done"]) == sorted(ids) and answer["text"].startswith("2 ")
    assert set(Lead.objects.values_list("consultant_id", flat=True)) == {caio.pk}
    assert leads_assign(user=bruno, ids=ids, consultant_id=999_999).done == []


def test_a_task_for_each(ana, browse, new_lead) -> None:
    ids = [new_lead(owner=ana).pk, new_lead(owner=ana).pk]
    due = (now() + timedelta(days=2)).strftime("%Y-%m-%dT09:30")
    asked = {"act": "task", "ids": ",".join(map(str, ids)), "title": "Ligar", "kind": "call", "due_at": due}
    assert sorted(browse(ana).post("/leads/bulk/", asked).json()["done"]) == sorted(ids)
    assert set(Task.objects.values_list("lead_id", "title", "kind")) == {(pk, "Ligar", "call") for pk in ids}
    assert not Lead.objects.filter(next_task_title="").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"act": "move", "to": "CONTACTED"},
        {"act": "move", "ids": "x", "to": "CONTACTED"},
        {"act": "move", "ids": ",".join(map(str, range(1, 102))), "to": "CONTACTED"},
        {"act": "explode", "ids": "1"},
        {"act": "task", "ids": "1", "title": "Ligar", "due_at": "amanhã"},
        {"act": "task", "ids": "1", "title": "Ligar", "due_at": "2026-13-45T99:99"},
    ],
)
def test_nonsense_is_a_400_with_a_sentence(ana, browse, fields: dict[str, str]) -> None:
    answer = browse(ana).post("/leads/bulk/", fields, HTTP_ACCEPT="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]
