"""What the team tells itself in a thread reaches neither Lívia nor any model."""

from agent.catalogue import opening
from agent.contexts import history_of, layers_of
from agent.tests.conftest import reply
from agent.turns import turn_run
from conversations.models import Conversation, Message, MessageKind
from conversations.notes import note_add, note_edit

SECRET = "Desconfio do holerite, conferir com a gerente"


def test_a_note_is_in_no_context(maria_thread, ana, says):
    note_add(conversation_id=maria_thread.pk, text=SECRET, user=ana)
    newest = says("quero simular")
    thread = Conversation.objects.select_related("contact", "lead").get()
    layers = layers_of(thread, [newest], history_of(thread, newest), slots={}, opening=opening())
    assert [said.text for said in layers.history] == ["oi"]
    assert SECRET not in repr(layers)


def test_a_note_is_never_told_to_the_model(says, groq, ana):
    heard = []
    groq(reply("Que bom! Qual é o seu nome?"), heard=lambda call: heard.append(call))
    thread = says("oi").conversation
    turn_run(conversation_id=thread.pk)
    note = note_add(conversation_id=thread.pk, text=SECRET, user=ana)
    note_edit(message_id=note.pk, text=f"{SECRET}!", user=ana)
    heard.clear()
    says("meu nome é Helena, queria entender como funciona")
    turn = turn_run(conversation_id=thread.pk).turn
    assert turn is not None and turn.outcome == "continue"  # the note took nothing from her
    assert heard
    assert not [call for call in heard if "holerite" in repr(vars(call))]
    said = Message.objects.exclude(kind=MessageKind.NOTE).values_list("text", flat=True)
    assert not [text for text in said if "holerite" in text]
