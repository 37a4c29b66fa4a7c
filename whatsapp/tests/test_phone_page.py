"""Every kind of message, played on the simulator's phone."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from whatsapp.simulator.line import SessionLine
from whatsapp.tests.conftest import MARIA

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def play(client, caio, session):
    """Do something on Maria's phone."""
    client.force_login(caio)

    def do(kind: str = "", **fields):
        data = {"session": session.pk, "phone": MARIA[0], "name": MARIA[1], "kind": kind, **fields}
        return client.post(reverse("simulator:say"), data, headers={"HX-Request": "true"})

    return do


@pytest.fixture
def screen(client, session):
    def look() -> str:
        return client.get(reverse("simulator:screen"), {"session": session.pk, "phone": MARIA[0]}).content.decode()

    return look


@pytest.fixture
def arrived(session):
    """What the session's gateway would be handed, in order."""
    line = SessionLine(session.pk)
    line.open()

    def events() -> list[dict]:
        return [json.loads(raw) for _, raw in line.take(again=False, wait=0.1) if raw]

    return events


def test_a_line_is_reacted_to_corrected_and_deleted(play, screen, network, arrived):
    play(text="quero 30 mil")
    line = network.transcript(MARIA[0])[0].id
    for kind, text in (("reaction", "👍"), ("edit", "quero 300 mil")):
        assert play(kind, target=line, text=text).status_code == 204
    assert "👍" in screen() and "quero 300 mil" in screen() and "30 mil<" not in screen()
    play("reaction", target=line)
    assert "👍" not in screen()
    play("revoke", target=line)
    assert "quero 300 mil" not in screen()
    _, *changes = arrived()
    assert [(event["kind"], event["text"], event["target_provider_id"]) for event in changes] == [
        ("reaction", "👍", line), ("edit", "quero 300 mil", line), ("reaction", "", line), ("revoke", "", line),
    ]  # fmt: skip


def test_a_voice_a_place_and_a_contact_are_one_press(play, screen, arrived):
    for kind in ("voice", "location", "contact"):
        assert play(kind).status_code == 204
    voice, place, contact = arrived()
    assert (voice["kind"], voice["media"]["voice"]) == ("audio", True)
    assert place["media"]["name"] == "MASP" and contact["media"]["contacts"][0]["phones"]
    assert "<audio" in screen() and "MASP" in screen()


def test_an_answer_quotes_what_it_answers(play, screen, network, arrived):
    play(text="qual prazo?")
    line = network.transcript(MARIA[0])[0].id
    play(text="esse", quoted=line)
    assert "wa-quoted" in screen() and arrived()[-1]["quoted_provider_id"] == line


def test_a_picture_shows_on_the_phone(play, screen, client, session, network):
    play(file=SimpleUploadedFile("casa.png", PNG, content_type="image/png"), text="minha casa")
    ref = network.transcript(MARIA[0])[0].facts["ref"]
    assert f"ref={ref}" in screen()
    answer = client.get(reverse("simulator:file"), {"session": session.pk, "ref": ref})
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    assert client.get(reverse("simulator:file"), {"session": session.pk, "ref": "nothing"}).status_code == 404


@pytest.mark.parametrize("fields", [{"kind": "poll"}, {"kind": "edit"}, {"kind": "edit", "target": "A"}, {"text": ""}])
def test_what_makes_no_sense_is_refused(play, fields):
    assert play(**fields).status_code == 400
