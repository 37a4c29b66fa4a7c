"""What Lívia knows and did, when two threads turn out to be one person's."""

from agent.models import (
    ContactProfile,
    Dialogue,
    FollowUp,
    LeadClassification,
    ProductVersion,
    Simulation,
    Turn,
)
from agent.turns import turn_run
from conversations.models import Contact, Conversation, Message, ScheduledMessage
from leads.models import Consent, ImportRow, Interaction, Lead, LeadFile, Note, Task


def test_what_livia_knows_and_did_follows(says):
    kept, gone = says("1").conversation, says("2", phone=None, lid="77").conversation
    simulation = Simulation.objects.create(
        lead=gone.lead, conversation=gone, product_version=ProductVersion.objects.first(), result={}
    )
    turn = Turn.objects.create(conversation=gone, message_ids=[], outcome="reply", stage_before="", stage_after="")
    Dialogue.objects.create(conversation=kept, slots={"city": "Natal", "name": "Maria"}, sources={"city": 1})
    Dialogue.objects.create(conversation=gone, slots={"name": "Maria Souza", "credit_amount": 100}, stage="simulation")
    says("3", lid="77")
    simulation.refresh_from_db()
    turn.refresh_from_db()
    dialogue = Dialogue.objects.get()
    assert turn.conversation == simulation.conversation == dialogue.conversation == kept
    assert simulation.lead == Lead.objects.get(merged_into=None)
    assert dialogue.slots == {"city": "Natal", "name": "Maria Souza", "credit_amount": 100}
    assert (dialogue.stage, dialogue.sources) == ("simulation", {"city": 1})


def test_what_livia_answered_in_either_thread_is_not_read_again(says):
    waits = says("quero um imóvel de 300 mil", phone=None, lid="77")
    for text in ("oi", "meu nome é Helena"):
        turn_run(conversation_id=says(text).conversation_id)
    joins = says("e aí", lid="77")
    turn = turn_run(conversation_id=joins.conversation_id).turn
    assert turn.message_ids == [waits.pk, joins.pk]


def test_what_was_learned_of_the_client_follows(says):
    kept, gone = says("1").conversation, says("2", phone=None, lid="77").conversation
    ContactProfile.objects.create(contact=kept.contact, messages_read=2, priority="vip", topics={"casa": 1})
    ContactProfile.objects.create(contact=gone.contact, messages_read=9, preferred_name="Mari", topics={"carro": 5})
    says("3", lid="77")
    profile = ContactProfile.objects.get()
    assert profile.contact == kept.contact
    assert (profile.priority, profile.preferred_name, profile.topics) == ("vip", "Mari", {"casa": 1, "carro": 5})


def test_nothing_that_refers_to_what_is_merged_is_forgotten():
    """A new model that refers to them must be thought of in conversations.merge and leads.merge, then added here."""
    threads = {relation.related_model for relation in Conversation._meta.related_objects}
    assert threads == {Message, Turn, Simulation, Dialogue, FollowUp, ScheduledMessage}
    assert {relation.related_model for relation in Contact._meta.related_objects} == {Conversation, ContactProfile}
    below = {Lead, Interaction, Conversation, Simulation, LeadClassification, Task, Note, LeadFile, ImportRow, Consent}
    assert {relation.related_model._meta.label for relation in Lead._meta.related_objects} == {
        *(model._meta.label for model in below), "privacy.Review", "privacy.SubjectExport",
    }  # fmt: skip
