"""What is kept of how a client writes, and who sees it."""

import logging

import pytest
from django.urls import reverse
from django.utils import translation

from agent.brain.opening import OpeningHours
from agent.contexts import layers_of
from agent.manners import manner_of, profile_layer
from agent.models import ContactProfile, Dialogue, Priority, Relationship
from agent.profiles import contacts_behind, profile_learn, profiles_catch_up
from agent.tasks import learn
from agent.turns import turn_run
from conversations.models import Contact, Inbox, InboxRole, Message
from crm.core.errors import NotFound
from leads.actors import SYSTEM
from leads.models import Lead
from leads.moves import lead_move


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def read(message: Message) -> ContactProfile:
    profile_learn(contact_id=message.conversation.contact_id)
    return ContactProfile.objects.get(contact=message.conversation.contact_id)


def test_a_turn_leaves_what_it_heard_of_the_client(says, after_commit):
    message = says("adorei o atendimento, quero financiar um apartamento 😍")
    with after_commit():
        turn_run(conversation_id=message.conversation_id)
    message.refresh_from_db()
    profile = ContactProfile.objects.get()
    assert message.sentiment > 0.5 and "apartamento" in message.keywords
    assert (profile.messages_read, profile.last_message_id) == (1, message.pk)
    assert profile.topics == {"produto": 1, "imóvel": 1} and profile.style["emoji_rate"] == 1


def test_each_message_is_read_once(says):
    first = says("qual a taxa?")
    assert read(first).topics == {"juros": 1}
    assert read(first).topics == {"juros": 1}
    assert read(says("e a taxa do carro?")).topics == {"juros": 2, "veículo": 1}
    assert ContactProfile.objects.get().messages_read == 2


def test_our_own_words_reactions_and_what_was_taken_back_are_not_read(says, livia_inbox):
    message = says("péssimo", provider_id="GONE")
    says("", kind="revoke", target_provider_id="GONE")
    says("😡", kind="reaction", target_provider_id="GONE")
    says("odiei", from_me=True)
    says("", kind="image", media={"ref": "R", "mime": "image/jpeg"})
    assert read(message).messages_read == 0
    assert not Message.objects.exclude(sentiment=None).exists()


def test_a_voice_message_is_read_once_it_is_in_words(says):
    voice = says("", kind="audio", media={"ref": "R", "mime": "audio/ogg", "voice": True})
    assert read(voice).messages_read == 0
    Message.objects.filter(pk=voice.pk).update(transcript="não gostei da taxa", transcript_state="done")
    profile = read(voice)
    assert profile.messages_read == 1 and profile.sentiment < 0


def test_all_threads_of_a_person_make_one_profile(says, db):
    other = Inbox.objects.create(name="Consultores", role=InboxRole.CONSULTANTS)
    says("qual a taxa?")
    profile = read(says("tenho um carro", inbox=other))
    assert profile.messages_read == 2 and set(profile.topics) == {"juros", "veículo"}


def test_the_sweep_reads_where_livia_does_not_answer_and_then_rests(says, db):
    consultants = Inbox.objects.create(name="Consultores", role=InboxRole.CONSULTANTS)
    message = says("que demora, ninguém responde", inbox=consultants)
    assert contacts_behind() == [message.conversation.contact_id]
    learn()
    assert ContactProfile.objects.get().topics == {"reclamação": 1}
    assert contacts_behind() == [] and profiles_catch_up() == 0
    says("", inbox=consultants, kind="sticker")
    assert profiles_catch_up() == 1 and contacts_behind() == []


def test_more_than_fits_one_transaction_is_read_in_order(says):
    for text in ("qual a taxa?", "tenho um carro", "oi"):
        message = says(text)
    assert profile_learn(contact_id=message.conversation.contact_id, limit=2)
    assert contacts_behind() == [message.conversation.contact_id]
    assert profiles_catch_up() == 1
    assert ContactProfile.objects.get().transitions == {"juros>veículo": 1} and contacts_behind() == []


def test_who_names_a_product_is_a_prospect_and_who_closed_a_deal_a_client(says, ana, after_commit):
    message = says("oi")
    lead = Lead.objects.get()
    assert read(message).relationship == Relationship.NEW
    Lead.objects.update(product="consorcio")
    assert read(message).relationship == Relationship.PROSPECT
    for status, fields in (("CONTACTED", {}), ("WON", {"won_amount": 100})):
        with after_commit():
            move(lead, status, **fields)
    assert ContactProfile.objects.get().relationship == Relationship.CLIENT


def test_who_closed_a_deal_is_a_client_when_read_later(says):
    message = says("oi")
    Lead.objects.update(status="WON")
    assert read(message).relationship == Relationship.CLIENT


def test_what_a_manager_set_stays(says):
    message = says("oi, pode ser")
    profile = read(message)
    profile.relationship, profile.priority, profile.preferred_name = Relationship.PARTNER, Priority.VIP, "Dona Maria"
    profile.save()
    Lead.objects.update(status="WON", product="consorcio")
    Dialogue.objects.create(conversation=message.conversation, slots={"name": "Maria Souza"})
    kept = read(says("adorei"))
    assert (kept.relationship, kept.priority, kept.preferred_name) == ("partner", "vip", "Dona Maria")


def test_a_client_is_called_by_the_first_name_until_they_ask_for_another(says):
    message = says("oi")
    Dialogue.objects.create(conversation=message.conversation, slots={"name": "Maria Souza"})
    assert read(message).preferred_name == "Maria"
    assert read(says("pode me chamar de Mari")).preferred_name == "Mari"
    assert read(says("ok")).preferred_name == "Mari"


def test_two_contacts_that_are_one_person_add_up(says):
    read(says("qual a taxa?"))
    read(says("e a taxa do carro?", phone=None, lid="77"))
    says("oi", lid="77")
    profile = ContactProfile.objects.get()
    assert profile.messages_read == 2 and profile.topics == {"juros": 2, "veículo": 1}
    assert read(Message.objects.latest("pk")).messages_read == 3


def test_a_contact_that_is_gone_is_not_found(db):
    with pytest.raises(NotFound):
        profile_learn(contact_id=0)


def test_what_breaks_in_one_profile_does_not_hold_up_the_others(says):
    says("oi")
    says("quero um carro", phone="5511998123999")
    broken = Contact.objects.order_by("pk")[0]
    ContactProfile.objects.create(contact=broken, style={"average_length": "?"})
    assert profiles_catch_up() == 2
    assert ContactProfile.objects.exclude(contact=broken).get().messages_read == 1


def test_nothing_a_client_wrote_is_logged(says, caplog):
    message = says("meu segredo é o telhado")
    ContactProfile.objects.create(contact=message.conversation.contact, style={"average_length": "?"})
    with caplog.at_level(logging.DEBUG):
        profiles_catch_up()
    assert "segredo" not in caplog.text and "telhado" not in caplog.text


def test_the_model_is_told_how_the_client_writes(says):
    for text in ("blz, vc manda? 😂", "kkk que absurdo, ninguém responde", "tbm tô indignado, péssimo"):
        message = says(text)
    profile = read(message)
    told = profile_layer(profile)
    assert told["tom"] == "informal" and told["mensagens"] == "curtas" and told["humor"] == "ruim"
    layers = layers_of(message.conversation, [message], [], slots={}, opening=OpeningHours())
    assert layers.communication == told and set(layers.topics) == {"reclamação"}
    assert profile_layer(ContactProfile()) == {}


def test_a_colleague_sees_how_the_client_writes_once_there_is_enough(says, bruno, browse):
    message = says("blz, vc manda?")
    read(message)
    assert manner_of(message.conversation.contact_id) == []
    says("kkk vlw")
    read(says("tbm quero, pfv"))
    page = browse(bruno).get(reverse("conversations:side", args=[message.conversation_id])).content.decode()
    with translation.override("en"):
        assert str(manner_of(message.conversation.contact_id)[1]) == "informal tone"
    with translation.override("pt-br"):
        assert all(str(word) in page for word in manner_of(message.conversation.contact_id))


def move(lead: Lead, status: str, **fields: object) -> None:
    lead.refresh_from_db()
    lead_move(lead_id=lead.pk, to=status, version=lead.version, actor=SYSTEM, **fields)
