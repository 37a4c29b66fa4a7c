"""Reminders: at most two, in business hours, and never to whoever wants none."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from agent.followups import follow_up_send, follow_ups_due
from agent.models import BusinessProfile, Dialogue, FollowUp, FollowUpState
from agent.tasks import follow_up
from agent.tests.test_turns import HOME_EQUITY
from agent.turns import turn_run
from conversations.consent import contact_opt_out
from conversations.models import Author, Conversation, ConversationStatus, Inbox, Message, MessageState
from conversations.services import conversation_hand_back, conversation_take
from leads.models import Lead
from leads.pipeline import Status

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO)


WEDNESDAY = at("2026-11-18 10:00")


@pytest.fixture
def clock():
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def talk(clock, says):
    def go_on(*texts: str, **changes):
        turn = None
        for text in texts:
            message = says(text, **changes)
            turn = turn_run(conversation_id=message.conversation_id).turn
        Message.objects.filter(state=MessageState.QUEUED).update(state=MessageState.SENT)
        return turn

    return go_on


def pass_time(clock, **time) -> None:
    clock.shift(timedelta(**time))
    follow_up()


def told() -> list[tuple[int, str, str]]:
    return list(FollowUp.objects.order_by("pk").values_list("number", "state", "reason"))


def sent() -> list[str]:
    return list(FollowUp.objects.filter(state="sent").order_by("pk").values_list("message__text", flat=True))


def delivered() -> None:
    Message.objects.filter(state=MessageState.QUEUED).update(state=MessageState.SENT)


def test_a_client_who_falls_silent_is_reminded_twice_and_no_more(talk, clock):
    talk("oi", "meu nome é Helena", "quero um empréstimo pessoal")
    assert FollowUp.objects.get(state="waiting").due_at == at("2026-11-18 14:00")
    pass_time(clock, hours=3, minutes=59)
    assert sent() == []
    pass_time(clock, minutes=1)
    assert len(sent()) == 1
    delivered()
    assert FollowUp.objects.get(state="waiting").due_at == at("2026-11-19 14:00")
    pass_time(clock, days=1)
    delivered()
    assert len(sent()) == 2 and "SAIR" in sent()[1] and "Helena" in sent()[0]
    for _ in range(10):
        pass_time(clock, days=3)
    assert len(sent()) == 2
    assert [number for number, state, _ in told() if state == "sent"] == [1, 2]


def test_a_reminder_asks_what_was_asked(talk, clock):
    turn = talk("oi", "meu nome é Helena", "quero um empréstimo pessoal")
    asked = Dialogue.objects.get().state["asked"]
    assert asked and turn.outcome == "continue"
    pass_time(clock, hours=4)
    message = FollowUp.objects.get(state="sent").message
    assert message.author == Author.LIVIA and message.state == MessageState.QUEUED and message.typing_ms > 0
    assert "?" in message.text


def test_after_a_simulation_the_reminder_offers_the_consultant(talk, clock, ana):
    assert talk(*HOME_EQUITY).outcome == "simulated"
    pass_time(clock, hours=4)
    assert "consultor" in sent()[0] and "R$" not in sent()[0]


def test_a_yes_to_a_reminder_hands_over(talk, clock, ana):
    talk(*HOME_EQUITY)
    pass_time(clock, hours=4)
    assert talk("sim").outcome == "handoff"
    assert not FollowUp.objects.filter(state="waiting").exists()


def test_reminders_wait_for_business_hours(talk, clock):
    clock.move_to(at("2026-11-19 16:00"))  # Friday the 20th is a holiday
    talk("oi")
    assert FollowUp.objects.get().due_at == at("2026-11-23 09:00")


def test_a_reminder_that_comes_too_late_in_the_day_waits_for_the_next(talk, clock):
    talk("oi")
    clock.move_to(at("2026-11-18 20:00"))
    follow_up()
    assert sent() == [] and FollowUp.objects.get().due_at == at("2026-11-19 09:00")
    clock.move_to(at("2026-11-19 09:00"))
    follow_up()
    assert len(sent()) == 1


def test_an_answer_starts_over(talk, clock):
    talk("oi")
    pass_time(clock, hours=4)
    delivered()
    pass_time(clock, hours=1)
    talk("quero um consórcio")
    assert told() == [(1, "sent", ""), (2, "cancelled", "answered"), (1, "waiting", "")]
    assert FollowUp.objects.get(state="waiting").due_at == at("2026-11-19 09:00")


def test_a_client_whose_message_is_not_answered_yet_is_not_reminded(talk, clock, says):
    talk("oi")
    clock.shift(timedelta(hours=4))
    says("oi de novo")
    follow_up()
    assert told() == [(1, "cancelled", "answered")]


@pytest.mark.parametrize("text", ["não tenho interesse", "SAIR", "quero falar com um atendente"])
def test_who_refused_left_or_wants_a_person_is_never_reminded(talk, clock, ana, text):
    talk("oi", "quero um empréstimo pessoal", text)
    assert not FollowUp.objects.filter(state="waiting").exists()
    for _ in range(3):
        pass_time(clock, days=1)
    assert sent() == []


def test_leaving_on_another_number_counts_here(talk, clock, says):
    talk("oi")
    other = Inbox.objects.create(name="Outra Lívia", role="livia")
    contact_opt_out(conversation_id=says("oi", inbox=other).conversation_id, confirmation="Pronto.")
    pass_time(clock, hours=4)
    assert told() == [(1, "cancelled", "opted_out")]


def test_a_client_a_person_serves_on_another_number_is_not_reminded_here(talk, clock, says, bruno):
    talk("oi")
    other = Inbox.objects.create(name="Consultores", role="consultants")
    conversation_take(conversation_id=says("oi", inbox=other).conversation_id, user=bruno)
    pass_time(clock, hours=4)
    assert told() == [(1, "cancelled", "served")]


def test_a_takeover_ends_it_at_once_and_a_hand_back_does_not_revive_it(talk, clock, bruno):
    talk("oi")
    conversation = Conversation.objects.get()
    conversation_take(conversation_id=conversation.pk, user=bruno)
    assert told() == [(1, "cancelled", "taken")]
    conversation_hand_back(conversation_id=conversation.pk, user=bruno)
    pass_time(clock, hours=5)
    assert sent() == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda: Inbox.objects.update(livia_enabled=False), "not_attended"),
        (lambda: Conversation.objects.update(attended_by=""), "not_attended"),
        (lambda: Conversation.objects.update(status=ConversationStatus.ARCHIVED), "closed"),
        (lambda: Lead.objects.update(status=Status.LOST), "closed"),
        (lambda: BusinessProfile(follow_ups=False).save(), "switched_off"),
        (lambda: Dialogue.objects.update(stage="HANDED_OVER"), "ended"),
        (lambda: Dialogue.objects.all().delete(), "ended"),
        (lambda: Dialogue.objects.update(state={}), "nothing_asked"),
        (lambda: Message.objects.filter(direction="out").update(state="failed"), "undelivered"),
    ],
)
def test_what_changed_since_is_asked_again_before_sending(talk, clock, change, reason):
    talk("oi", "quero um empréstimo pessoal")
    change()
    pass_time(clock, hours=4)
    assert told()[-1] == (1, "cancelled", reason) and sent() == []


def test_livia_switched_off_everywhere_reminds_nobody(talk, clock, settings):
    talk("oi")
    settings.LIVIA_ENABLED = False
    pass_time(clock, hours=4)
    assert told() == [(1, "cancelled", "not_attended")]


def test_switched_off_by_the_manager_nothing_is_planned(talk, clock):
    BusinessProfile(follow_ups=False).save()
    talk("oi")
    assert told() == []


def test_who_means_to_come_back_is_given_a_day(talk, clock, ana):
    talk(*HOME_EQUITY)
    talk("depois eu te falo")
    assert FollowUp.objects.get(state="waiting").due_at == at("2026-11-19 10:00")


def test_a_question_that_has_not_left_is_no_question_yet(talk, clock):
    talk("oi")
    Message.objects.filter(direction="out").update(state=MessageState.QUEUED)
    pass_time(clock, hours=4)
    assert told() == [(1, "waiting", "")]
    assert FollowUp.objects.get().due_at == at("2026-11-18 15:00")


def test_a_sweep_that_runs_twice_sends_once(talk, clock):
    talk("oi")
    clock.shift(timedelta(hours=4))
    (due,) = follow_ups_due()
    follow_up_send(follow_up_id=due)
    assert follow_up_send(follow_up_id=due) is None
    assert len(sent()) == 1


@pytest.mark.parametrize(
    ("hours", "most", "count"), [([1], 1, 1), ([1, 1, 1], 2, 2), ([1], 0, 0), ([], 2, 0), ([1], 3, 3)]
)
def test_how_many_and_when_is_set(talk, clock, settings, hours, most, count):
    settings.FOLLOW_UP_HOURS, settings.FOLLOW_UP_MAX = hours, most
    talk("oi")
    for _ in range(6):
        pass_time(clock, days=1)
        delivered()
    assert len(sent()) == count


def test_a_business_that_never_opens_reminds_nobody(talk, clock):
    BusinessProfile(week={}).save()
    talk("oi")
    assert told() == []


def test_one_that_fails_does_not_hold_up_the_others(talk, clock, says):
    talk("oi")
    broken = FollowUp.objects.get()
    Dialogue.objects.update(state={"asked": {"no": "slot"}})
    talk("oi", phone="5511998127777")
    pass_time(clock, hours=4)
    assert FollowUp.objects.get(pk=broken.pk).state == FollowUpState.WAITING
    assert len(sent()) == 1


def test_joined_threads_keep_the_earlier_reminder(talk, clock, says):
    """WhatsApp shows one person first by LID, then by phone; then it says that they are one."""
    talk("oi", phone=None, lid="77@lid", chat="77@lid")
    clock.shift(timedelta(hours=1))
    talk("oi")
    assert FollowUp.objects.filter(state="waiting").count() == 2
    says("sou eu", lid="77@lid")
    assert Conversation.objects.count() == 1
    assert FollowUp.objects.get(state="waiting").due_at == at("2026-11-18 14:00")
    assert (1, "cancelled", "joined") in told()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_one_reminder(talk, clock):
    talk("oi")
    clock.shift(timedelta(hours=4))
    together = threading.Barrier(4)

    def sweep() -> None:
        together.wait()
        follow_up()
        connection.close()

    sweeps = [threading.Thread(target=sweep) for _ in range(4)]
    for one in sweeps:
        one.start()
    for one in sweeps:
        one.join()
    assert told() == [(1, "sent", ""), (2, "waiting", "")]
    assert len(sent()) == 1
