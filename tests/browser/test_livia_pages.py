"""Lívia's pages in a browser: her state, a simulation by hand sent to the client, a turn, a prompt changed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People, live
from tests.browser.product import Product
from tests.browser.test_looks import SIZES, complaints, keep_picture, look_everywhere

# A lead of the demo with a simulation and an open thread, and what Lívia did there.
FIND = """
from agent.models import Simulation
rows = Simulation.objects.filter(conversation__isnull=False, product_version__code="home_equity")
rows = rows.filter(conversation__contact__opted_out_at=None)
rows = rows.filter(lead__product="home_equity", lead__term_months__gt=0)  # other tests change leads of the demo
made = rows.order_by("-pk").first()
print(made.pk, made.lead_id, made.conversation.turns.order_by("-pk").filter(simulation__isnull=False).first().pk)
"""


@pytest.fixture
def found(product: Product) -> tuple[int, int, int]:
    """Ids of a simulation, its lead and its turn."""
    simulation, lead, turn = map(int, product.shell(FIND).split())
    return simulation, lead, turn


def test_her_page_looks_right_and_says_that_the_rules_answer(people: People) -> None:
    page = live(people.open("bruno", "/livia/"))
    expect(page.locator(".standing")).to_contain_text("GROQ_API_KEY")
    look_everywhere(page, "livia")


@pytest.mark.thorough
def test_her_state_is_asked_for_again_and_again(people: People) -> None:
    page = live(people.open("bruno", "/livia/"))
    page.evaluate("htmx.trigger('#standing', 'every')")
    with page.expect_response(lambda answer: answer.url.endswith("/livia/"), timeout=15_000) as answered:
        pass
    assert "<html" not in answered.value.text()
    expect(page.locator("#standing .standing")).to_have_count(1)


@pytest.mark.thorough
def test_a_simulation_looks_right_everywhere(people: People, found: tuple[int, int, int]) -> None:
    page = live(people.open("bruno", f"/simulations/{found[0]}/"))
    look_everywhere(page, "simulation")
    page.emulate_media(media="print")
    expect(page.locator(".send")).to_be_hidden()
    expect(page.locator(".rail")).to_be_hidden()
    keep_picture(page, "simulation-print")


# A value typed while the last one is on its way takes its place: the library reports that as an error.
REPLACED = r"htmx:(sendAbort|afterRequest)"


def test_a_simulation_by_hand_from_the_lead_page_to_the_client(people: People, found: tuple[int, int, int]) -> None:
    people.troubles.expect(REPLACED)
    page = live(people.open("bruno", f"/leads/{found[1]}/"))
    page.get_by_role("link", name=re.compile("New simulation|Nova simulação")).click()
    expect(page.locator("#result .lead-figures")).to_be_visible()
    look_everywhere(page, "simulate")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("[name=credit_amount]").fill("10.000.00")
    expect(page.locator("#result .alert-line")).to_have_count(1)
    look_everywhere(page, "simulate-wrong")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("[name=collateral_value]").fill("400 mil")
    page.locator("[name=credit_amount]").fill("390 mil")
    offer = page.locator("[data-offer]")
    expect(offer).to_contain_text("R$ 240.000,00")
    keep_picture(page, "simulate-offer")
    offer.click()
    expect(page.locator("#result .lead-figures")).to_be_visible()
    page.locator("#result .btn-accent").click()
    page.wait_for_url(re.compile(r"/simulations/\d+/$"))
    page.locator(".send .btn-accent").click()
    page.wait_for_url(re.compile(r"/conversations/\d+/"))
    expect(page.locator(".thread .bubble.out").last).to_contain_text("sujeita a análise de crédito")


@pytest.mark.thorough
def test_fields_a_product_lacks_are_not_asked(people: People, found: tuple[int, int, int]) -> None:
    people.troubles.expect(REPLACED)
    page = live(people.open("bruno", f"/leads/{found[1]}/simulate/"))
    page.locator("[name=product]").select_option("consorcio")
    for name in ("collateral_value", "down_payment", "system"):
        expect(page.locator(f".field-{name}")).to_be_hidden()
    page.locator("[name=product]").select_option("real_estate_financing")
    for name in ("collateral_value", "down_payment", "system"):
        expect(page.locator(f".field-{name}")).to_be_visible()
    expect(page.locator("#result .limits")).to_contain_text("420")


def the_turn(found: tuple[int, int, int]) -> str:
    return f"/admin/agent/turn/{found[2]}/change/"


ADMIN: dict[str, Callable[[tuple[int, int, int]], str]] = {
    "turn": the_turn,
    "turns": lambda _found: "/admin/agent/turn/?kind=rules",
    "prompts": lambda _found: "/admin/agent/promptversion/",
    "prompt_add": lambda _found: "/admin/agent/promptversion/add/?stage=QUALIFICATION",
    "prompt_preview": lambda _found: "/admin/agent/promptversion/preview/?stage=CONVERSION",
    "product_add": lambda _found: "/admin/agent/productversion/add/?code=home_equity",
    "business": lambda _found: "/admin/agent/businessprofile/1/change/",
}


IN_SHORT = ("turn", "prompt_preview")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in IN_SHORT else [pytest.mark.thorough]) for name in ADMIN]
)
def test_a_page_of_the_admin_looks_right(people: People, found: tuple[int, int, int], name: str) -> None:
    page = people.open("bruno", ADMIN[name](found))
    wrong = []
    for (size, (width, height)), theme in zip(SIZES.items(), ("light", "dark"), strict=True):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.reload()
        expect(page.locator("#content")).to_be_visible()
        keep_picture(page, f"admin_{name}-{size}-{theme}")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wrong.append(f"{size}: the page is {wide} px wide")
        if page.locator(".lv").count():  # the theme's own parts are the theme's
            wrong += [text for text in complaints(page) if ".lv" in text]
    assert not wrong, "\n".join(wrong)


@pytest.mark.thorough
def test_what_a_client_would_see_is_shown_before_saving(people: People) -> None:
    page = people.open("bruno", "/admin/agent/productversion/add/?code=home_equity")
    page.locator("[name=rate_month]").fill("1,29")
    page.get_by_role("button", name=re.compile("What would a client see|O que um cliente veria")).click()
    expect(page.locator("#lv-sample .lv-bubble")).to_contain_text("1,29% ao mês")


@pytest.mark.thorough
def test_a_prompt_is_changed_compared_and_brought_back(people: People) -> None:
    page = people.open("bruno", "/admin/agent/promptversion/add/?stage=SIMULATION")
    page.locator("[name=instructions]").fill("Explique com calma.\nUma pergunta por vez.")
    page.locator("[name=_save]").click()
    expect(page.locator(".lv-stages")).to_be_visible()
    first = page.locator("#result_list a", has_text=re.compile("Simula")).first
    first.click()
    expect(page.locator(".lv-diff ins").first).to_contain_text("Explique com calma.")
    keep_picture(page, "admin_prompt_diff")
    page.locator(".lv-list a", has_text="v1").click()
    page.locator(".lv-confirm summary").click()
    page.locator(".lv-confirm button").click()
    expect(page.locator(".lv-head h2")).to_contain_text("v3")


@pytest.mark.thorough
def test_a_slot_of_a_turn_leads_to_its_message(people: People, found: tuple[int, int, int]) -> None:
    page = people.open("bruno", the_turn(found))
    page.locator(".lv-new a").first.click()
    page.wait_for_url(re.compile(r"/conversations/\d+/\?around=\d+#msg-\d+"))
    expect(page.locator(page.evaluate("location.hash"))).to_be_visible()


# Under an old message of the demo, far more than a page of a thread.
BURY = """
from django.utils import timezone
from conversations.models import Author, Conversation, Direction, Message
from agent.models import FollowUp, FollowUpState, Dialogue
dialogue = Dialogue.objects.exclude(sources={}).filter(conversation__attended_by="livia").order_by("pk").first()
thread = dialogue.conversation
Message.objects.bulk_create(
    Message(
        conversation=thread, direction=Direction.IN, author=Author.CLIENT, text=f"mais {n}", kind="text",
        sent_at=timezone.now(), state="received",
    )
    for n in range(90)
)
if not FollowUp.objects.filter(conversation=thread, state=FollowUpState.WAITING).exists():
    due_at = timezone.now() + timezone.timedelta(days=1)
    FollowUp.objects.create(conversation=thread, number=1, due_at=due_at)
print(thread.pk)
"""


@pytest.mark.thorough
def test_a_value_of_the_panel_leads_to_a_message_long_ago(people: People, product: Product) -> None:
    page = live(people.open("bruno", f"/conversations/{product.shell(BURY).strip()}/"))
    see = page.locator(".side [data-see]").first
    address = see.get_attribute("href") or ""
    wanted = page.locator(f"#{address.partition('#')[2]}")
    expect(wanted).to_have_count(0)
    look_everywhere(page, "panel")
    page.set_viewport_size({"width": 1440, "height": 900})
    see.click()
    page.wait_for_url(re.compile(r"\?around="))  # and loaded: the browser looks for the message once more
    live(page)
    expect(wanted).to_be_in_viewport()
    page.locator("[data-to-bottom]").evaluate("button => button.click()")
    expect(wanted).not_to_be_in_viewport()
    page.evaluate("window.stays = true")
    see.click()  # it is here now
    expect(wanted).to_be_in_viewport()
    assert page.evaluate("window.stays")


def empty(page: Page) -> None:
    expect(page.locator(".standing")).to_be_visible()


@pytest.mark.thorough
def test_her_page_on_the_first_day(people_at: Callable[[Product], People], empty_product: Product) -> None:
    page = live(people_at(empty_product).open("bruno", "/livia/"))
    empty(page)
    look_everywhere(page, "livia_empty")
