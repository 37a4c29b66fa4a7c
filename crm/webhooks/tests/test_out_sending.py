"""Deliveries arrive at least once, signed, and give up late; whoever keeps failing is left alone, then switched off."""

from datetime import timedelta

import pytest
import time_machine

from crm.alerts.models import Alert
from crm.core import clock
from crm.core.errors import Conflict
from crm.core.privacy import Subject, erase
from crm.core.work import unit
from crm.realtime.models import Notification
from crm.webhooks import sending
from crm.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint
from crm.webhooks.sending import (
    BACKOFF,
    deliveries_expire,
    deliveries_prune,
    delivery_claim,
    delivery_post,
    delivery_settle,
    endpoint_drain,
    endpoints_due,
    rest_end,
)
from crm.webhooks.services import (
    deliveries_resend,
    delivery_resend,
    endpoint_delete,
    endpoint_pause,
    endpoint_resume,
    endpoint_rotate,
)
from crm.webhooks.tests.world import happens

pytestmark = pytest.mark.django_db
State = DeliveryState


def attempt(endpoint: Endpoint) -> Delivery:
    """One attempt, whether or not the endpoint is being left alone."""
    rest_end(endpoint.pk)
    endpoint_drain(endpoint.pk)
    return Delivery.objects.latest("created_at")


def test_what_happened_arrives_in_order_and_once(endpoint, erp):
    rows = happens(3, name="Conceição <b>")
    endpoint_drain(endpoint.pk)
    assert [told.headers["Livia-Delivery"] for told in erp.told] == [str(row.pk) for row in rows]
    first = erp.told[0]
    assert first.data == rows[0].payload and first.headers["Livia-Event"] == "lead.created"
    assert first.headers["Content-Type"] == "application/json" and "Livia" in first.headers["User-Agent"]
    assert "Conceição <b>".encode() in first.body
    assert set(Delivery.objects.values_list("state", "status", "tries")) == {(State.DELIVERED, 204, 1)}
    assert Attempt.objects.count() == 3 and endpoints_due() == []


def test_it_is_tried_again_later_and_later_until_a_day_is_over(endpoint, erp, settings):
    erp.answer(500, b"no")
    settings.WEBHOOK_DISABLE_AFTER = 99
    happens()
    waits = []
    start = clock.now()
    with time_machine.travel(start, tick=False) as clock_hand:
        while (row := attempt(endpoint)).state == State.WAITING:
            waits.append((row.due_at - clock.now()).total_seconds())
            clock_hand.move_to(row.due_at - timedelta(seconds=1))
            assert endpoints_due() == [] and attempt(endpoint).tries == row.tries
            clock_hand.move_to(row.due_at)
            assert endpoints_due() == [endpoint.pk]
    assert all(abs(wait - base) <= base * 0.11 for wait, base in zip(waits, BACKOFF, strict=False))
    assert len(waits) >= len(BACKOFF) and row.state == State.DEAD and row.status == 500
    assert timedelta(hours=18) < row.settled_at - start <= timedelta(hours=24)
    assert len(erp.told) == row.tries == Attempt.objects.count()
    assert len({told.headers["Livia-Delivery"] for told in erp.told}) == len({told.body for told in erp.told}) == 1


def test_what_was_given_up_can_be_sent_again(endpoint, erp, bruno):
    erp.answer(204)
    happens(3)
    Delivery.objects.update(state=State.DEAD, settled_at=clock.now(), tries=12, created_at=clock.now() - timedelta(2))
    one = Delivery.objects.first()
    delivery_resend(delivery_id=one.pk)
    endpoint_drain(endpoint.pk)
    one.refresh_from_db()
    assert (one.state, len(erp.told)) == (State.DELIVERED, 1) and erp.told[0].data["id"] == str(one.pk)
    assert deliveries_resend(endpoint_id=endpoint.pk, days=1) == 2
    erp.answer(500)
    endpoint_drain(endpoint.pk)  # each is tried once more: their day is over
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["dead", "dead", "delivered"]
    endpoint_pause(endpoint_id=endpoint.pk, by=bruno)
    with pytest.raises(Conflict):
        delivery_resend(delivery_id=one.pk)


def test_a_worker_that_ends_after_the_post_has_it_sent_again_under_the_same_id(endpoint, erp):
    happens()
    claimed = delivery_claim(endpoint_id=endpoint.pk)
    delivery_post(endpoint, claimed.event, str(claimed.pk), claimed.payload)
    assert endpoints_due() == [] and delivery_claim(endpoint_id=endpoint.pk) is None
    with time_machine.travel(clock.now() + timedelta(seconds=90)):
        assert endpoints_due() == [endpoint.pk]
        assert attempt(endpoint).state == State.DELIVERED
        late = delivery_settle(delivery_id=claimed.pk, claimed_at=claimed.claimed_at, result=sending.Result(1, 500))
    assert late is None and Delivery.objects.get().state == State.DELIVERED
    assert [told.data["id"] for told in erp.told] == [str(claimed.pk)] * 2


def test_patience_that_is_asked_for_is_had_within_reason(endpoint, erp):
    never = "Mon, 99999999999999999999 Jan 2021 00:00:00 GMT"
    for said, least, most in (
        ("120", 118, 121),
        ("999999", 3590, 3601),
        ("soon", 8, 12),
        ("-5", 8, 12),
        (never, 8, 12),
    ):
        Delivery.objects.all().delete()
        Endpoint.objects.update(failures=0)
        erp.answer(503, Retry_After=said)
        happens()
        wait = (attempt(endpoint).due_at - clock.now()).total_seconds()
        assert least <= wait <= most, said


def test_redirects_and_slow_answers_are_failures(endpoint, erp, settings):
    erp.answer(302, Location=erp.url)
    happens()
    assert (attempt(endpoint).status, len(erp.told)) == (302, 1)
    settings.WEBHOOK_SECONDS = 0.3
    erp.free.clear()
    Delivery.objects.update(due_at=clock.now())
    row = attempt(endpoint)
    erp.free.set()
    assert (row.status, row.error, row.state) == (None, "no answer in time", State.WAITING)


def test_one_that_fails_again_and_again_is_switched_off_and_managers_are_told(endpoint, erp, bruno, settings):
    settings.WEBHOOK_DISABLE_AFTER, settings.LANGUAGE_CODE = 4, "en"
    erp.answer(500)
    happens(6)
    endpoint_drain(endpoint.pk)
    assert len(erp.told) == 3  # from the third failure on it is left alone for a while
    endpoint_drain(endpoint.pk)
    assert len(erp.told) == 3
    attempt(endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.disabled_why, endpoint.failures) == (False, "failing", 4)
    assert Notification.objects.get(user=bruno).title == "The webhook ERP was switched off"
    attempt(endpoint)
    assert len(erp.told) == 4 and Delivery.objects.filter(state=State.WAITING).count() == 6
    erp.answer(204)
    endpoint_resume(endpoint_id=endpoint.pk, by=bruno)
    assert Alert.objects.get().cleared_at and Endpoint.objects.get().failures == 0
    endpoint_drain(endpoint.pk)
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 6


def test_what_a_person_sends_again_does_not_wait_for_one_that_is_left_alone(endpoint, erp):
    erp.answer(500)
    row = happens(5)[0]
    endpoint_drain(endpoint.pk)
    erp.answer(204)
    delivery_resend(delivery_id=row.pk)
    endpoint_drain(endpoint.pk)
    row.refresh_from_db()
    assert row.state == State.DELIVERED


def test_one_bad_delivery_does_not_hold_up_the_others(endpoint, erp):
    erp.answers = [(400, {}, b"bad"), (204, {}, b"")]
    happens(3)
    endpoint_drain(endpoint.pk)
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["delivered", "delivered", "waiting"]
    assert Endpoint.objects.get().failures == 0


def test_an_address_that_is_gone_is_switched_off_at_once(endpoint, erp):
    erp.answer(410)
    happens()
    assert attempt(endpoint).state == State.DEAD
    assert Endpoint.objects.get().disabled_why == "gone" and Alert.objects.filter(cleared_at=None).count() == 1


def test_what_waits_for_one_that_is_off_is_given_up_after_a_day_and_forgotten_in_the_end(endpoint, bruno):
    happens(2)
    delivery_claim(endpoint_id=endpoint.pk)  # by a worker that ended
    endpoint_pause(endpoint_id=endpoint.pk, by=bruno)
    assert deliveries_expire() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert deliveries_expire() == 2 and deliveries_prune() == 0
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert deliveries_prune() == 2


def test_a_name_that_leads_home_is_not_told(endpoint, erp, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    Endpoint.objects.update(url="https://127.0.0.1.nip.example/")
    happens()
    assert attempt(endpoint).error and erp.told == []


def test_two_secrets_sign_for_a_day(endpoint, erp, bruno):
    before = endpoint.secret
    rotated = endpoint_rotate(endpoint_id=endpoint.pk, by=bruno)
    happens()
    endpoint_drain(endpoint.pk)
    signed = erp.told[0].headers["Livia-Signature"]
    assert signed.count("v1=") == 2 and before != rotated.secret
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        happens()
        endpoint_drain(endpoint.pk)
    assert erp.told[1].headers["Livia-Signature"].count("v1=") == 1


def test_what_an_erased_client_was_told_of_goes_and_that_it_was_stays(endpoint, erp, bruno, new_lead):
    erp.answer(200, b"thanks, Maria")
    lead = new_lead(name="Maria Segredo")
    endpoint_drain(endpoint.pk)
    new_lead(name="Joana")
    waits = Delivery.objects.get(state=State.WAITING)
    Delivery.objects.filter(pk=waits.pk).update(lead_id=lead.pk)
    flying = delivery_claim(endpoint_id=endpoint.pk)
    with unit():
        erase(Subject(lead_ids=(lead.pk,)))
    rows = Delivery.objects.filter(lead_id=lead.pk)
    assert set(rows.values_list("state", "payload")) == {(State.DELIVERED, None), (State.DEAD, None)}
    assert not Attempt.objects.exclude(excerpt="").exists()
    result = sending.Result(5, 200, excerpt="Maria Segredo")  # the one that was on its way comes back
    delivery_settle(delivery_id=flying.pk, claimed_at=flying.claimed_at, result=result)
    assert Delivery.objects.get(pk=flying.pk).state == State.DELIVERED
    assert not Attempt.objects.exclude(excerpt="").exists()
    with pytest.raises(Conflict):
        delivery_resend(delivery_id=flying.pk)
    assert endpoints_due() == []


def test_one_that_is_deleted_goes_with_all_it_was_told_even_while_it_is_told(endpoint, erp, bruno):
    happens(2)
    endpoint_drain(endpoint.pk)
    happens()
    flying = delivery_claim(endpoint_id=endpoint.pk)
    result = delivery_post(flying.endpoint, flying.event, str(flying.pk), flying.payload)
    endpoint_delete(endpoint_id=endpoint.pk, by=bruno)
    assert delivery_settle(delivery_id=flying.pk, claimed_at=flying.claimed_at, result=result) is None
    assert not Delivery.objects.exists() and not Attempt.objects.exists() and not Endpoint.objects.exists()
