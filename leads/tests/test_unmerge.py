"""Two leads merged by hand, and made two again."""

import pytest

from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from leads.actors import person
from leads.agenda import task_create
from leads.merge import leads_merge
from leads.models import Interaction, InteractionKind, Lead, TaskState
from leads.moves import lead_move
from leads.notes import note_add
from leads.selectors import leads_visible_to, room_totals
from leads.services import lead_update
from leads.unmerge import lead_unmerge

FIELDS = [
    field.attname
    for field in Lead._meta.concrete_fields
    if field.name not in ("version", "revision", "updated_at", "rank")
]


def state(*leads: Lead) -> list[dict[str, object]]:
    return [Lead.objects.values(*FIELDS).get(pk=lead.pk) for lead in leads]


def merged(keep: Lead, gone: Lead, actor) -> Interaction:
    leads_merge(keep_id=keep.pk, gone_id=gone.pk, actor=actor)
    return Interaction.objects.filter(lead=keep, kind=InteractionKind.MERGED).first()


@pytest.fixture
def pair(ana, caio, new_lead) -> tuple[Lead, Lead]:
    """Ana's lead that knows little, and one of Caio's that is further and knows more."""
    keep = new_lead(owner=ana, name="Maria", phone="")
    gone = new_lead(owner=caio, name="Maria Souza", city="Natal", credit_amount=9_000_000)
    lead_move(lead_id=gone.pk, to="QUALIFIED", version=gone.version, actor=person(caio))
    return keep, Lead.objects.get(pk=gone.pk)


def totals() -> list[tuple[str, str, int, int]]:
    return [(total.room, total.status, total.n, total.amount) for total in room_totals("board") if total.n]


def test_an_undone_merger_leaves_both_leads_and_all_totals_as_they_were(pair, bruno):
    before, sums = state(*pair), totals()
    merger = merged(*pair, person(bruno))
    assert state(pair[0])[0]["city"] == "Natal"
    lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    assert state(*pair) == before
    assert totals() == sums
    assert set(leads_visible_to(bruno)) == set(pair)
    told = Interaction.objects.filter(kind=InteractionKind.UNMERGED)
    assert {row.lead_id for row in told} == {lead.pk for lead in pair}


def test_what_came_along_goes_back_and_what_was_added_since_stays(pair, ana, caio, bruno):
    keep, gone = pair
    note = note_add(lead_id=gone.pk, text="do Caio", author=caio)
    task = task_create(lead_id=gone.pk, title="Ligar", due_at=now(), actor=person(caio))
    merger = merged(keep, gone, person(bruno))
    later = note_add(lead_id=keep.pk, text="depois", author=ana)
    lead_update(lead_id=keep.pk, values={"credit_amount": 5_000_000}, actor=person(ana))
    lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    for row in (note, task, later, keep, gone):
        row.refresh_from_db()
    assert (note.lead, task.lead, later.lead) == (gone, gone, keep)
    assert (keep.credit_amount, keep.city) == (5_000_000, "")  # what Ana wrote since stays, what came goes
    assert (gone.next_task_title, keep.next_task_title) == ("Ligar", "")
    assert (keep.phone, gone.phone_key) == ("", gone.phone)


def test_a_rules_task_is_open_once_while_merged_and_twice_again_after(pair, bruno):
    keep, gone = pair
    tasks = [task_create(lead_id=lead.pk, title="Ligar", due_at=now(), actor=person(None), rule="r") for lead in pair]
    merger = merged(keep, gone, person(bruno))
    assert keep.tasks.filter(state=TaskState.OPEN, rule="r").count() == 1
    lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    for task, lead in zip(tasks, pair, strict=True):
        task.refresh_from_db()
        assert (task.state, task.lead) == (TaskState.OPEN, lead)


def test_what_cannot_be_undone_any_more_says_why(pair, ana, bruno, new_lead):
    keep, gone = pair
    merger = merged(keep, gone, person(bruno))
    third = new_lead(owner=ana)
    last = merged(third, keep, person(bruno))
    with pytest.raises(Conflict) as further:
        lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    assert further.value.code == "merged_further"
    lead_unmerge(interaction_id=last.pk, actor=person(bruno))
    lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    with pytest.raises(Conflict) as undone:
        lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    assert undone.value.code == "undone"
    again = merged(keep, gone, person(bruno))
    with pytest.raises(Conflict):
        lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    lead_unmerge(interaction_id=again.pk, actor=person(bruno))


def test_a_phone_that_is_anothers_by_now_is_not_taken_from_them(ana, bruno, new_lead):
    keep, gone = new_lead(owner=ana), new_lead(owner=ana)
    merger = merged(keep, gone, person(bruno))
    lead_update(lead_id=keep.pk, values={"phone": gone.phone}, actor=person(ana))
    with pytest.raises(Conflict) as refused:
        lead_unmerge(interaction_id=merger.pk, actor=person(bruno))
    assert refused.value.code == "phone_taken"


def test_a_lead_is_not_merged_with_itself_nor_with_one_that_is_gone(pair, bruno):
    keep, gone = pair
    with pytest.raises(Invalid):
        leads_merge(keep_id=keep.pk, gone_id=keep.pk, actor=person(bruno))
    merged(keep, gone, person(bruno))
    with pytest.raises(NotFound):
        leads_merge(keep_id=keep.pk, gone_id=gone.pk, actor=person(bruno))
    with pytest.raises(NotFound):
        lead_unmerge(interaction_id=2**40, actor=person(bruno))


def test_by_the_page_one_merges_what_one_sees(pair, ana, caio, bruno, browse, new_lead):
    keep, gone = pair
    address, htmx = f"/leads/{keep.pk}/merge/", {"HX-Request": "true"}
    assert "Maria Souza" not in browse(ana).get(f"{address}?q=souza").content.decode()
    assert browse(ana).get(f"{address}?other={gone.pk}").status_code == 404
    assert browse(ana).post(address, {"other": gone.pk, "keep": keep.pk}).status_code == 404
    client = browse(bruno)
    for query in ("soúza", "MARIA natal-x", gone.phone[-6:], "%", "a" * 50_000):
        found = client.get(address, {"q": query}).content.decode()
        assert ("Maria Souza" in found) == (query in ("soúza", gone.phone[-6:]))
    assert client.get(address, {"q": "\0"}).status_code == 200
    preview = client.get(f"{address}?other={gone.pk}&keep={keep.pk}").content.decode()
    assert 'class="taken"' in preview
    assert client.get(f"{address}?other={keep.pk}").status_code == 404
    answer = client.post(address, {"other": gone.pk, "keep": keep.pk}, headers=htmx)
    assert answer["HX-Redirect"] == f"/leads/{keep.pk}/"
    merger = Interaction.objects.filter(lead=keep, kind=InteractionKind.MERGED).get()
    page = client.get(f"/leads/{keep.pk}/").content.decode()
    undo = f"/leads/{keep.pk}/unmerge/{merger.pk}/"
    assert undo in page
    assert browse(caio).post(undo).status_code == 404
    assert client.post(undo, headers=htmx).status_code == 200
    assert client.post(undo, headers=htmx).status_code == 409
