"""The demo is one coherent working day, written once."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.urls import resolve

from agent import catalogue
from agent.brain.guard import AllowedFigures, check
from agent.brain.replies import EXAMPLES
from agent.brain.simulation import SimulationResult
from agent.models import Dialogue, Simulation, Turn
from conversations.models import Conversation, Direction, Message, MessageKind, MessageState
from crm.accounts.models import User
from crm.core.clock import now
from crm.realtime.models import Notification
from leads.models import Attendance, Consultant, InteractionKind, Lead
from leads.pipeline import Status, may_move
from leads.selectors import room_totals
from whatsapp.gateways.base import Connected
from whatsapp.gateways.simulator import SimulatorGateway
from whatsapp.models import Session
from whatsapp.simulator.network import Network

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings, tmp_path: Path) -> None:
    settings.DEMO_ENABLED = settings.SIMULATOR_ENABLED = True
    settings.WHATSAPP_SESSION_DIR = tmp_path


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def test_it_seeds_once() -> None:
    assert "60 leads" in seed()
    before = (Lead.objects.count(), Message.objects.count(), User.objects.count())
    assert before[0] == 60
    assert "in use" in seed()
    assert (Lead.objects.count(), Message.objects.count(), User.objects.count()) == before


def test_it_leaves_a_used_database_alone() -> None:
    User.objects.create_user("bruno@livia.test", "correct-horse-7", name="Bruno")
    assert "in use" in seed()
    assert not Lead.objects.exists()


def test_it_is_refused_where_the_demo_is_off(settings) -> None:
    settings.DEMO_ENABLED = False
    with pytest.raises(CommandError, match="DEMO_ENABLED"):
        seed()
    assert not User.objects.exists()


def test_the_logins_work_and_are_marked(client) -> None:
    seed()
    assert User.objects.filter(is_demo=True).count() == 3
    assert all(user.check_password("livia-demo") for user in User.objects.all())


def test_the_board_totals_equal_the_rows() -> None:
    seed()
    for room, leads in {"board": Lead.objects.all(), "board.open": Lead.objects.filter(consultant=None)}.items():
        rows = leads.values("status").annotate(n=Count("pk"), cents=Sum(Coalesce("won_amount", "credit_amount", 0)))
        expected = {row["status"]: (row["n"], row["cents"]) for row in rows.order_by()}
        totals = {total.status: (total.n, total.amount) for total in room_totals(room)}
        assert totals == {status: expected.get(status, (0, 0)) for status in Status.values}
    assert all(total.n for total in room_totals("board"))


def test_every_history_leads_to_where_the_card_is() -> None:
    seed()
    for lead in Lead.objects.all():
        history = list(lead.interactions.order_by("pk"))
        assert history[0].kind == InteractionKind.CREATED
        assert [row.created_at for row in history] == sorted(row.created_at for row in history)
        at = Status.NEW
        moves = [row for row in history if row.kind == InteractionKind.MOVED]
        for move in moves:
            assert Status(move.data["origin"]) == at
            assert may_move(at, Status(move.data["to"]), manager=False), lead.name
            at = Status(move.data["to"])
        assert (at, len(moves)) == (lead.status, lead.version - 1)
        assert history[-1].created_at <= now()
        assert not moves or moves[-1].created_at == lead.status_changed_at


def test_closed_leads_say_why_and_open_ones_have_owners() -> None:
    seed()
    assert not Lead.objects.filter(status=Status.LOST, lost_reason="").exists()
    assert not Lead.objects.filter(status=Status.WON, won_amount=None).exists()
    assert not Lead.objects.exclude(status__in=[Status.NEW, Status.LOST]).filter(consultant=None).exists()
    new = Lead.objects.filter(status=Status.NEW)
    assert not new.exclude(consultant=None).exists()
    assert set(new.values_list("attended_by", flat=True)) == {Attendance.LIVIA, Attendance.NONE}


def test_the_rotation_counts_what_it_gave() -> None:
    seed()
    for consultant in Consultant.objects.all():
        assert consultant.assigned_count == consultant.leads.count()
    assert Consultant.objects.filter(turn=Lead.objects.exclude(consultant=None).count()).exists()


def test_threads_and_cards_show_the_same_last_message() -> None:
    seed()
    for thread in Conversation.objects.select_related("lead"):
        last = thread.messages.exclude(kind=MessageKind.EVENT).order_by("pk").last()
        assert thread.last_message_at == last.created_at == thread.lead.last_message_at <= now()
        assert thread.last_message_text == thread.lead.last_message_text
        assert (thread.last_message_author, thread.last_message_state) == (last.author, last.state)
        assert thread.unread_count == thread.lead.unread_count
        assert thread.attended_by == thread.lead.attended_by
        assert thread.last_inbound_id == thread.messages.filter(direction=Direction.IN).order_by("pk").last().pk
        times = list(thread.messages.order_by("pk").values_list("created_at", flat=True))
        assert times == sorted(times)
    assert not Conversation.objects.exclude(awaiting_since=None).exists()
    assert not Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).exists()
    for state in (MessageState.FAILED, MessageState.UNKNOWN):
        assert Message.objects.filter(state=state).count() == 1


def test_livia_handed_over_who_is_served_by_a_person() -> None:
    seed()
    served = Conversation.objects.filter(turns__isnull=False, attended_by=Attendance.PERSON).distinct()
    assert served.count() >= 18
    for thread in served:
        assert thread.lead.consultant_id
        assert thread.turns.first().outcome == "handoff", thread.lead.name
        assert thread.lead.transfer_summary


def test_every_figure_of_livia_was_computed() -> None:
    seed()
    sold = AllowedFigures.of_products(catalogue.products().values()) | AllowedFigures.of_texts(EXAMPLES)
    dialogues = {row.conversation_id: row for row in Dialogue.objects.all()}
    for turn in Turn.objects.all():
        said = Message.objects.filter(conversation=turn.conversation, pk__lte=max(turn.message_ids), direction="in")
        allowed = sold | AllowedFigures.of_slots(turn.slots_after) | AllowedFigures.of_texts(row.text for row in said)
        allowed |= AllowedFigures.of_slots(dialogues[turn.conversation_id].state["adjusted"])
        if turn.simulation:
            allowed |= AllowedFigures.of_simulation(SimulationResult.from_dict(turn.simulation.result))
        for reply in Message.objects.filter(pk__in=turn.reply_ids):
            assert not check(reply.text, allowed), reply.text
    assert Simulation.objects.count() >= 15


def test_every_notification_leads_somewhere_and_one_is_new() -> None:
    seed()
    assert Notification.objects.filter(read_at=None).count() == 1
    for notification in Notification.objects.all():
        assert notification.title
        assert resolve(notification.url)


def test_livias_number_connects_without_a_qr_code() -> None:
    seed()
    session = Session.objects.get(inbox__role="livia")
    events = []
    gateway = SimulatorGateway(session.pk, session.folder, lambda event: (events.append(event), gateway.stop()))
    gateway.connect()
    assert [type(event) for event in events] == [Connected]
    phones = Network(session.pk).chats()
    assert len(phones) == Conversation.objects.filter(inbox=session.inbox).count()
    assert all(Network(session.pk).transcript(person.phone) for person in phones)
    assert not Session.objects.get(inbox__role="consultants").wanted
