"""Writing in a thread: drafts, notes, ready answers, quotes, signs, messages for later, and a colleague who attends."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, live, no_reload

NAME = "Berenice do Campo"


@pytest.fixture
def phone(people: People) -> Page:
    """Berenice's phone; she has said hello."""
    page = people.open("bruno", "/simulator/")
    page.locator("form[action='/simulator/person/'] input[name=name]").fill(NAME)
    with page.expect_navigation():
        page.locator("form[action='/simulator/person/'] button").click()
    page.locator("#sim-text").fill("Oi, quero saber da proposta")
    page.locator("#sim-text").press("Enter")
    expect(page.locator("#sim-screen .wa.mine").last).to_contain_text("proposta")
    return page


@pytest.fixture
def thread(people: People, phone: Page) -> Page:
    """The same conversation on Bruno's screen, who attends it."""
    page = live(people.open("bruno", "/conversations/?tab=all"))
    page.locator("#rows .row-c", has_text=NAME).first.click()
    attend = page.locator(".attend")
    attend.get_by_role("button").click()
    expect(attend).to_have_class(re.compile("person"))
    return page


def field(thread: Page) -> Locator:
    return thread.locator("form[data-composer] textarea")


def note_field(thread: Page) -> Locator:
    return thread.locator("form[data-note] textarea")


def last(thread: Page) -> Locator:
    return thread.locator(".thread .bubble").last


def test_drafts_wait_in_their_tab_and_nothing_is_sent_twice_or_lost(thread: Page, phone: Page) -> None:
    field(thread).fill("para a cliente")
    thread.get_by_role("tab").nth(1).click()
    note_field(thread).fill("só para nós")
    thread.reload()
    expect(field(thread)).to_have_value("para a cliente")
    expect(note_field(thread)).to_be_hidden()
    thread.get_by_role("tab").nth(0).press("ArrowRight")
    expect(note_field(thread)).to_have_value("só para nós")
    note_field(thread).press("Enter")
    expect(last(thread)).to_have_class(re.compile("private"))
    thread.get_by_role("tab").nth(0).click()
    field(thread).press("Enter")
    field(thread).press("Enter")
    expect(last(thread)).to_contain_text("para a cliente")
    expect(last(thread).locator(".tick.read")).to_be_visible()
    expect(phone.locator("#sim-screen .wa.theirs", has_text="para a cliente")).to_have_count(1)
    expect(phone.locator("#sim-screen", has_text="só para nós")).to_have_count(0)
    before = thread.locator(".bubble").count()
    field(thread).fill("x" * 50_000)
    expect(thread.locator("[data-letters]")).to_contain_text("45904")
    field(thread).press("Enter")
    expect(thread.locator("#toasts .toast-c[data-level=error]").last).to_be_visible()
    assert (thread.locator(".bubble").count(), len(field(thread).input_value())) == (before, 50_000)
    field(thread).fill("")


@pytest.mark.thorough
def test_a_ready_answer_is_filled_in_before_it_leaves(people: People, thread: Page, phone: Page) -> None:
    people.troubles.expect("400")
    field(thread).press_sequentially("/propo")
    option = thread.get_by_role("option", selected=True)
    expect(option).to_contain_text("/proposta")
    field(thread).press("Enter")
    expect(field(thread)).to_have_value(re.compile(r"Berenice, .*\{prazo\}"))
    assert field(thread).evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)").startswith("{")
    before = thread.locator(".bubble.out").count()
    field(thread).press("Enter")
    expect(thread.locator("#toasts .toast-c[data-level=error]").last).to_contain_text("{prazo}")
    assert thread.locator(".bubble.out").count() == before
    field(thread).fill(re.sub(r"\{\w+\}", "120 meses", field(thread).input_value()))
    field(thread).press("Enter")
    expect(phone.locator("#sim-screen .wa.theirs").last).to_contain_text("120 meses")


@pytest.mark.thorough
def test_by_keyboard_a_message_is_answered_and_gets_a_sign(thread: Page, phone: Page) -> None:
    mine = phone.locator("#sim-screen .wa.mine").last
    first = thread.locator(".bubble.in").first
    with no_reload(thread):
        thread.locator(".msgs").focus()
        while not first.evaluate("bubble => bubble === document.activeElement"):
            thread.keyboard.press("ArrowUp")
        thread.keyboard.press("r")
        expect(thread.locator(".quoting")).to_contain_text("proposta")
        thread.keyboard.type("Já te mando!")
        thread.keyboard.press("Enter")
        expect(last(thread).locator(".quoted")).to_contain_text("proposta")
        expect(thread.locator(".quoting")).to_be_hidden()
        expect(phone.locator("#sim-screen .wa.theirs").last).to_contain_text("Oi, quero saber da proposta")
        first.focus()
        thread.keyboard.press("Enter")
        thread.keyboard.press("Enter")
        expect(first.locator(".reactions")).to_have_text("👍")
        expect(mine.locator(".reactions")).to_have_text("👍")
        first.focus()
        thread.keyboard.press("Enter")
        thread.keyboard.press("Enter")
        expect(first.locator(".reactions")).to_have_count(0)
        expect(mine.locator(".reactions")).to_have_count(0)


@pytest.mark.thorough
def test_an_emoji_is_found_by_its_portuguese_name(thread: Page) -> None:
    thread.locator("[data-emoji-for]").first.click()
    thread.get_by_role("dialog").get_by_role("searchbox").fill("casa")
    thread.keyboard.press("Enter")
    expect(field(thread)).to_have_value("🏠")
    expect(field(thread)).to_be_focused()
    field(thread).fill("")


def test_a_message_for_later_waits_above_the_field_and_leaves_when_told(
    people: People, thread: Page, phone: Page
) -> None:
    people.troubles.expect("422")
    field(thread).fill("Bom dia, Berenice!")
    thread.locator("[data-schedule]").click()
    expect(thread.locator("#modal textarea")).to_have_value("Bom dia, Berenice!")
    thread.locator("#modal input[type=datetime-local]").fill("2020-01-01T09:00")
    thread.locator("#modal .btn-accent").click()
    expect(thread.locator("#modal .error")).to_be_visible()
    thread.locator("#modal .chip").first.click()
    thread.locator("#modal .btn-accent").click()
    expect(thread.locator("#modal")).to_be_hidden()
    expect(thread.locator(".scheduled li")).to_contain_text("Bom dia, Berenice!")
    expect(field(thread)).to_have_value("")
    thread.locator(".scheduled .link-quiet").nth(1).click()
    expect(thread.locator(".scheduled li")).to_have_count(0)
    expect(phone.locator("#sim-screen .wa.theirs").last).to_contain_text("Bom dia, Berenice!")


ATTENDS = """
from conversations.models import Conversation
from conversations.services import conversation_take
from crm.accounts.models import User
thread = Conversation.objects.get(pk={thread_id})
conversation_take(conversation_id=thread.pk, user=User.objects.get(email="caio@demo.livia"))
"""
LEAVES = """
from conversations.consent import contact_opt_out
contact_opt_out(conversation_id={thread_id}, confirmation="Tudo bem, não escrevo mais.")
"""


def test_answering_over_a_colleague_is_asked_first_and_an_opt_out_closes_the_field(
    people: People, thread: Page, phone: Page
) -> None:
    thread_id = thread.locator(".thread").get_attribute("data-conversation")
    people.troubles.expect("409")
    people.product.shell(ATTENDS.format(thread_id=thread_id))
    expect(thread.locator(".attend")).to_contain_text("Caio")
    field(thread).fill("Posso ajudar?")
    field(thread).press("Enter")
    asked = thread.locator("dialog[data-over]")
    expect(asked).to_contain_text("Caio")
    asked.locator(".btn-quiet").click()
    expect(field(thread)).to_have_value("Posso ajudar?")
    field(thread).press("Enter")
    asked.locator(".btn-accent").click()
    expect(field(thread)).to_have_value("")
    expect(phone.locator("#sim-screen .wa.theirs").last).to_contain_text("Posso ajudar?")
    field(thread).fill("Só mais uma coisa")
    people.product.shell(LEAVES.format(thread_id=thread_id))
    expect(thread.locator(".composer .closed")).to_be_visible()
    expect(field(thread)).to_be_hidden()
    thread.get_by_role("tab").nth(1).click()
    expect(note_field(thread)).to_be_visible()
