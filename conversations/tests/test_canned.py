"""Ready answers: whose they are, and what is filled in."""

from datetime import datetime

import pytest
from django.utils import timezone

from conversations.canned import canned_for, canned_save, unfilled
from conversations.models import CannedReply, Conversation
from crm.core.errors import Conflict, Invalid, NotFound
from leads.actors import SYSTEM
from leads.models import Product
from leads.services import lead_assign, lead_update


@pytest.fixture
def anas_thread(maria_thread, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    return Conversation.objects.select_related("lead", "contact").get()


def test_what_is_known_is_filled_in_and_the_rest_stays_marked(anas_thread, ana):
    values = {"name": "Maria Souza", "product": Product.HOME_EQUITY, "credit_amount": 15_000_000}
    lead_update(lead_id=anas_thread.lead_id, values=values, actor=SYSTEM)
    anas_thread.lead.refresh_from_db()
    text = "{primeiro_nome}, {produto} de {valor} em {prazo}? {consultor}, {empresa} {nada}"
    canned_save(user=ana, shortcut="/Proposta", text=text, shared=False)
    (answer,) = canned_for(anas_thread, ana)
    assert answer.reply.shortcut == "proposta"
    assert answer.missing == ("prazo",)
    assert answer.text.startswith("Maria, ") and "R$\xa0150.000,00 em {prazo}?" in answer.text
    assert answer.text.endswith("Ana Clara, Lívia Crédito {nada}")


@pytest.mark.parametrize(("hour", "greeting"), [(9, "bom dia"), (14, "boa tarde"), (21, "boa noite"), (2, "boa noite")])
def test_the_greeting_goes_by_the_products_clock(anas_thread, ana, monkeypatch, hour, greeting):
    at = datetime(2026, 11, 20, hour, tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr("conversations.canned.now", lambda: at)
    canned_save(user=ana, shortcut="oi", text="{saudacao}!", shared=False)
    assert canned_for(anas_thread, ana)[0].text == f"{greeting}!"


def test_nothing_leaves_with_an_empty_place(anas_thread, ana, browse):
    answer = browse(ana).post(
        f"/conversations/{anas_thread.pk}/send/", {"text": "Fica {prazo}."}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unfilled")
    assert unfilled("{nome} {outra} {nome}") == ("nome",)


def test_ones_own_answer_takes_the_place_of_the_teams_and_is_nobody_elses(anas_thread, ana, caio, bruno):
    canned_save(user=bruno, shortcut="pix", text="O do time", shared=True)
    canned_save(user=ana, shortcut="pix", text="O da Ana", shared=False)
    assert [answer.text for answer in canned_for(anas_thread, ana)] == ["O da Ana"]
    assert [answer.text for answer in canned_for(anas_thread, caio)] == ["O do time"]


def test_only_managers_keep_the_teams(ana, bruno):
    team = canned_save(user=bruno, shortcut="docs", text="Mande o RG", shared=True)
    assert canned_save(user=ana, shortcut="docs", text="x", shared=True).owner == ana
    with pytest.raises(NotFound):
        canned_save(user=ana, shortcut="docs", text="x", shared=False, reply_id=team.pk)
    with pytest.raises(Conflict):
        canned_save(user=bruno, shortcut="Docs", text="y", shared=True)


@pytest.mark.parametrize(("shortcut", "text"), [("", "a"), ("///", "a"), ("oi", " "), ("oi", "x" * 5000)])
def test_half_an_answer_is_refused(ana, shortcut, text):
    with pytest.raises(Invalid):
        canned_save(user=ana, shortcut=shortcut, text=text, shared=False)


def test_the_page_lists_adds_changes_and_deletes(ana, bruno, caio, browse):
    client, root = browse(ana), "/conversations/canned/"
    headers = {"HX-Request": "true"}
    answer = client.post(f"{root}new/", {"shortcut": "oi", "text": "Olá, {nome}"}, headers=headers)
    assert answer.status_code == 204 and "canned:changed" in answer["HX-Trigger"]
    assert client.post(f"{root}new/", {"shortcut": "oi", "text": "b"}, headers=headers).status_code == 422
    reply = CannedReply.objects.get()
    assert "/oi" in client.get(root).content.decode() and "/oi" not in browse(caio).get(root).content.decode()
    assert browse(bruno).get(f"{root}{reply.pk}/").status_code == 404
    client.post(f"{root}{reply.pk}/", {"shortcut": "oi", "text": "Oi!"})
    reply.refresh_from_db()
    assert reply.text == "Oi!"
    assert browse(caio).post(f"{root}{reply.pk}/delete/").status_code == 404
    client.post(f"{root}{reply.pk}/delete/")
    assert not CannedReply.objects.exists()


def test_the_composer_gets_answers_only_for_threads_one_may_see(anas_thread, ana, caio, browse):
    canned_save(user=ana, shortcut="oi", text="Oi {primeiro_nome}", shared=False)
    url = f"/conversations/{anas_thread.pk}/answers/"
    assert browse(ana).get(url).json() == {"answers": [{"shortcut": "oi", "text": "Oi Maria", "missing": []}]}
    assert browse(caio).get(url).status_code == 404
