"""A thread put off comes back by itself, or with the client."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations import snooze
from conversations.models import Conversation
from conversations.selectors import unread_conversations
from conversations.services import conversation_read
from conversations.snooze import conversation_snooze, conversation_unsnooze, snooze_choices, snoozes_end
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.realtime.models import Notification
from leads.services import lead_assign


@pytest.fixture
def anas_thread(maria_thread, ana):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    conversation_read(conversation_id=maria_thread.pk)
    Conversation.objects.update(attended_by="")
    Notification.objects.all().delete()
    return maria_thread


def put_off(thread: Conversation, user, **ahead: int) -> None:
    conversation_snooze(conversation_id=thread.pk, until=now() + timedelta(**ahead), user=user)


def told() -> list[tuple[str, str]]:
    return list(Notification.objects.order_by("pk").values_list("kind", "user__name"))


def rows(client, query: str = "") -> int:
    return client.get(f"/conversations/{query}").content.decode().count('data-place="#rows"')


def test_it_leaves_the_list_and_the_badge_until_its_time(anas_thread, ana, browse):
    client = browse(ana)
    put_off(anas_thread, ana, hours=1)
    assert (rows(client), rows(client, "?show=snoozed"), snoozes_end()) == (0, 1, 0)
    Conversation.objects.update(snoozed_until=now() - timedelta(seconds=1))
    assert (snoozes_end(), snoozes_end()) == (1, 0)
    assert (rows(client), rows(client, "?show=snoozed"), unread_conversations(ana)) == (1, 0, 1)
    assert told() == [("snooze", "Ana Clara")]


def test_a_clients_message_ends_it_and_rings_once(anas_thread, ana, says):
    put_off(anas_thread, ana, hours=1)
    says("cheguei")
    says("tem alguém?")
    anas_thread.refresh_from_db()
    assert anas_thread.snoozed_until is None
    assert told() == [("message", "Ana Clara")]


def test_a_manager_who_put_it_off_hears_of_the_client_too(anas_thread, bruno, says):
    put_off(anas_thread, bruno, hours=1)
    says("cheguei")
    assert sorted(told()) == [("message", "Ana Clara"), ("snooze", "Bruno Rocha")]


def test_an_end_by_hand_tells_nobody(anas_thread, ana):
    put_off(anas_thread, ana, hours=1)
    conversation_unsnooze(conversation_id=anas_thread.pk)
    anas_thread.refresh_from_db()
    assert anas_thread.snoozed_until is None and told() == []


@pytest.mark.parametrize("ahead", [{"seconds": -1}, {"days": 400}])
def test_only_a_time_within_a_year_is_taken(anas_thread, ana, ahead):
    with pytest.raises(Invalid):
        put_off(anas_thread, ana, **ahead)


@pytest.mark.parametrize("until", ["amanhã", "2026-13-45T99:00", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_date_that_is_none_is_a_400(anas_thread, ana, browse, until):
    answer = browse(ana).post(f"/conversations/{anas_thread.pk}/snooze/", {"until": until})
    assert answer.status_code == 400


def test_the_choices_are_all_ahead_and_at_office_hours(monkeypatch):
    here = ZoneInfo("America/Sao_Paulo")
    for hour, offered in ((8, 4), (14, 3), (23, 3)):
        moment = datetime(2026, 11, 22, hour, 30, tzinfo=here)  # a Sunday
        monkeypatch.setattr(snooze, "now", lambda moment=moment: moment)
        choices = [when for _label, when in snooze_choices()]
        assert len(choices) == offered and all(when > moment for when in choices)
        assert choices[-1].astimezone(here).isoformat() == "2026-11-23T09:00:00-03:00"
