"""Markup in every text a row can hold: no page, no pushed frame and no admin list makes an element of it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from agent.models import ProductVersion
from conversations.labels import conversation_label, label_make
from conversations.models import Author, Conversation
from conversations.notes import note_add
from conversations.outbox import message_queue
from conversations.templatetags.desk import said
from crm.accounts.models import User
from crm.core.clock import now
from crm.realtime.models import Event
from leads.actors import person
from leads.agenda import task_create
from leads.services import lead_assign, lead_update
from tests.addresses import Places, address, query, undone
from tests.rows import fill
from tests.test_urls import TABLE

OURS = ("agent", "conversations", "crm", "leads", "whatsapp")
# Texts that are words of the code, names of files, secrets or digests: nobody types them.
CODES = set(
    "uidb64 code kind stage state rule source lid chat jid whatsapp_jid path provider_id quoted_provider_id "
    "room digest prefix secret old_secret signing_secret phone phone_key email password uf gateway lease_owner "
    "lease_token system collateral status last_message_author last_message_state last_message_direction "
    "outcome intent stage_before stage_after key breaker language query url once title_id body_id event "
    "endpoint p256dh auth disabled_why fingerprint object_id format holidays_uf last_topic relationship "
    "error_code reason model name_id separator encoding revoked_why preferred_time".split()
)
# Shown to nobody, or on pages that ask for more than an address.
HIDDEN = set(
    "leads.Import.error conversations.Conversation.turn_error agent.BusinessProfile.tone agent.BusinessProfile.address "
    "agent.Turn.prompt_hash agent.Turn.request_id agent.ContactProfile.preferred_name analytics.Progress.hours_key "
    "api.Repeatable.owner accounts.SecurityEvent.program realtime.Event.trace_id".split()
)


class Found(HTMLParser):
    """What an attacker would have made: elements, handlers, scripts, addresses that run."""

    RUNS = ("href", "src", "action", "formaction", "srcdoc", "data", "xlink:href", "hx-get", "hx-post")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag.startswith("x-"):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            told = (value or "").lower()
            if name.startswith("on") or "x-" in name and "onload" in name:
                self.wrong.append(f"<{tag} {name}>")
            if name in self.RUNS and told.strip().startswith(("javascript:", "data:text", "vbscript:")):
                self.wrong.append(f"<{tag} {name}={value}>")
            if name.startswith(("x-", "@", ":", "hx-on", "hx-vals", "style")) and "onload=y" in told:
                self.wrong.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def evil(number: int) -> str:
    """Closes an attribute, a script and an element; 27 characters, so that even a label holds it."""
    return f"""'"></script><x-{number} onload=y>"""


def poisoned() -> dict[int, str]:
    """Fill every table, put markup into every text; number → the field it stands in."""
    known: dict[int, str] = {}
    for model in [*apps.get_models()]:
        if not model.__module__.startswith(OURS) or model._meta.proxy or not model._meta.managed:
            continue
        with suppress(IntegrityError), transaction.atomic():  # of some there is one row
            fill(model, 1)
        for field in model._meta.concrete_fields:
            free = isinstance(field, models.CharField | models.TextField) and not field.choices and not field.generated
            if not free or field.name in CODES or field.primary_key or field.unique or (field.max_length or 99) < 30:
                continue
            number = len(known) + 10
            known[number] = f"{model._meta.label}.{field.name}"
            model._base_manager.update(**{field.name: evil(number)})
    ProductVersion.objects.filter(rate_month=None, rate_year=None).update(rate_month="0.01")  # it must calculate
    cache.clear()
    return known


def pages(places: Places, client: Client, *names: str) -> Iterator[tuple[str, str]]:
    """Every page and part a browser is given."""
    for name in names or TABLE:
        method = TABLE[name][0]
        with undone(client):
            ask = getattr(client, method.lower())
            answer = ask(address(name, places), query(name, places))
        if answer.get("Content-Type", "").startswith("text/html"):
            yield name, answer.content.decode()


def admin_pages(client: Client) -> Iterator[tuple[str, str]]:
    for model in admin.site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pk = model._default_manager.values_list("pk", flat=True).first()
        for where in (reverse(f"{stem}_changelist"), pk is not None and reverse(f"{stem}_change", args=[pk])):
            if where and (answer := client.get(where)).status_code == 200:
                yield where, answer.content.decode()


def judged(shown: Iterator[tuple[str, str]], seen: set[int], known: dict[int, str]) -> list[str]:
    """What is wrong with these pages; `seen` gathers which texts they show."""
    wrong = []
    for where, html in shown:
        found = Found(html)
        wrong += [f"{where}: {each}" for each in found.wrong]
        if "&amp;lt;x-" in html or "&amp;#x27;" in html:
            wrong.append(f"{where}: escaped twice")
        text = "".join(found.texts)
        seen |= {number for number in known if f"<x-{number} onload" in text}
    return wrong


@pytest.mark.parametrize(
    "html",
    [
        evil(10),
        f'<p title="{evil(10)}">',
        '<a href=" JavaScript:alert(1)">',
        "<img src=x onerror=alert(1)>",
        f"<div x-data=\"{{'{evil(10).replace(chr(34), '')}'}}\">",
    ],
)
def test_the_judge_knows_an_element_that_should_not_be(html: str) -> None:
    assert Found(html).wrong


def test_no_text_of_any_row_becomes_an_element_on_any_page(
    places: Places, ana: User, bruno: User, alice: User, browse: Callable
) -> None:
    client, administrator = browse(bruno), browse(alice)
    known, seen = poisoned(), set()
    wrong = judged(pages(places, browse(ana), "leads:board", "conversations:list", "analytics:mine"), seen, known)
    wrong += judged(pages(places, client), seen, known)
    assert [*wrong, *judged(admin_pages(administrator), seen, known)] == []
    assert {known[number] for number in known if number not in seen} <= HIDDEN


def test_no_word_of_a_client_or_colleague_becomes_an_element_in_a_pushed_frame(
    says: Callable, ana: User, bruno: User, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    known = dict(enumerate("push text file lead task note label answer reason".split(), 10))
    words = {name: evil(number) for number, name in known.items()}
    thread = says(words["text"], push_name=words["push"]).conversation
    lead_assign(lead_id=thread.lead_id, consultant_id=ana.pk, actor=person(bruno), reason=words["reason"])
    says("", kind="document", media={"ref": "R", "name": f"{words['file']}.pdf", "size": 10, "mime": "application/pdf"})
    lead_update(lead_id=thread.lead_id, values={"name": words["lead"]}, actor=person(ana))
    task_create(lead_id=thread.lead_id, title=words["task"], due_at=now(), actor=person(ana))
    note_add(conversation_id=thread.pk, text=f"@Bruno https://x.example/@Bruno {words['note']}", user=ana)
    conversation_label(conversation_id=thread.pk, label_ids=[label_make(name=words["label"]).pk])
    message_queue(conversation_id=thread.pk, text=words["answer"], author=Author.CONSULTANT, user=ana)
    frames = [(event.room, html) for event in Event.objects.all() for html in event.html.values()]
    seen: set[int] = set()
    assert judged(iter(frames), seen, known) == []
    assert {known[number] for number in known} - {known[number] for number in seen} <= {"reason"}


def test_a_name_within_a_link_of_a_note_stays_part_of_the_link(maria_thread: Conversation, ana: User) -> None:
    note = note_add(conversation_id=maria_thread.pk, text="@Ana veja https://x.example/@ana e `@ana`", user=ana)
    html = said(note)
    assert '<a href="https://x.example/@ana" target' in html and ">https://x.example/@ana</a>" in html
    assert html.startswith('<b class="mention">@Ana</b>')
