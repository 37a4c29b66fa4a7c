"""Notifications on devices: encrypted, signed, delivered once, never to an address of a private network."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from py_vapid import Vapid02

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.work import unit
from crm.realtime import webpush
from crm.realtime.models import Notification, PushState, PushSubscription
from crm.realtime.preferences import preferences_save
from crm.realtime.publish import notify
from crm.realtime.push import (
    ATTEMPTS,
    DEVICES_LIMIT,
    RETRY_SECONDS,
    device_subscribe,
    device_unsubscribe,
    push_claim,
    push_deliver,
    push_due,
    push_seen,
)
from crm.realtime.tests.push_server import Browser, PushService, base64url, push_service
from crm.realtime.topics import CHOICES

pytestmark = pytest.mark.django_db

KEY = base64url(bytes(31) + b"\x07")


@pytest.fixture(autouse=True)
def push_on(settings) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = KEY, "mailto:ops@example.com"
    settings.PUSH_ALLOW_PRIVATE, settings.PUSH_DELAY_SECONDS = True, 0


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture
def phone(service: PushService, ana: User) -> Browser:
    """Ana's."""
    browser = Browser(service.origin)
    subscribe(ana, browser)
    return browser


def subscribe(user: User, browser: Browser, language: str = "en") -> int:
    return device_subscribe(user_id=user.pk, language=language, device="Chrome · Android", **browser.fields)


def tell(user: User, kind: str = "message") -> Notification:
    with unit():
        notify(
            [user.pk],
            kind=kind,
            title="%(name)s wrote to you",
            body="R$ 250.000,00",
            data={"name": "Maria"},
            url="/conversations/5/",
        )
    return Notification.objects.latest("pk")


def again(notification: Notification) -> None:
    """Its waiting time is over."""
    Notification.objects.filter(pk=notification.pk).update(push_not_before=now())


# ---- what arrives
def test_the_device_reads_who_wrote_and_nothing_of_what(service: PushService, phone: Browser, ana: User) -> None:
    note = tell(ana)
    assert push_deliver(note.pk) is None
    assert service.at(phone) == [
        {"title": "Maria wrote to you", "body": "Messages", "url": "/conversations/5/", "tag": f"n{note.pk}"}
    ]
    assert b"Maria" not in service.received[0].body
    note.refresh_from_db()
    assert note.push_state == PushState.SENT


def test_the_message_is_signed_for_its_push_service(service: PushService, phone: Browser, ana: User) -> None:
    push_deliver(tell(ana).pk)
    headers = service.received[0].headers
    assert Vapid02.verify(headers["Authorization"])
    claims = json.loads(base64.urlsafe_b64decode(headers["Authorization"].split(".")[1] + "=="))
    assert (claims["aud"], claims["sub"]) == (service.origin, "mailto:ops@example.com")
    assert f"k={webpush.public_key()}" in headers["Authorization"]
    assert (headers["Content-Encoding"], headers["Urgency"], headers["TTL"]) == ("aes128gcm", "high", "14400")


def test_every_device_reads_its_own_language(service: PushService, phone: Browser, ana: User) -> None:
    laptop = Browser(service.origin, "laptop")
    subscribe(ana, laptop, language="pt-br")
    push_deliver(tell(ana).pk)
    assert service.at(phone)[0]["title"] == "Maria wrote to you"
    assert service.at(laptop)[0]["title"] == "Maria escreveu para você"


# ---- when nothing is sent
def test_what_was_read_or_seen_meanwhile_calls_nobody(service: PushService, phone: Browser, ana: User) -> None:
    read, seen = tell(ana), tell(ana)
    Notification.objects.filter(pk=read.pk).update(read_at=now())
    assert push_seen(user_id=ana.pk, notification_id=seen.pk)
    for note in (read, seen):
        assert push_deliver(note.pk) is None
    assert service.received == []
    assert push_due() == []


def test_nobody_says_for_another_that_it_was_seen(phone: Browser, ana: User, caio: User, browse: Callable) -> None:
    note = tell(ana)
    browse(caio).post(reverse("notifications:seen", args=[note.pk]))
    assert push_due() == [note.pk]


@pytest.mark.parametrize("reason", ["muted", "quiet", "no device", "switched off"])
def test_it_is_not_even_queued(reason: str, phone: Browser, ana: User, settings) -> None:
    quiet = {"quiet_from": time(0), "quiet_until": time(23, 59, 59)} if reason == "quiet" else {}
    wanted = CHOICES - {"messages.push"} if reason == "muted" else CHOICES
    times = {"quiet_from": None, "quiet_until": None, **quiet}
    preferences_save(user_id=ana.pk, wanted=wanted, quiet_weekends=False, **times)
    if reason == "no device":
        PushSubscription.objects.all().delete()
    if reason == "switched off":
        settings.VAPID_PRIVATE_KEY = ""
    assert tell(ana).push_state == PushState.NONE


def test_who_may_no_longer_sign_in_is_not_called(service: PushService, phone: Browser, ana: User) -> None:
    note = tell(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    push_deliver(note.pk)
    assert service.received == []


def test_signing_out_ends_the_calls_to_that_browser(service: PushService, ana: User, browse: Callable) -> None:
    browser, other = Browser(service.origin), Browser(service.origin, "other")
    subscribe(ana, other)
    client = browse(ana)
    assert client.post(reverse("notifications:device_add"), browser.fields).status_code == 201
    client.post(reverse("logout"))
    assert [row.endpoint for row in PushSubscription.objects.all()] == [other.endpoint]


# ---- trouble
def test_a_browser_that_gave_up_is_forgotten(service: PushService, phone: Browser, ana: User) -> None:
    service.answers = [(410, {})]
    note = tell(ana)
    assert push_deliver(note.pk) is None
    assert not PushSubscription.objects.exists()


def test_a_service_in_trouble_is_asked_again_and_the_other_device_is_not_called_twice(
    service: PushService, phone: Browser, ana: User
) -> None:
    laptop = Browser(service.origin, "laptop")
    subscribe(ana, laptop)
    service.answers = [(201, {}), (503, {}), (201, {})]
    note = tell(ana)
    assert push_deliver(note.pk) == RETRY_SECONDS[0]
    assert push_deliver(note.pk) is None  # too early: nothing happens
    again(note)
    assert push_deliver(note.pk) is None
    assert [message.path for message in service.received] == [phone.path, laptop.path, laptop.path]
    note.refresh_from_db()
    assert note.push_state == PushState.SENT


def test_a_service_says_how_long_to_wait(service: PushService, phone: Browser, ana: User) -> None:
    service.answers = [(429, {"Retry-After": "120"})]
    assert push_deliver(tell(ana).pk) == 120


def test_after_the_last_attempt_it_is_given_up(service: PushService, phone: Browser, ana: User) -> None:
    service.answers = [(500, {})]
    note = tell(ana)
    waits = []
    for _attempt in range(ATTEMPTS + 1):
        waits.append(push_deliver(note.pk))
        again(note)
    assert waits == [*RETRY_SECONDS, None, None]
    assert len(service.received) == ATTEMPTS
    note.refresh_from_db()
    assert note.push_state == PushState.DROPPED


def test_a_claimed_one_is_nobody_elses_until_its_worker_must_be_dead(phone: Browser, ana: User) -> None:
    note = tell(ana)
    assert push_claim(notification_id=note.pk)
    assert push_claim(notification_id=note.pk) is None
    assert push_due() == []
    again(note)
    assert push_due() == [note.pk]


def test_what_is_hours_old_calls_nobody(service: PushService, phone: Browser, ana: User) -> None:
    note = tell(ana)
    Notification.objects.filter(pk=note.pk).update(created_at=now() - timedelta(seconds=webpush.TTL_SECONDS + 1))
    push_deliver(note.pk)
    assert service.received == []


# ---- addresses
@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/x",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.5/x",
        "https://[::1]/x",
        "https://[::ffff:192.168.1.4]/x",
        "https://user:word@push.example.com/x",
        "https://push.example.com:99999/x",
        "ftp://push.example.com/x",
        "https://push.example.com/\x00",
        "https://" + "x" * 600 + ".com/",
        "",
    ],
)
def test_an_address_no_push_service_has_is_refused(endpoint: str, ana: User, browse: Callable, settings) -> None:
    settings.PUSH_ALLOW_PRIVATE = False
    fields = {**Browser("").fields, "endpoint": endpoint}
    assert browse(ana).post(reverse("notifications:device_add"), fields).status_code == 400
    assert not PushSubscription.objects.exists()


def test_a_name_that_leads_into_a_private_network_is_not_spoken_to(
    service: PushService, phone: Browser, ana: User, settings
) -> None:
    """As a name whose address was changed after the subscription."""
    note = tell(ana)
    settings.PUSH_ALLOW_PRIVATE = False
    port = service.origin.rsplit(":")[-1]
    PushSubscription.objects.update(endpoint=f"https://localhost.localdomain:{port}/push/ana")
    push_deliver(note.pk)
    assert service.received == []


@pytest.mark.parametrize(("name", "value"), [("p256dh", "AAAA"), ("p256dh", base64url(b"\x04" * 65)), ("auth", "é")])
def test_keys_that_are_none_are_refused(name: str, value: str, ana: User) -> None:
    fields = {**Browser("https://push.example.com").fields, name: value}
    with pytest.raises(Invalid):
        device_subscribe(user_id=ana.pk, language="en", device="", **fields)


def test_a_redirect_is_not_followed(service: PushService, phone: Browser, ana: User) -> None:
    service.answers = [(307, {"Location": f"{service.origin}/elsewhere"})]
    push_deliver(tell(ana).pk)
    assert [message.path for message in service.received] == [phone.path]


# ---- whose device
def test_a_browser_belongs_to_who_subscribed_last(service: PushService, phone: Browser, ana: User, caio: User) -> None:
    subscribe(caio, phone)
    assert [row.user_id for row in PushSubscription.objects.all()] == [caio.pk]
    assert device_unsubscribe(user_id=ana.pk, endpoint=phone.endpoint) == 0
    assert tell(ana).push_state == PushState.NONE


def test_only_so_many_devices_are_called(service: PushService, ana: User) -> None:
    for number in range(DEVICES_LIMIT + 2):
        subscribe(ana, Browser(service.origin, f"number-{number}"))
    kept = sorted(PushSubscription.objects.values_list("endpoint", flat=True))
    assert len(kept) == DEVICES_LIMIT
    assert not any(endpoint.endswith(("number-0", "number-1")) for endpoint in kept)


def test_nobody_removes_the_device_of_another(phone: Browser, caio: User, browse: Callable) -> None:
    device = PushSubscription.objects.get()
    browse(caio).post(reverse("notifications:device_remove"), {"device": device.pk})
    assert PushSubscription.objects.exists()


# ---- keys
def test_a_key_may_be_pem_or_bare_and_a_wrong_one_stops_the_start(settings) -> None:
    pem = Vapid02(ec.generate_private_key(ec.SECP256R1())).private_pem().decode()
    settings.VAPID_PRIVATE_KEY = pem.replace("\n", "\\n")
    webpush.check_settings()
    settings.VAPID_PRIVATE_KEY = "not-a-key"
    with pytest.raises(ImproperlyConfigured, match="VAPID_PRIVATE_KEY"):
        webpush.check_settings()
    settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = KEY, ""
    with pytest.raises(ImproperlyConfigured, match="VAPID_SUBJECT"):
        webpush.check_settings()
