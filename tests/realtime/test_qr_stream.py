"""The QR code of a WhatsApp number over real server-sent events."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import segno
from django.test import Client
from django.urls import reverse

from conversations.models import Inbox, InboxRole
from crm.accounts.models import Role, User
from tests.realtime.conftest import Served, cookie_of, daphne
from tests.realtime.viewer import Viewer
from tests.realtime.waiting import eventually
from whatsapp import pairing
from whatsapp.models import Session
from whatsapp.services import session_move
from whatsapp.states import State

pytestmark = pytest.mark.django_db(transaction=True)

DEBOUNCE, GAP, STREAM = 0.8, 1.5, 6.0


@pytest.fixture(scope="module")
def streams(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in a hurry."""
    changes = {
        "WHATSAPP_QR_DEBOUNCE_SECONDS": str(DEBOUNCE),
        "WHATSAPP_QR_GAP_SECONDS": str(GAP),
        "WHATSAPP_QR_STREAM_SECONDS": str(STREAM),
        "LOG_JSON": "1",
        "LOG_LEVEL": "INFO",
        "DB_POOL_MAX": "3",
    }
    with daphne(tmp_path_factory.mktemp("streams") / "web.log", **changes) as served:
        yield served


@pytest.fixture
def session(transactional_db: None) -> Iterator[Session]:
    """A number that waits for its QR code to be scanned."""
    inbox = Inbox.objects.create(name="Lívia", role=InboxRole.LIVIA)
    session = Session.objects.create(inbox=inbox, gateway="simulator", state=State.AWAITING_QR)
    pairing.qr_put(session.pk, "2@first", 20)
    yield session
    pairing.pairing_forget(session.pk)


@pytest.fixture
def view(streams: Served, session: Session) -> Iterator[Callable[[User], Viewer]]:
    """Open streams, left behind by none."""
    with ExitStack() as stack:

        def open_stream(user: User) -> Viewer:
            path = reverse("whatsapp_events:qr", args=[session.pk])
            return stack.enter_context(Viewer(streams.port, path, cookie_of(user)))

        yield open_stream
    eventually(lambda: open_streams(streams) == 0)


def open_streams(served: Served) -> int:
    """What the server's own count says."""
    lines = [json.loads(line) for line in served.complaints.splitlines() if '"qr_stream_' in line]
    return lines[-1]["open"] if lines else 0


def picture_of(code: str) -> str:
    return segno.make(code, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")


def test_the_code_that_stands_comes_at_once_and_nobody_keeps_it(view, bruno):
    viewer = view(bruno)
    began = time.monotonic()
    event = viewer.next()
    assert time.monotonic() - began < 1
    assert (event.name, event.data["src"]) == ("qr", picture_of("2@first"))
    assert 15_000 < event.data["next"] <= 20_000
    assert viewer.answer.status == 200
    assert viewer.answer.headers["Content-Type"] == "text/event-stream"
    assert "no-store" in viewer.answer.headers["Cache-Control"]


def test_two_viewers_of_one_code_both_see_it_and_its_successor(view, bruno, session, streams):
    viewers = [view(bruno), view(bruno)]
    assert {viewer.next().data["src"] for viewer in viewers} == {picture_of("2@first")}
    eventually(lambda: open_streams(streams) == 2)
    pairing.qr_put(session.pk, "2@second", 20)
    assert {viewer.next().data["src"] for viewer in viewers} == {picture_of("2@second")}
    viewers[0].leave()
    eventually(lambda: open_streams(streams) == 1)


def test_a_code_that_does_not_stand_is_never_shown(view, bruno, session):
    viewer = view(bruno)
    viewer.next()
    changed = time.monotonic()
    for number in range(6):  # faster than the debounce
        pairing.qr_put(session.pk, f"2@flicker{number}", 20)
        time.sleep(DEBOUNCE / 4)
    event = viewer.next()
    assert event.data["src"] == picture_of("2@flicker5")
    assert time.monotonic() - changed >= GAP - 0.5


def test_more_viewers_than_database_connections_are_served(view, bruno):
    viewers = [view(bruno) for _number in range(6)]
    assert [viewer.next().name for viewer in viewers] == ["qr"] * 6


def test_the_stream_ends_when_the_phone_is_paired(view, bruno, session):
    viewer = view(bruno)
    viewer.next()
    session_move(session_id=session.pk, to=State.PAIRING)
    pairing.pairing_forget(session.pk)
    events = list(viewer)
    assert [(event.name, event.data) for event in events] == [("end", {"why": "left"})]


def test_a_code_typed_on_the_phone_comes_by_the_stream_as_the_phone_asks_for_it(view, bruno, session, streams):
    watching = view(bruno)
    watching.next()
    pairing.code_put(session.pk, "ABCDEFGH", 20)
    session_move(session_id=session.pk, to=State.AWAITING_CODE)
    event = view(bruno).next()
    assert (event.name, event.data["code"]) == ("code", "ABCD-EFGH")
    assert 15_000 < event.data["next"] <= 20_000
    assert list(watching)[-1].data == {"why": "left"}  # who watched the QR code asks anew
    assert "ABCD" not in streams.complaints


def test_the_stream_of_a_number_that_is_not_pairing_ends_at_once(view, bruno, session):
    Session.objects.filter(pk=session.pk).update(state=State.ONLINE)
    assert [event.data for event in view(bruno)] == [{"why": "left"}]


@pytest.mark.thorough
def test_the_stream_ends_after_its_time(view, bruno):
    began = time.monotonic()
    *_codes, last = list(view(bruno))
    assert (last.name, last.data) == ("end", {"why": "timeout"})
    assert STREAM - 1 < time.monotonic() - began < STREAM + 3


@pytest.mark.thorough
def test_a_manager_who_is_none_any_more_sees_no_more_codes(view, bruno):
    viewer = view(bruno)
    viewer.next()
    User.objects.filter(pk=bruno.pk).update(role=Role.CONSULTANT)
    assert list(viewer)[-1].data == {"why": "refused"}


def test_signing_out_ends_the_stream(view, bruno):
    viewer = view(bruno)
    viewer.next()
    User.objects.filter(pk=bruno.pk).update(password="another")
    assert list(viewer)[-1].data == {"why": "refused"}


def test_only_managers_get_a_stream(view, streams, session, caio):
    assert view(caio).answer.status == 404
    with Viewer(streams.port, reverse("whatsapp_events:qr", args=[session.pk]), "") as stranger:
        assert stranger.answer.status == 302


def test_a_server_that_cannot_stream_says_so(bruno, session):
    client = Client()
    client.force_login(bruno)
    answer = client.get(reverse("whatsapp_events:qr", args=[session.pk]), headers={"Accept": "text/event-stream"})
    assert answer.status_code == 501


def test_no_secret_reaches_the_log(view, bruno, streams):
    view(bruno).next()
    assert "2@first" not in streams.complaints
