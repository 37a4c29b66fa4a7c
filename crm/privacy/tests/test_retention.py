"""What was kept for long enough goes at night; people only where a manager says so."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from agent.turns import turn_run
from conversations.models import MediaState, Message
from crm.accounts.models import Access
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.privacy.models import Erasure, RetentionKind, RetentionRule
from crm.privacy.retention import DEFAULTS, plans, retention_run, retention_set
from crm.realtime.models import Notification
from leads.actors import SYSTEM
from leads.models import Lead
from leads.moves import lead_move
from whatsapp.models import Session, SetAside

YEARS = timedelta(days=1000)


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def lost(says) -> Lead:
    """A client lost long ago, with a file and a turn of Lívia's."""
    message = says("oi")
    turn = turn_run(conversation_id=message.conversation_id).turn
    type(turn).objects.update(raw_output="{}", created_at=now() - YEARS)
    path = default_storage.save("whatsapp/1/x.jpg", ContentFile(b"x"))
    Message.objects.filter(pk=message.pk).update(
        media={"path": path, "mime": "image/jpeg"}, media_state="stored", created_at=now() - YEARS
    )
    lead = message.conversation.lead
    lead_move(lead_id=lead.pk, to="LOST", version=lead.version, actor=SYSTEM, lost_reason="rate")
    Lead.objects.update(status_changed_at=now() - YEARS, last_message_at=now() - YEARS)
    return Lead.objects.get()


def due() -> dict[str, int]:
    return {plan.kind: plan.due for plan in plans() if plan.due}


def test_old_rows_go_and_new_ones_stay(ana, bruno):
    for age in (timedelta(days=1), YEARS):
        at = now() - age
        Notification.objects.create(user=ana, kind="x", title_id="x", read_at=at)
        Access.objects.create(user=bruno, what="lead", object_id=1, hour=at, at=at)
    Notification.objects.create(user=ana, kind="x", title_id="unread")
    assert due() == {RetentionKind.NOTIFICATIONS: 1, RetentionKind.ACCESSES: 1}
    counts = retention_run()
    assert counts[RetentionKind.NOTIFICATIONS] == counts[RetentionKind.ACCESSES] == 1
    assert (Notification.objects.count(), Access.objects.count()) == (2, 1)
    rule = RetentionRule.objects.get(kind=RetentionKind.ACCESSES)
    assert rule.last_count == 1 and rule.last_run_at and rule.days == DEFAULTS[RetentionKind.ACCESSES][0]
    assert retention_run()[RetentionKind.ACCESSES] == 0


def test_people_and_their_files_go_only_where_a_manager_says_so(lost, media, django_capture_on_commit_callbacks):
    assert due() == {RetentionKind.TURN_OUTPUTS: 1, RetentionKind.CLOSED_MEDIA: 1, RetentionKind.LOST_LEADS: 1}
    assert set(retention_run()) == {kind for kind, (_days, active) in DEFAULTS.items() if active}
    assert not Erasure.objects.exists() and (media / "whatsapp/1/x.jpg").exists()
    retention_set(kind=RetentionKind.CLOSED_MEDIA, days=365, active=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert retention_run()[RetentionKind.CLOSED_MEDIA] == 1
    assert not (media / "whatsapp/1/x.jpg").exists()
    assert Message.objects.get(direction="in").media_state == MediaState.GONE
    retention_set(kind=RetentionKind.LOST_LEADS, days=365, active=True)
    assert retention_run()[RetentionKind.LOST_LEADS] == 1
    assert Lead.objects.get(pk=lost.pk).erased_at and Erasure.objects.get().requester is None


def test_whoever_has_another_lead_alive_is_not_forgotten(lost, new_lead):
    Lead.objects.filter(pk=lost.pk).update(phone="", phone_key="")
    alive = new_lead(name="Maria", phone=lost.phone)
    retention_set(kind=RetentionKind.LOST_LEADS, days=365, active=True)
    assert retention_run()[RetentionKind.LOST_LEADS] == 0
    assert not Erasure.objects.exists() and Lead.objects.get(pk=alive.pk).name == "Maria"


def test_records_set_aside_go_with_their_count(livia_inbox):
    session = Session.objects.create(inbox=livia_inbox, quarantined_total=2)
    for age in (timedelta(days=1), YEARS):
        record = SetAside.objects.create(session=session, raw=b"x", error="X")
        SetAside.objects.filter(pk=record.pk).update(created_at=now() - age)
    assert retention_run()[RetentionKind.SET_ASIDE] == 1
    session.refresh_from_db()
    assert (SetAside.objects.count(), session.quarantined_total) == (1, 1)


def test_a_rule_is_between_a_day_and_ten_years(db):
    for days in (None, 0, 3651):
        with pytest.raises(Invalid):
            retention_set(kind=RetentionKind.ACCESSES, days=days, active=True)
    with pytest.raises(Invalid):
        retention_set(kind="messages", days=30, active=True)
