"""What stands around every page: the palette, single keys, the language."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import People, live

pytestmark = pytest.mark.browser


def test_the_palette_leads_to_a_lead_by_keyboard_alone(people: People) -> None:
    page = live(people.open("bruno", "/conversations/"))
    page.keyboard.press("Control+K")
    expect(page.locator("#palette-query")).to_be_focused()
    expect(page.locator(".palette-item").first).to_be_visible()
    name = people.product.shell(
        "from leads.models import Lead; print(Lead.objects.exclude(name='').filter(merged_into=None).first().name)"
    )
    page.keyboard.type(name.split()[0].lower())
    expect(page.locator('.palette-item[href^="/leads/"]').first).to_contain_text(name.split()[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/leads/*/")


@pytest.mark.thorough
def test_escape_closes_the_palette_and_gives_the_focus_back(people: People) -> None:
    page = live(people.open("ana"))
    page.locator("[data-palette]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("[data-palette]")).to_be_focused()


@pytest.mark.thorough
def test_single_keys_work_only_while_nobody_types(people: People) -> None:
    page = live(people.open("ana"))
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#modal form")).to_be_visible()
    page.locator("#id_name").fill("")
    page.keyboard.type("gc?n")
    expect(page.locator("#id_name")).to_have_value("gc?n")
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/conversations/")


def test_the_language_changes_and_stays(people: People) -> None:
    page = live(people.open("caio", "/conversations/"))
    expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
    page.locator("[popovertarget=user-menu]").click()
    page.locator('#user-menu [value="en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(f"{people.product.address}/conversations/")
    expect(page.locator("h1")).to_have_text("Conversations")
    page.goto("/board/")
    expect(page.locator("h1")).to_have_text("Board")
    page.locator("[popovertarget=user-menu]").click()
    page.locator('#user-menu [value="pt-br"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
