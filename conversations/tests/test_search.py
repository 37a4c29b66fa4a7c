"""Finding a person or what was said, without accents, among what one may see."""

import pytest

from conversations.models import Message
from conversations.search import messages_find, search, snippet
from leads.services import lead_assign


@pytest.fixture
def anas_thread(says, ana):
    thread = says("Quero crédito com garantia do imóvel", phone="5521987654321", push_name="José Antônio").conversation
    lead_assign(lead_id=thread.lead_id, consultant_id=ana.pk)
    return thread


def said(user, query: str) -> list[str]:
    return [message.text for message in search(user, query).messages]


@pytest.mark.parametrize("query", ["credito", "CRÉDITO garan", "imov", "garantia imovel"])
def test_words_are_found_without_accents_and_as_they_are_typed(anas_thread, ana, query):
    assert said(ana, query) == ["Quero crédito com garantia do imóvel"]


@pytest.mark.parametrize("query", ["credito casa", "cre garantia", "'; drop", "!!!", "& | <-> :*", "ʼʼ ½", "\\"])
def test_what_nobody_said_is_not_found(anas_thread, ana, query):
    assert said(ana, query) == []


@pytest.mark.parametrize("query", ["jose anton", "98765", "21 98765-43"])
def test_a_person_is_found_by_name_and_phone(anas_thread, ana, query):
    assert [thread.pk for thread in search(ana, query).threads] == [anas_thread.pk]


def test_a_stranger_finds_neither_the_person_nor_the_words(anas_thread, caio, browse):
    found = search(caio, "jose")
    assert not found.threads and said(caio, "credito") == []
    assert browse(caio).get(f"/conversations/{anas_thread.pk}/find/?q=credito").status_code == 404


def test_a_voice_message_is_found_by_its_transcript_and_events_are_not(anas_thread, ana, says):
    spoken = says("", kind="audio", phone="5521987654321")
    Message.objects.filter(pk=spoken.pk).update(transcript="mora em Brasília")
    anas_thread.messages.create(
        kind="event", direction="out", author="system", text="brasilia", state="received", sent_at=spoken.sent_at
    )
    assert messages_find(anas_thread, "brasilia") == [spoken.pk]


def test_the_search_reads_the_index(anas_thread, ana):
    from django.db import connection

    from conversations.search import matching

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        plan = matching(Message.objects.all(), "credito").explain()
    assert "message_search" in plan


@pytest.mark.parametrize("latest", [0, 2, 5000])
def test_the_newest_hits_come_first_however_far_back_they_are(anas_thread, ana, says, monkeypatch, latest):
    monkeypatch.setattr("conversations.search.MESSAGES", 2)
    monkeypatch.setattr("conversations.search.LATEST", latest)
    for text in ("crédito um", "outra coisa", "crédito dois", "mais nada"):
        says(text, phone="5521987654321")
    assert said(ana, "credito") == ["crédito dois", "crédito um"]


def test_a_hit_is_shown_with_what_stands_around_it():
    text = f"{'muito antes ' * 20}o Crédito, sem acento"
    pieces = snippet(text, "credi")
    assert [piece.text for piece in pieces if piece.is_hit] == ["Crédito"]
    assert pieces[0].text == "…" and "".join(piece.text for piece in pieces).endswith(", sem acento")


def test_the_page_marks_hits_and_leads_to_the_message(anas_thread, ana, browse):
    page = browse(ana).get("/conversations/?q=credito").content.decode()
    assert "Quero <mark>crédito</mark> com" in page
    message = anas_thread.messages.get()
    assert f"/conversations/{anas_thread.pk}/?around={message.pk}#msg-{message.pk}" in page
    assert 'id="rows"' not in page
