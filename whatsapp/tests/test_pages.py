"""The page of WhatsApp numbers, and the simulator's phone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.core.clock import now
from crm.realtime.models import Event
from whatsapp import pairing
from whatsapp.models import Session
from whatsapp.services import session_move
from whatsapp.simulator.network import Network
from whatsapp.states import State
from whatsapp.tests.conftest import MARIA

pytestmark = pytest.mark.django_db

PHONE = {"phone": MARIA[0], "name": MARIA[1]}


def address(session: Session, name: str) -> str:
    return reverse(f"whatsapp:{name}", args=[session.pk])


@pytest.mark.parametrize("name", ["connect", "disconnect", "logout", "code"])
def test_what_changes_a_session_is_for_managers(client, caio, session, name):
    assert client.post(address(session, name)).status_code == 302
    client.force_login(caio)
    assert client.post(address(session, name)).status_code == 404
    assert client.get(reverse("whatsapp:sessions")).status_code == 404


def test_a_manager_sees_each_number_with_its_sentence(client, bruno, session):
    client.force_login(bruno)
    answer = client.get(reverse("whatsapp:sessions"))
    (card,) = answer.context["cards"]
    assert card.session == session
    assert card.sentence in answer.content.decode()
    assert [url for _label, url, _look in card.actions] == [address(session, "connect")]


def test_connecting_twice_within_seconds_is_too_soon(client, bruno, session):
    client.force_login(bruno)
    assert client.post(address(session, "connect")).status_code == 200
    answer = client.post(address(session, "connect"), headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 5
    assert answer.json()["error"]["code"] == "too_soon"
    Session.objects.filter(pk=session.pk).update(last_attempt_at=now() - timedelta(seconds=6))
    assert client.post(address(session, "connect")).status_code == 200


def test_a_banned_number_cannot_be_connected_before_the_end(client, bruno, session):
    client.force_login(bruno)
    Session.objects.filter(pk=session.pk).update(state=State.TEMP_BANNED, state_until=now() + timedelta(hours=1))
    assert client.post(address(session, "connect"), headers={"HX-Request": "true"}).status_code == 409
    assert client.get(reverse("whatsapp:sessions")).context["cards"][0].actions == []


def test_disconnecting_a_session_nobody_runs_stops_it(client, bruno, session):
    client.force_login(bruno)
    client.post(address(session, "connect"))
    client.post(address(session, "disconnect"))
    session.refresh_from_db()
    assert (session.state, session.wanted) == (State.STOPPED, False)


def test_a_waiting_number_shows_where_its_codes_come_from_and_holds_none_itself(client, bruno, session):
    client.force_login(bruno)
    pairing.qr_put(session.pk, "2@secret", 20)
    Session.objects.filter(pk=session.pk).update(state=State.AWAITING_QR, state_until=now() + timedelta(minutes=3))
    page = client.get(reverse("whatsapp:sessions")).content.decode()
    assert reverse("whatsapp_events:qr", args=[session.pk]) in page
    assert "data-countdown" in page
    assert "secret" not in page


def test_a_phone_code_comes_by_the_stream_and_is_neither_on_the_card_nor_in_what_is_pushed(client, bruno, session):
    client.force_login(bruno)
    pairing.code_put(session.pk, "ABCDEFGH", 20)
    Session.objects.filter(pk=session.pk).update(state=State.AWAITING_QR)
    session_move(session_id=session.pk, to=State.AWAITING_CODE)
    page = client.get(reverse("whatsapp:sessions")).content.decode()
    pushed = "".join(str(html) for html in Event.objects.values_list("html", flat=True))
    for text in (page, pushed):
        assert reverse("whatsapp_events:qr", args=[session.pk]) in text and "<pairing-code" in text
        assert "ABCD" not in text and "EFGH" not in text


def test_a_phone_code_needs_a_phone_and_a_waiting_session(client, bruno, session):
    client.force_login(bruno)
    htmx = {"HX-Request": "true"}
    assert client.post(address(session, "code"), {"phone": "abc"}, headers=htmx).status_code == 400
    assert client.post(address(session, "code"), {"phone": MARIA[0]}, headers=htmx).status_code == 409


def test_the_simulator_is_there_only_where_it_is_switched_on(client, caio, session, settings):
    assert client.get(reverse("simulator:phone")).status_code == 302
    client.force_login(caio)
    assert client.get(reverse("simulator:phone")).status_code == 200
    settings.SIMULATOR_ENABLED = False
    assert client.get(reverse("simulator:phone")).status_code == 404
    assert client.post(reverse("simulator:say"), {"session": session.pk}).status_code == 404


def test_a_client_says_something_on_the_simulated_phone(client, caio, session):
    client.force_login(caio)
    answer = client.post(reverse("simulator:person"), {"session": session.pk, **PHONE})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).context["person"].name == MARIA[1]
    said = {"session": session.pk, "text": "Oi, <b>Lívia</b>", **PHONE}
    answer = client.post(reverse("simulator:say"), said, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "said")
    screen = client.get(reverse("simulator:screen"), {"session": session.pk, "phone": MARIA[0]})
    assert "Oi, &lt;b&gt;Lívia&lt;/b&gt;" in screen.content.decode()
    assert [chat.phone for chat in Network(session.pk).chats()] == [MARIA[0]]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"phone": MARIA[0], "text": " "}, 400),
        ({"phone": "abc", "text": "Oi"}, 400),
        ({"phone": MARIA[0], "text": "Oi", "session": "x"}, 404),
        ({"phone": MARIA[0], "text": "Oi", "session": "9" * 30}, 404),
    ],
)
def test_bad_input_on_the_phone_is_refused(client, caio, session, data, status):
    client.force_login(caio)
    answer = client.post(reverse("simulator:say"), {"session": session.pk, **data}, headers={"HX-Request": "true"})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"do": "drop"}, 204),
        ({"do": "restore"}, 204),
        ({"do": "ticks", "ticks": "none"}, 204),
        ({"do": "ban", "seconds": "30"}, 204),
        ({"do": "ban"}, 204),
        ({"do": "ban", "seconds": "-1"}, 400),
        ({"do": "ticks", "ticks": "purple"}, 400),
        ({"do": "scan"}, 409),
        ({"do": "explode"}, 400),
    ],
)
def test_the_switches_answer_for_themselves(client, caio, session, data, status):
    client.force_login(caio)
    htmx = {"HX-Request": "true"}
    assert (
        client.post(reverse("simulator:control"), {"session": session.pk, **data}, headers=htmx).status_code == status
    )


def test_the_controls_show_how_the_switches_stand(client, caio, session):
    client.force_login(caio)
    Network(session.pk).drop()
    answer = client.get(reverse("simulator:controls"), {"session": session.pk})
    assert (answer.context["line_down"], answer.context["ticks"]) == (True, "read")


def test_a_session_of_the_real_gateway_has_no_simulated_phone(client, caio, session):
    client.force_login(caio)
    Session.objects.filter(pk=session.pk).update(gateway="neonize")
    assert client.get(reverse("simulator:screen"), {"session": session.pk}).status_code == 404


def test_the_admin_shows_sessions_and_their_history_read_only(client, bruno, session):
    client.force_login(bruno)
    session.history.create(from_state="stopped", to_state="starting")
    for name in ("session", "sessionhistory"):
        assert client.get(reverse(f"admin:whatsapp_{name}_changelist")).status_code == 200
    page = client.get(reverse("admin:whatsapp_session_change", args=[session.pk]))
    assert page.status_code == 200
    assert b"lease_token" not in page.content
    assert client.get(reverse("admin:whatsapp_session_add")).status_code == 200
    assert client.get(reverse("admin:whatsapp_sessionhistory_add")).status_code == 403
