"""Lívia's turns: answered once, in one transaction, never over a person's head."""

from datetime import timedelta

import pytest

from agent.brain.stages import Stage
from agent.models import Dialogue, Simulation, Turn
from agent.turns import turn_run
from conversations.models import Author, Conversation, Inbox, Message, MessageState
from conversations.services import conversation_hand_back, conversation_take
from crm.core.clock import now
from leads.models import Attendance, InteractionKind, Lead
from leads.pipeline import Status
from leads.services import lead_assign

HOME_EQUITY = (
    "olá", "meu nome é Helena", "sou de Sorocaba SP", "quero um empréstimo com garantia da minha casa",
    "preciso de 250 mil", "a casa vale 800 mil", "ganho 14 mil por mês", "em 12 anos",
    "vou usar pra pagar dívidas, sou clt",
)  # fmt: skip


@pytest.fixture
def talk(says):
    """Say things one after the other, each answered; returns the last turn."""

    def go_on(*texts: str) -> Turn | None:
        turn = None
        for text in texts:
            message = says(text)
            turn = turn_run(conversation_id=message.conversation_id).turn
        return turn

    return go_on


def replies() -> list[str]:
    return list(Message.objects.filter(author=Author.LIVIA).order_by("pk").values_list("text", flat=True))


def test_a_hello_is_answered_once(says):
    conversation = says("oi").conversation
    assert turn_run(conversation_id=conversation.pk).turn is not None
    assert turn_run(conversation_id=conversation.pk).turn is None
    assert len(replies()) == 1
    assert not Conversation.objects.get().awaits_livia


def test_a_burst_is_one_turn(says, settings):
    settings.BURST_WINDOW_SECONDS = 4
    for text in ("oi", "meu nome é Jonas", "sou de Natal RN"):
        conversation = says(text).conversation
    outcome = turn_run(conversation_id=conversation.pk)
    assert outcome.turn is None and 3 < outcome.wait <= 4
    Message.objects.update(created_at=now() - timedelta(seconds=5))
    turn = turn_run(conversation_id=conversation.pk).turn
    assert len(turn.message_ids) == 3
    assert len(replies()) == 1
    assert Dialogue.objects.get().slots["name"] == "Jonas"


def test_somebody_who_never_stops_typing_is_answered_after_the_cap(says, settings):
    settings.BURST_WINDOW_SECONDS, settings.BURST_CAP_SECONDS = 4, 20
    conversation = says("oi").conversation
    Conversation.objects.update(awaiting_since=now() - timedelta(seconds=21))
    says("e mais isto")
    assert turn_run(conversation_id=conversation.pk).turn is not None


def test_a_message_that_lands_while_livia_thinks_discards_the_turn(says, monkeypatch):
    import agent.thinking

    conversation = says("oi").conversation
    think = agent.thinking.decide

    def slow(*args, **options):
        monkeypatch.setattr(agent.thinking, "decide", think)
        says("meu nome é Helena")
        return think(*args, **options)

    monkeypatch.setattr(agent.thinking, "decide", slow)
    assert turn_run(conversation_id=conversation.pk).discarded
    assert replies() == [] and not Turn.objects.exists()
    assert len(turn_run(conversation_id=conversation.pk).turn.message_ids) == 2


def test_a_takeover_while_livia_thinks_discards_the_turn(says, ana, monkeypatch):
    import agent.thinking

    conversation = says("oi").conversation
    think = agent.thinking.decide

    def slow(*args, **options):
        conversation_take(conversation_id=conversation.pk, user=ana)
        return think(*args, **options)

    monkeypatch.setattr(agent.thinking, "decide", slow)
    assert turn_run(conversation_id=conversation.pk).discarded
    assert replies() == []


def test_a_clean_dialogue_ends_with_a_consultant(talk, ana):
    turn = talk(*HOME_EQUITY)
    assert turn.outcome == "simulated"
    simulation = Simulation.objects.get()
    assert simulation.product_version.code == "home_equity"
    assert simulation.result["first_instalment"] == 376_232
    turn = talk("sim, pode passar")
    assert (turn.outcome, turn.reason, turn.stage_after) == ("handoff", "qualified", Stage.TRANSFERRED)
    lead = Lead.objects.get()
    assert (lead.status, lead.consultant_id, lead.ai_temperature) == (Status.QUALIFIED, ana.pk, "HOT")
    assert (lead.credit_amount, lead.property_value, lead.term_months) == (25_000_000, 80_000_000, 144)
    assert "R$ 250.000" in lead.transfer_summary
    assert Conversation.objects.get().attended_by == Attendance.PERSON
    assert ana.notifications.filter(kind="lead_handed_over").count() == 1
    kinds = list(lead.interactions.values_list("kind", flat=True))
    for kind in (
        InteractionKind.SIMULATED,
        InteractionKind.HANDED_OVER,
        InteractionKind.ASSIGNED,
        InteractionKind.MOVED,
    ):
        assert kinds.count(kind) == 1


def test_values_know_the_message_they_came_from(talk):
    talk("oi", "meu nome é Helena")
    source = Dialogue.objects.get().sources["name"]
    assert Message.objects.get(pk=source).text == "meu nome é Helena"


def test_after_the_handoff_livia_is_silent(talk, ana):
    talk(*HOME_EQUITY, "sim, pode passar")
    said = len(replies())
    talk("oi?", "tem alguém aí?")
    assert len(replies()) == said


def test_a_handoff_that_fails_half_way_leaves_nothing(talk, ana, monkeypatch):
    import agent.settle

    talk(*HOME_EQUITY)
    said, before = len(replies()), Lead.objects.get().version

    def broken(**options):
        raise RuntimeError("the process died here")

    with monkeypatch.context() as patch:
        patch.setattr(agent.settle, "lead_move", broken)
        with pytest.raises(RuntimeError):
            talk("sim, pode passar")
    lead = Lead.objects.get()
    assert (lead.consultant, lead.version, lead.transfer_summary, len(replies())) == (None, before, "", said)
    assert not ana.notifications.exists()
    turn = turn_run(conversation_id=Conversation.objects.get().pk).turn
    assert turn.outcome == "handoff"
    assert ana.notifications.count() == 1


def test_a_client_who_wants_a_person_gets_one(talk, ana):
    turn = talk("quero falar com um atendente")
    assert (turn.outcome, turn.stage_after) == ("handoff", Stage.HANDED_OVER)
    lead = Lead.objects.get()
    assert (lead.status, lead.consultant_id) == (Status.CONTACTED, ana.pk)


def test_opting_out_is_confirmed_once_and_then_silence(talk):
    talk("oi")
    talk("SAIR")
    assert Conversation.objects.get().contact.opted_out_at is not None
    sendable = Message.objects.filter(author=Author.LIVIA, state=MessageState.QUEUED)
    assert sendable.count() == 1
    talk("oi", "tem alguém?")
    assert sendable.count() == 1


def test_opting_out_is_honoured_while_a_person_attends(says, ana):
    conversation = says("oi").conversation
    conversation_take(conversation_id=conversation.pk, user=ana)
    says("PARAR")
    turn_run(conversation_id=conversation.pk)
    conversation.contact.refresh_from_db()
    assert conversation.contact.opted_out_at is not None


def test_a_client_who_left_may_return(talk):
    talk("oi", "SAIR", "voltar")
    assert Conversation.objects.get().contact.opted_out_at is None
    assert Lead.objects.get().interactions.filter(kind=InteractionKind.OPTED_IN).count() == 1


def test_handed_back_livia_goes_on_from_the_next_message(talk, says, ana):
    talk("oi", "quero falar com um atendente")
    conversation = Conversation.objects.get()
    conversation_hand_back(conversation_id=conversation.pk, user=ana)
    said = len(replies())
    assert turn_run(conversation_id=conversation.pk).turn is None
    talk("quero um consórcio")
    assert len(replies()) == said + 1


@pytest.mark.parametrize("switch", ["global", "inbox", "chat"])
def test_livia_can_be_switched_off(says, settings, switch):
    conversation = says("oi").conversation
    if switch == "global":
        settings.LIVIA_ENABLED = False
    elif switch == "inbox":
        type(conversation.inbox).objects.update(livia_enabled=False)
    else:
        Conversation.objects.update(attended_by=Attendance.NONE)
    assert turn_run(conversation_id=conversation.pk).turn is None


def test_the_turn_records_what_was_read_decided_and_said(talk):
    turn = talk("oi", "meu nome é Helena")
    assert turn.slots_before == {} and turn.slots_after["name"] == "Helena"
    assert (turn.stage_before, turn.stage_after) == (Stage.QUALIFICATION, Stage.QUALIFICATION)
    assert turn.replies == [replies()[-1]]
    assert turn.path and turn.intent


@pytest.mark.parametrize("text", ["💸💸💸", "x" * 10_000, "\u202e\u200f", "..."])
def test_strange_texts_are_answered_in_portuguese_without_breaking(says, text):
    conversation = says(text).conversation
    turn = turn_run(conversation_id=conversation.pk).turn
    assert turn is not None


def test_an_opt_out_holds_for_the_person_not_for_one_number(talk, says):
    talk("oi", "SAIR")
    other = Inbox.objects.create(name="Outra Lívia", role="livia")
    message = says("oi", inbox=other)
    assert turn_run(conversation_id=message.conversation_id).turn.outcome == "silent"
    assert not other.conversations.get().messages.filter(author=Author.LIVIA).exists()


def test_a_client_who_left_while_a_person_attends_may_return(says, ana):
    conversation = says("oi").conversation
    conversation_take(conversation_id=conversation.pk, user=ana)
    for text, gone in (("PARAR", True), ("e agora?", True), ("Voltar", False)):
        says(text)
        turn_run(conversation_id=conversation.pk)
        conversation.contact.refresh_from_db()
        assert bool(conversation.contact.opted_out_at) is gone


def test_the_owner_of_a_lead_already_assigned_hears_of_the_handoff(talk, ana):
    talk(*HOME_EQUITY)
    lead_assign(lead_id=Lead.objects.get().pk, consultant_id=ana.pk)
    talk("sim, pode passar")
    assert ana.notifications.filter(kind="lead_handed_over").count() == 1
