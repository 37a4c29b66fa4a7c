"""The palette finds what a person may see, and nothing else."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def found(client, query: str) -> str:
    return client.get(reverse("workspace:palette"), {"q": query}).content.decode()


def test_a_lead_is_found_without_accents_and_by_part_of_the_phone(browse, ana, new_lead) -> None:
    lead = new_lead(owner=ana, name="José Antônio Magalhães")
    client = browse(ana)
    assert "José Antônio" in found(client, "jose magalhaes")
    assert "José Antônio" in found(client, lead.phone[-8:-4] + "-" + lead.phone[-4:])
    assert "José Antônio" not in found(client, "jose pereira")


def test_a_stranger_finds_neither_the_lead_nor_its_conversation(browse, ana, caio, maria_thread) -> None:
    from leads.services import lead_assign

    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    name = maria_thread.lead.display_name
    chat = reverse("conversations:detail", args=[maria_thread.pk])
    assert chat in found(browse(ana), name)
    stranger = found(browse(caio), name)
    assert chat not in stranger
    assert reverse("leads:detail", args=[maria_thread.lead_id]) not in stranger


def test_managers_pages_are_offered_to_managers_only(browse, ana, bruno) -> None:
    sessions = reverse("whatsapp:sessions")
    assert sessions not in found(browse(ana), "")
    assert sessions in found(browse(bruno), "")


@pytest.mark.parametrize("query", ["%", "_", "\\", "'; --", "😀" * 90, "a" * 50_000])
def test_odd_queries_find_nothing_and_break_nothing(browse, ana, new_lead, query) -> None:
    new_lead(owner=ana)
    response = browse(ana).get(reverse("workspace:palette"), {"q": query})
    assert response.status_code == 200
    assert "Maria Souza" not in response.content.decode()


def test_what_is_found_is_escaped(browse, ana, new_lead) -> None:
    new_lead(owner=ana, name="<b>Zélia</b>")
    assert "<b>Zélia" not in found(browse(ana), "zelia")
