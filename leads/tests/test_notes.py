"""Notes, and people named in them."""

import pytest

from crm.core.errors import Forbidden, Invalid, NotFound
from leads.actors import person
from leads.mentions import mentioned, people_of
from leads.models import Interaction, InteractionKind, Note
from leads.notes import note_add, note_edit, note_pin, note_remove, notes_of
from leads.selectors import leads_visible_to


@pytest.fixture
def lead(ana, bruno, caio, new_lead):
    return new_lead(owner=ana)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("unowned", [False, True])
@pytest.mark.parametrize("owned", [False, True])
def test_who_can_be_named_is_who_sees_the_lead(ana, bruno, caio, new_lead, settings, shared, unowned, owned):
    settings.BOARD_SHARED, settings.CONSULTANTS_SEE_UNOWNED = shared, unowned
    lead = new_lead(owner=ana if owned else None)
    seeing = [user for user in (ana, bruno, caio) if leads_visible_to(user).filter(pk=lead.pk).exists()]
    assert set(people_of(lead)) == set(seeing)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Bruno Rocha veja", ["Bruno Rocha"]),
        ("veja, @bruno!", ["Bruno Rocha"]),
        ("@Ana Clara e @Bruno", ["Ana Clara", "Bruno Rocha"]),
        ("mande para ana@bruno.com", []),
        ("@Brunoca não é ninguém", []),
        ("@Caio não vê este lead", []),
        ("sem ninguém", []),
    ],
)
def test_people_are_named_by_whole_or_first_name(lead, text, named):
    assert [str(user) for user in mentioned(text, lead)] == named


def test_a_note_tells_whom_it_names_once_and_nobody_of_themselves(lead, ana, bruno, caio):
    note = note_add(lead_id=lead.pk, text="@Bruno e @Ana e @Caio, vejam @Bruno", author=ana)
    assert note.mentions == [ana.pk, bruno.pk]
    note_edit(lead_id=lead.pk, note_id=note.pk, text="@Bruno, veja de novo", actor=person(ana))
    assert bruno.notifications.filter(kind="mention").count() == 1
    assert not ana.notifications.filter(kind="mention").exists()
    assert not caio.notifications.exists()
    assert bruno.notifications.get(kind="mention").url == f"/leads/{lead.pk}/?tab=notes#note-{note.pk}"


def test_pinned_notes_come_first_and_markup_stays_text(lead, ana, browse):
    first = note_add(lead_id=lead.pk, text="<b>um</b> https://exemplo.com.br?a=1&b=2", author=ana)
    note_add(lead_id=lead.pk, text="dois @Bruno", author=ana)
    note_pin(lead_id=lead.pk, note_id=first.pk, pinned=True, actor=person(ana))
    assert [note.text[:4] for note in notes_of(lead)] == ["<b>u", "dois"]
    page = browse(ana).get(f"/leads/{lead.pk}/").content.decode()
    assert "&lt;b&gt;um&lt;/b&gt;" in page
    assert '<b class="mention">@Bruno</b>' in page
    assert 'rel="nofollow"' in page


def test_one_changes_own_notes_and_managers_any(lead, ana, bruno, new_lead):
    theirs = note_add(lead_id=lead.pk, text="do Bruno", author=bruno)
    with pytest.raises(Forbidden):
        note_edit(lead_id=lead.pk, note_id=theirs.pk, text="x", actor=person(ana))
    with pytest.raises(Forbidden):
        note_remove(lead_id=lead.pk, note_id=theirs.pk, actor=person(ana))
    mine = note_add(lead_id=lead.pk, text="da Ana", author=ana)
    note_edit(lead_id=lead.pk, note_id=mine.pk, text="corrigida", actor=person(bruno))
    with pytest.raises(NotFound):
        note_edit(lead_id=new_lead(owner=ana).pk, note_id=mine.pk, text="de outro lead", actor=person(bruno))


def test_a_removed_note_leaves_no_words_but_the_history_knows_of_it(lead, ana):
    note = note_add(lead_id=lead.pk, text="segredo", author=ana)
    note_remove(lead_id=lead.pk, note_id=note.pk, actor=person(ana))
    assert Note.objects.get(pk=note.pk).text == ""
    assert notes_of(lead) == []
    told = Interaction.objects.filter(lead=lead, kind=InteractionKind.NOTED)
    assert [row.data["what"] for row in told] == ["removed", "written"]
    with pytest.raises(NotFound):
        note_pin(lead_id=lead.pk, note_id=note.pk, pinned=True, actor=person(ana))


@pytest.mark.parametrize("text", ["", "  \n ", "\u200e", "a" * 4001, "a" * 50_000])
def test_an_empty_note_and_one_too_long_are_refused(lead, ana, text):
    with pytest.raises(Invalid):
        note_add(lead_id=lead.pk, text=text, author=ana)
    assert not Note.objects.exists()


def test_strangers_reach_neither_notes_nor_names(lead, ana, caio, browse):
    note = note_add(lead_id=lead.pk, text="nota", author=ana)
    client = browse(caio)
    assert client.get(f"/leads/people.json?lead={lead.pk}").status_code == 404
    assert client.post(f"/leads/{lead.pk}/notes/", {"text": "x"}).status_code == 404
    assert client.post(f"/leads/{lead.pk}/notes/{note.pk}/", {"do": "remove"}).status_code == 404
    names = browse(ana).get(f"/leads/people.json?lead={lead.pk}").json()
    assert [one["name"] for one in names] == ["Ana Clara", "Bruno Rocha"]
    for wrong in ("", "x", "9" * 30):
        assert browse(ana).get(f"/leads/people.json?lead={wrong}").status_code == 404
