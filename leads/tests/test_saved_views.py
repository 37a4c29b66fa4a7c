"""Saved views: one's own and shared ones."""

import pytest

from crm.core.errors import Conflict, Forbidden, Invalid, NotFound
from leads.models import SavedView
from leads.saved_views import saved_view_create, saved_view_delete, saved_view_update, views_for


def test_a_view_keeps_the_canonical_filters_under_a_clean_name(ana) -> None:
    view = saved_view_create(owner=ana, name="  Quentes \n da semana ", query="temperature=HOT&q=&page=3&x=1")
    assert (view.name, view.query, view.shared) == ("Quentes da semana", "temperature=HOT", False)
    assert [each.name for each in views_for(ana)] == ["Quentes da semana"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_is_asked_for(ana, name: str) -> None:
    with pytest.raises(Invalid):
        saved_view_create(owner=ana, name=name, query="q=ana")


def test_nothing_filtered_is_no_view(ana) -> None:
    with pytest.raises(Invalid):
        saved_view_create(owner=ana, name="Todos", query="temperature=BOILING")


def test_a_name_is_taken_once_by_each_person_in_any_case(ana, caio) -> None:
    saved_view_create(owner=ana, name="Quentes", query="temperature=HOT")
    other = saved_view_create(owner=ana, name="Frios", query="temperature=COLD")
    with pytest.raises(Conflict):
        saved_view_create(owner=ana, name="QUENTES", query="temperature=HOT")
    with pytest.raises(Conflict):
        saved_view_update(view_id=other.pk, actor=ana, name="quentes")
    saved_view_update(view_id=other.pk, actor=ana, name="FRIOS")
    assert saved_view_create(owner=caio, name="Quentes", query="temperature=HOT").pk


def test_a_shared_view_is_everybodys_to_apply_and_its_owners_and_managers_to_change(ana, caio, bruno) -> None:
    private = saved_view_create(owner=ana, name="Meus", query="owner=mine")
    shared = saved_view_create(owner=ana, name="Quentes", query="temperature=HOT", shared=True)
    assert [(view.name, view.changeable) for view in views_for(caio)] == [("Quentes", False)]
    assert [(view.name, view.changeable) for view in views_for(bruno)] == [("Quentes", True)]
    with pytest.raises(Forbidden):
        saved_view_update(view_id=shared.pk, actor=caio, name="Do Caio")
    with pytest.raises(NotFound):
        saved_view_delete(view_id=private.pk, actor=bruno)
    saved_view_update(view_id=shared.pk, actor=bruno, name="Mais quentes")
    saved_view_delete(view_id=private.pk, actor=ana)
    assert [(view.owner, view.name) for view in SavedView.objects.all()] == [(ana, "Mais quentes")]


def test_the_menu_saves_renames_and_deletes(ana, browse) -> None:
    client = browse(ana)
    menu = client.post("/leads/views/", {"name": "Quentes", "query": "temperature=HOT", "page": "leads:board"})
    assert 'href="/board/?temperature=HOT" aria-current="true"' in menu.content.decode()
    assert client.post("/leads/views/", {"name": "Quentes", "query": "temperature=HOT"}).status_code == 409
    view = SavedView.objects.get()
    fields = {"name": "Agora", "shared": "on", "page": "leads:list"}
    menu = client.post(f"/leads/views/{view.pk}/", fields).content.decode()
    assert 'href="/leads/?temperature=HOT"' in menu and "Agora" in menu
    assert client.post(f"/leads/views/{view.pk}/delete/").status_code == 200
    assert not SavedView.objects.exists()
