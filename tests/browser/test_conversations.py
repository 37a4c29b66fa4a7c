"""The conversations page in front of a person: choosing, searching, reading a long thread, putting it off."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People, live, no_reload

# A client who wrote 160 messages, of which nobody has read the last 120.
TALKATIVE = """
from conversations.models import Conversation, Inbox, Message
from conversations.services import conversation_read, message_receive
from conversations.inbound import InboundMessage
from crm.core.clock import now
def say(text, number):
    return message_receive(inbox_id=Inbox.objects.first().pk, inbound=InboundMessage(
        provider_id=f"TALK{number}", chat="5581955554444@s.whatsapp.net", phone="5581955554444", lid=None,
        push_name="Zuleide Falante", from_me=False, kind="text", text=text, sent_at=now()))
"""
OPENED = """
thread = say("Pergunta 1 sobre o inventário", 1).conversation
Conversation.objects.filter(pk=thread.pk).update(attended_by="person", awaiting_since=None)
Message.objects.bulk_create(Message(conversation=thread, direction="in", author="client", state="received",
    sent_at=now(), text=f"Pergunta {n}") for n in range(2, 160))
last = say("Pergunta 160", 160)
read = thread.messages.get(text="Pergunta 40").pk
Conversation.objects.filter(pk=thread.pk).update(unread_count=120, read_upto_id=read)
print(thread.pk)
"""


@pytest.fixture(scope="module")
def talkative(product) -> str:
    """The thread of Zuleide."""
    return product.shell(TALKATIVE + OPENED).splitlines()[-1]


def in_view(page: Page, selector: str) -> None:
    page.wait_for_function(
        """selector => {
          const box = document.querySelector(".thread .msgs")?.getBoundingClientRect();
          const place = document.querySelector(selector)?.getBoundingClientRect();
          return box && place && place.top >= box.top && place.bottom <= box.bottom;
        }""",
        arg=selector,
    )


def test_a_long_thread_opens_where_reading_goes_on_and_is_read_at_its_end(people: People, talkative: str) -> None:
    page = live(people.open("bruno", "/conversations/"))
    row = page.locator(f"#conv-{talkative}")
    with no_reload(page):
        row.click()
        in_view(page, "#unread-line")
        expect(page.locator(".bubble", has_text=re.compile(r"^\s*Pergunta 41\b"))).to_be_visible()
        expect(row).to_have_class(re.compile("unread"))
        msgs = page.locator(".msgs")
        expect(page.locator("[data-to-bottom]")).to_be_visible()
        msgs.evaluate("element => element.scrollTo(0, element.scrollHeight)")
        expect(page.locator(".bubble", has_text="Pergunta 120")).to_be_attached()
        page.locator("[data-to-bottom]").click()
        expect(page.locator(".bubble", has_text="Pergunta 160")).to_be_in_viewport()
        expect(row).not_to_have_class(re.compile("unread"))
        msgs.evaluate("element => element.scrollTo(0, 0)")
        expect(page.locator(".bubble", has_text="Pergunta 80")).to_be_attached()
        people.product.shell(TALKATIVE + 'say("Chegou agora", 161)')
        expect(page.locator("[data-new-count]")).to_contain_text("1")
        page.locator("[data-to-bottom]").click()
        expect(page.locator(".bubble", has_text="Chegou agora")).to_be_in_viewport()
        expect(row).not_to_have_class(re.compile("unread"))


def test_a_search_leads_to_the_message_and_back(people: People, talkative: str) -> None:
    page = live(people.open("bruno", "/conversations/?tab=unassigned"))
    with no_reload(page):
        page.keyboard.press("/")
        page.keyboard.type("inventario")
        hit = page.locator("#found .row-c", has_text="Zuleide Falante")
        expect(hit.locator("mark")).to_have_text("inventário")
        hit.click()
        expect(page.locator(".bubble.spot")).to_contain_text("Pergunta 1 sobre o inventário")
        assert "q=inventario" in page.url and f"/{talkative}/" in page.url
        page.locator("#list-search").focus()
        page.keyboard.press("Escape")
        expect(page.locator("#tab-unassigned")).to_have_attribute("aria-current", "page")
        page.locator("[data-find-toggle]").click()
        page.keyboard.type("Pergunta 15")
        expect(page.locator("[data-find-count]")).to_contain_text("1")
        expect(page.locator(".bubble.spot")).to_contain_text("Pergunta 159")
        page.locator("[data-find-go='1']").click()
        expect(page.locator(".bubble.spot").last).to_contain_text("Pergunta 158")


@pytest.mark.thorough
def test_the_address_says_what_the_list_shows(people: People, talkative: str) -> None:
    people.troubles.expect(r"htmx:(sendAbort|afterRequest)")  # the second click comes before the first one's answer
    page = live(people.open("bruno", "/conversations/"))
    page.locator("#show-unread").click()
    expect(page).to_have_url(re.compile(r"show=unread"))
    page.locator("#tab-unassigned").click()
    expect(page).to_have_url(re.compile(r"tab=unassigned&show=unread"))
    expect(page.locator("#tab-unassigned")).to_have_attribute("aria-current", "page")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".thread")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/conversations/\d+/\?tab=unassigned&show=unread"))
    page.reload()
    expect(page.locator("#tab-unassigned")).to_have_attribute("aria-current", "page")
    expect(page.locator(".thread")).to_be_visible()
    page.go_back()
    expect(page.locator(".thread")).to_have_count(0)
    page.go_back()
    expect(page.locator("#tab-all")).to_have_attribute("aria-current", "page")


@pytest.mark.thorough
def test_a_snoozed_thread_leaves_every_list_and_comes_back(people: People, talkative: str) -> None:
    page, other = (
        live(people.open("bruno", f"/conversations/{talkative}/")),
        live(people.open("ana", "/conversations/")),
    )
    row = other.locator(f"#conv-{talkative}")
    expect(row).to_be_visible()
    with no_reload(page, other):
        page.locator("#thread-menu-button").click()
        page.locator("#thread-menu .menu-item").first.click()
        page.locator(".snooze-choices button").first.click()
        expect(page.locator(".thread-state")).to_be_visible()
        expect(row).to_be_hidden()
        page.locator(".thread-state button").click()
        expect(page.locator(".thread-state")).to_be_hidden()
        expect(row).to_be_visible()


@pytest.mark.thorough
def test_the_rail_counts_unread_threads_on_other_pages(people: People, talkative: str) -> None:
    page = live(people.open("bruno", "/board/"))
    before = int(page.locator("#unread-conversations").get_attribute("data-unread") or 0)
    with no_reload(page):
        people.product.shell(TALKATIVE + 'say("Ainda estou aqui", 162)')
        expect(page.locator("#unread-conversations")).to_have_attribute("data-unread", str(before + 1))
