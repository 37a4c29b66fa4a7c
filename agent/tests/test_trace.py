"""A message, its turn and the answer carry one id, by which a manager finds them."""

from django.urls import reverse

from agent.turns import turn_run
from conversations.models import Message
from crm.core.tracing import traced


def test_a_turn_and_its_answer_are_of_the_trace_of_the_newest_message(says):
    with traced() as first:
        says("Boa tarde")
    with traced() as second:
        conversation_id = says("quero um consórcio").conversation_id
    with traced() as ringing:  # such as the sweep's
        turn = turn_run(conversation_id=conversation_id).turn
    answers = Message.objects.filter(pk__in=turn.reply_ids)
    assert turn.trace_id == second and {message.trace_id for message in answers} == {second}
    assert set(turn.messages().values_list("trace_id", flat=True)) == {first, second}
    assert ringing not in Message.objects.values_list("trace_id", flat=True)


def test_managers_find_a_turn_and_its_messages_by_their_trace_or_its_beginning(says, bruno, browse):
    with traced("c0ffee00c0ffee00c0ffee00c0ffee00") as trace:
        turn = turn_run(conversation_id=says("quero um consórcio").conversation_id).turn
    rows = {"agent_turn": turn.pk, "conversations_message": turn.message_ids[0]}
    client = browse(bruno)
    for table, pk in rows.items():
        page = reverse(f"admin:{table}_change", args=[pk])
        assert trace in client.get(page).content.decode()
        for query in (trace, "C0FFEE00"):
            assert page in client.get(reverse(f"admin:{table}_changelist"), {"q": query}).content.decode()
        assert page not in client.get(reverse(f"admin:{table}_changelist"), {"q": "c0ffee01"}).content.decode()
