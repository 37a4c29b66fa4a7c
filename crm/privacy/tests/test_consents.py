"""What clients agree to is written down with the very sentence, and the latest word counts."""

from datetime import timedelta

import pytest
from django.test import Client

from agent.turns import turn_run
from conversations.models import Contact, MessageState
from conversations.outbox import message_send
from crm.core.clock import now
from crm.core.errors import Invalid
from leads.actors import person
from leads.consents import consent_add, consents_of, latest_of
from leads.models import ActorKind, Consent, ConsentSource, Interaction, InteractionKind, Lead, Purpose

FORM = {"name": "Maria Souza", "phone": "11 99812-3340", "consent": "on"}


def test_the_form_keeps_the_sentence_that_was_shown(db):
    assert Client().post("/contato/?utm_source=google", FORM, headers={"accept-language": "en"}).status_code == 302
    consent = Consent.objects.get()
    assert consent.text == "I agree to be contacted about my request, by WhatsApp too."
    assert (consent.purpose, consent.given, consent.source) == (Purpose.WHATSAPP, True, ConsentSource.FORM)
    assert consent.actor_kind == ActorKind.CLIENT and consent.lead.consented_at == consent.at


def test_the_api_writes_consent_down_only_where_it_was_given(browse, bruno):
    client = browse(bruno)
    for name, phone, agreed in (("Maria", "11998123340", True), ("Joana", "11998123341", False)):
        values = {"name": name, "phone": phone, "consent": agreed}
        assert client.post("/api/leads", values, content_type="application/json").status_code == 201
    assert list(Consent.objects.values_list("lead__name", "source")) == [("Maria", "api")]
    assert Lead.objects.get(name="Joana").consented_at is None


def test_who_leaves_on_whatsapp_takes_it_back_in_their_own_words(says):
    says("oi")
    message = says("não quero mais receber mensagens")
    turn_run(conversation_id=message.conversation_id)
    assert Contact.objects.get().opted_out_at
    consent = Consent.objects.get()
    assert not consent.given and consent.text == message.text and consent.evidence == {"message": message.pk}
    back = says("voltar")
    turn_run(conversation_id=back.conversation_id)
    newest = Consent.objects.first()
    assert newest.given and newest.text == back.text
    assert Lead.objects.get().consented_at == newest.at


def test_the_words_kept_are_those_that_said_so(says):
    says("quero um empréstimo")
    leaves = says("pare de me mandar mensagens")
    says("obrigado")
    turn_run(conversation_id=leaves.conversation_id)
    assert Consent.objects.get().text == leaves.text


def test_what_is_told_to_a_person_holds_on_whatsapp(says, browse, bruno):
    thread = says("oi").conversation
    waiting = message_send(conversation_id=thread.pk, text="Olá!", user=bruno)
    address = f"/privacy/leads/{thread.lead_id}/consents/"
    said = {"purpose": "whatsapp", "given": "no", "text": "Pediu por telefone"}
    assert browse(bruno).post(address, {**said, "at": "2020-01-01T10:00"}).status_code == 302
    assert Contact.objects.get().opted_out_at
    waiting.refresh_from_db()
    assert waiting.state == MessageState.CANCELLED
    browse(bruno).post(address, {**said, "given": "yes", "at": "2019-01-01T10:00"})
    assert Contact.objects.get().opted_out_at
    browse(bruno).post(address, {**said, "given": "yes"})
    assert Contact.objects.get().opted_out_at is None
    assert Lead.objects.get().consented_at == Consent.objects.first().at


def test_the_latest_word_counts_by_when_it_was_said(new_lead, ana):
    lead, actor = new_lead(owner=ana), person(ana)
    values = {"lead_id": lead.pk, "purpose": Purpose.WHATSAPP, "source": ConsentSource.PERSON, "actor": actor}
    given = consent_add(**values, given=True, text="por telefone")
    consent_add(**values, given=False, text="na ficha antiga", at=now() - timedelta(days=30))
    lead.refresh_from_db()
    assert lead.consented_at == given.at and latest_of(consents_of(lead)) == {Purpose.WHATSAPP: given}
    consent_add(**values, given=False)
    lead.refresh_from_db()
    assert lead.consented_at is None and lead.consents.count() == 3
    assert Interaction.objects.filter(lead=lead, kind=InteractionKind.CONSENTED).count() == 3
    with pytest.raises(Invalid):
        consent_add(**values, given=True, at=now() + timedelta(days=1))


def test_a_consultant_writes_it_down_on_the_lead_page(browse, new_lead, ana, caio):
    lead = new_lead(owner=ana)
    said = {"purpose": "sharing", "given": "yes", "text": "Autorizou na reunião", "at": "2026-01-02T10:30"}
    address = f"/privacy/leads/{lead.pk}/consents/"
    assert browse(caio).post(address, said).status_code == 404
    answer = browse(ana).post(address, said, headers={"hx-request": "true"})
    assert answer.status_code == 200 and "Autorizou na reunião" in answer.content.decode()
    assert latest_of(consents_of(lead))[Purpose.SHARING].actor == ana
    late = {**said, "at": "2999-01-01T00:00"}
    assert browse(ana).post(address, late, headers={"hx-request": "true"}).status_code == 422
