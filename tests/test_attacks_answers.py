"""What every answer carries against frames, guesses of browsers and shared caches; and that no text is a template."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from agent.models import BusinessProfile, FaqEntry
from conversations.canned import canned_for, canned_save
from conversations.models import Author, Contact, Message
from conversations.outbox import message_queue
from crm.accounts.models import User
from leads.models import Lead
from tests.addresses import Places, address, query, undone
from tests.test_urls import TABLE

Browse = Callable[[User], Client]


def answers(client: Client, places: Places) -> Iterator[tuple[str, HttpResponse]]:
    """Of every address as the table asks it, and of one that is not there."""
    for name, (method, *_rest) in TABLE.items():
        with undone(client):
            answer = getattr(client, method.lower())(address(name, places), query(name, places))
        yield name, answer
    yield "nothing", client.get("/nothing/")


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "nobody"])
def test_every_answer_refuses_frames_guesses_and_shared_caches(
    signed_in: bool, places: Places, bruno: User, browse: Browse
) -> None:
    wrong: dict[str, list[str]] = {}
    client = browse(bruno) if signed_in else Client()
    for name, answer in answers(client, places):
        policy = answer.get("Content-Security-Policy", "")
        cache = answer.get("Cache-Control", "")
        checks = {
            "framed": answer.get("X-Frame-Options") == "DENY" or name == "weekly:mail",
            "policy": "default-src 'self'" in policy or "default-src 'none'" in policy,
            "frame-ancestors": "frame-ancestors 'none'" in policy or "sandbox" in policy,
            "inline": "unsafe" not in policy.replace("style-src 'unsafe-inline'", "") or "sandbox" in policy,
            "sniffed": answer.get("X-Content-Type-Options") == "nosniff",
            "referrer": answer.get("Referrer-Policy") == "same-origin",
            "cached": "private" in cache or "no-store" in cache or name in SAME_FOR_ALL,
            "varies": "HX-Request" in answer.get("Vary", ""),
            "opener": answer.get("Cross-Origin-Opener-Policy") == "same-origin",
        }
        if failed := [check for check, fine in checks.items() if not fine]:
            wrong[name] = failed
    assert wrong == {}


# weekly:mail is shown in a frame of our own page. These are the same for everybody, whoever asks.
SAME_FOR_ALL = {"service-worker", "manifest", "offline", "api_docs", "api_schema"}


def test_a_page_of_a_person_is_not_taken_for_another_persons(ana: User, bruno: User, browse: Browse) -> None:
    for path in ("/board/", "/leads/", "/conversations/", "/tasks/"):
        answer = browse(ana).get(path, headers={"X-Forwarded-Host": "evil.example", "X-Original-URL": "/admin/"})
        assert "Cookie" in answer["Vary"] and "private" in answer["Cache-Control"]
        assert "evil.example" not in answer.content.decode()


TEMPLATES = [
    "{{ 7*7 }}", "{% debug %}", "{0.__class__}", "{nome.__class__}", "%(x)s %s", "${7*7}", "{{nome}}", "\\1 \\g<0>",
]  # fmt: skip


@pytest.mark.parametrize("text", TEMPLATES)
def test_no_text_is_a_template(text: str, places: Places, ana: User, bruno: User, browse: Browse) -> None:
    """Neither as a ready answer, nor as what is filled into one, nor as a question and answer, nor as what is sent."""
    Lead.objects.update(name=text)
    Contact.objects.update(name=text, push_name=text)
    BusinessProfile.objects.update(name=text, tone=text, services=text)
    FaqEntry.objects.create(question=text, answer=text)
    canned_save(user=bruno, shortcut="olhe", text=f"Oi {{nome}}! {text}", shared=True)
    message = Message.objects.latest("pk")
    (filled,) = [each for each in canned_for(message.conversation, ana) if each.reply.shortcut == "olhe"]
    name = text.replace("{nome}", text)
    assert filled.text in (f"Oi {text}! {name}", f"Oi {text}! {text}")
    sent = message_queue(
        conversation_id=message.conversation_id, text=f"a {text} b", author=Author.CONSULTANT, user=ana
    )
    assert sent.text == f"a {text} b"
    for name in ("leads:detail", "conversations:detail", "agent:livia", "conversations:answers"):
        page = browse(bruno).get(address(name, places)).content.decode()
        assert "SECRET_KEY" not in page and "&lt;class" not in page and "<class" not in page
