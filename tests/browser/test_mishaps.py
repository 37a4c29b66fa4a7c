"""Hasty hands and bad timing: a double click, the back button, a lead given away while somebody works on it."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, live, no_reload, post

CLIENT = """
from conversations.inbound import InboundMessage
from conversations.models import Inbox
from conversations.services import message_receive
from crm.accounts.models import User
from crm.core.clock import now
from leads.services import lead_assign
thread = message_receive(inbox_id=Inbox.objects.first().pk, inbound=InboundMessage(
    provider_id="MISHAP-{phone}", chat="{phone}@s.whatsapp.net", phone="{phone}", lid=None,
    push_name="Josefa", from_me=False, kind="text", text="Oi", sent_at=now())).conversation
lead_assign(lead_id=thread.lead_id, consultant_id=User.objects.get(email="ana@demo.livia").pk)
print(thread.pk, thread.lead_id)
"""


def a_client(people: People, phone: str) -> tuple[str, str]:
    """The thread and the lead of a client of Ana's."""
    thread, lead = people.product.shell(CLIENT.replace("{phone}", phone)).splitlines()[-1].split()
    return thread, lead


def double_click(button: Locator) -> None:
    """Two clicks on one place as a hand makes them: whatever stands there at the second one gets it."""
    box = button.bounding_box()
    assert box
    mouse = button.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.up()
    expect(button.page.locator(".attend.person")).to_be_visible()  # the other button stands there now
    mouse.down(click_count=2)
    mouse.up(click_count=2)


@pytest.mark.thorough
def test_a_double_click_takes_over_and_does_not_hand_back(people: People) -> None:
    thread, _lead = a_client(people, "5581955550001")
    ana = live(people.open("ana", f"/conversations/{thread}/"))
    attend = ana.locator(".attend")
    if "person" in (attend.get_attribute("class") or ""):
        attend.get_by_role("button").click()
    expect(ana.locator(".attend:not(.person)")).to_be_visible()
    with ana.expect_request("**/takeover/"):
        double_click(attend.get_by_role("button"))
    ana.locator("form[data-composer] textarea").fill("Oi, Josefa!")
    ana.locator("form[data-composer] textarea").press("Enter")
    expect(ana.locator(".bubble.out", has_text="Oi, Josefa!")).to_be_visible()
    expect(ana.locator(".msgs")).not_to_contain_text("devolveu")
    expect(ana.locator(".attend.person")).to_be_visible()


def test_back_from_another_page_shows_the_page_and_not_a_part_of_it(people: People) -> None:
    thread, _lead = a_client(people, "5581955550002")
    ana = live(people.open("ana", "/conversations/"))
    ana.locator(f"#conv-{thread}").click()
    expect(ana.locator(".thread")).to_have_attribute("data-conversation", thread)
    ana.goto("/board/")
    live(ana)
    ana.go_back()
    live(ana)
    expect(ana.locator(".shell #inbox")).to_be_visible()
    expect(ana.locator(".thread")).to_have_attribute("data-conversation", thread)


def test_a_lead_given_away_is_gone_from_its_page_and_thread_which_say_so(people: People) -> None:
    people.troubles.expect(r"status of 404")
    thread, lead = a_client(people, "5581955550003")
    bruno = live(people.open("bruno"))
    page = live(people.open("ana", f"/leads/{lead}/"))
    chat = live(people.open("ana", f"/conversations/{thread}/"))
    with no_reload(page, chat):
        assert post(bruno, f"/leads/{lead}/assign/", consultant=caio_on(bruno, lead)).ok
        expect(page.locator("#main .lead-lost")).to_be_visible()
        expect(chat.locator("#toasts .toast-c")).to_be_visible()
        expect(chat.locator(".thread")).to_have_count(0)
        expect(chat.locator(f"#conv-{thread}")).to_have_count(0)
        live(page)
        live(chat)
    assert chat.url.endswith("/conversations/")


def caio_on(page: Page, lead: str) -> str:
    """His key, as the manager's form offers it."""
    before = page.request.get(f"/leads/{lead}/").text().split(">Caio Mendes</option>")[0]
    return before.split('value="')[-1].split('"')[0]


FAST_CLOCK = """
const RealDate = Date, hour = 3_600_000;
Date = class extends RealDate { constructor(...all) { all.length ? super(...all) : super(RealDate.now() + hour); } };
Date.now = () => RealDate.now() + hour;
Object.defineProperty(Performance.prototype, "timeOrigin", { get: () => RealDate.now() - performance.now() + hour });
"""


@pytest.mark.thorough
def test_a_clock_that_is_an_hour_fast_makes_nothing_older_than_it_is(people: People) -> None:
    thread, _lead = a_client(people, "5581955550004")
    ana = live(people.open("ana", f"/conversations/{thread}/"))
    ana.add_init_script(FAST_CLOCK)
    ana.goto("/board/")
    live(ana)
    assert ana.evaluate("Date.now()") / 1000 - time.time() > 3000
    age = ana.locator(".card-lead", has_text="Josefa").first.locator("time[data-ago]").first
    expect(age).not_to_contain_text("h")
