"""The timeline: what was done to a lead, in sentences."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from leads.actors import LIVIA, person
from leads.history import PAGE, history_page
from leads.merge import lead_absorb
from leads.models import InteractionKind
from leads.moves import lead_move
from leads.notes import note_add
from leads.services import interaction_add, lead_assign, lead_update


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def lead(ana, new_lead):
    return new_lead(owner=ana, name="Maria Souza")


def texts(lead, **asked) -> list[str]:
    return [entry.text for entry in history_page(lead, **asked).entries]


def test_changes_read_before_and_after_in_peoples_words(lead, ana):
    values = {"credit_amount": 12_000_050, "occupation": "retired", "phone": "+5531988776655", "term_months": 1}
    lead_update(lead_id=lead.pk, values=values, actor=person(ana))
    entry = history_page(lead).entries[0]
    shown = {change.label: (change.before, change.after) for change in entry.changes}
    assert entry.who == "Ana Clara"
    assert shown["Credit"] == ("", "R$\xa0120.000,50")
    assert shown["Occupation"] == ("", "retired")
    assert shown["Phone"][1] == "+55 31 98877-6655"
    assert shown["Term"] == ("", "1 month")


def test_moves_assignments_and_notes_are_sentences(lead, ana, bruno, caio):
    lead_move(lead_id=lead.pk, to="LOST", version=lead.version, actor=person(ana), lost_reason="rate", lost_note="caro")
    lead_assign(lead_id=lead.pk, consultant_id=caio.pk, actor=person(bruno), reason="fala espanhol")
    note_add(lead_id=lead.pk, text="x" * 300, author=bruno)
    noted, given, moved = history_page(lead).entries[:3]
    assert (noted.text, len(noted.quote)) == ("Note written", 160)
    assert (given.text, given.quote, given.who) == ("Given to Caio Mendes", "fala espanhol", "Bruno Rocha")
    assert moved.text == "Moved: Inbox → Lost. Rate or instalment too high"
    assert moved.quote == "caro"


def test_groups_show_their_kinds_only(lead, ana):
    lead_update(lead_id=lead.pk, values={"city": "Natal"}, actor=person(ana))
    lead_update(lead_id=lead.pk, values={"uf": "RN"}, actor=LIVIA)
    note_add(lead_id=lead.pk, text="nota", author=ana)
    assert texts(lead, group="data") == ["Data changed", "Data changed"]
    assert texts(lead, group="work") == ["Note written"]
    assert [entry.who for entry in history_page(lead, group="livia").entries] == ["Lívia"]
    assert texts(lead, group="moves")[-1] == "Lead created: By hand"
    assert texts(lead, group="nonsense") == texts(lead)


def test_older_entries_come_page_by_page_and_unrolled_ones_stay(lead, ana, browse):
    for n in range(PAGE * 2):
        interaction_add(lead, InteractionKind.TASK_ADDED, person(ana), title=f"t{n}")
    first = history_page(lead)
    second = history_page(lead, before=first.last_id)
    assert (len(first.entries), first.has_more) == (PAGE, True)
    assert first.entries[0].day is not None
    assert second.entries[0].day is None  # the same day goes on
    assert not {entry.pk for entry in first.entries} & {entry.pk for entry in second.entries}
    healed = history_page(lead, since=second.last_id)
    assert [entry.pk for entry in healed.entries] == [entry.pk for entry in (*first.entries, *second.entries)]
    page = browse(ana).get(f"/leads/{lead.pk}/history/?before={first.last_id}&history=work")
    assert f'id="event-{second.entries[0].pk}"' in page.content.decode()
    for wrong in ("before=x&history=9", "before=-1", f"since={'9' * 40}"):
        assert browse(ana).get(f"/leads/{lead.pk}/history/?{wrong}").status_code == 200


def test_a_merged_leads_past_is_part_of_it_and_only_a_live_merger_can_be_undone(lead, ana, new_lead):
    gone = new_lead(owner=ana, name="Maria Some")
    lead_update(lead_id=gone.pk, values={"city": "Natal"}, actor=person(ana))
    lead_absorb(keep_id=lead.pk, gone_id=gone.pk, actor=person(ana))
    entries = history_page(lead).entries
    assert sum(entry.kind == "updated" for entry in entries) == 1
    assert [entry.can_undo for entry in entries if entry.kind == "merged"] == [True]


def test_every_kind_has_words(lead, ana):
    for kind in InteractionKind:
        interaction_add(lead, kind, person(ana))
    assert all(texts(lead))


def test_the_page_of_a_lead_costs_the_same_however_long_its_past(lead, ana, browse, django_assert_max_num_queries):
    for n in range(30):
        note_add(lead_id=lead.pk, text=f"@Ana {n}", author=ana)
    client = browse(ana)
    with django_assert_max_num_queries(40):
        assert client.get(f"/leads/{lead.pk}/").status_code == 200
