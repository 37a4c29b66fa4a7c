"""The API's own page: under our policy, for everyone; and what is tried there is done by who is signed in."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People


def opened(page: Page, operation: str) -> Locator:
    block = page.locator(f"[id$='-{operation}']")
    block.locator(".opblock-summary-control").click()
    return block


def test_anybody_reads_the_description_on_any_screen(people: People) -> None:
    page = people.context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    page.goto("/api/docs")
    block = opened(page, "simulations_create")
    expect(block.get_by_text("Keys need the scope")).to_be_visible()
    expect(page.locator("html.dark-mode")).to_be_attached()
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html.dark-mode")).not_to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_is_tried_is_done_by_who_is_signed_in(people: People) -> None:
    page = people.open("bruno", "/api/docs")
    block = opened(page, "leads_create")
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table tbody .response-col_status").first
    expect(answer).to_contain_text("20")
    expect(block.locator(".live-responses-table")).to_contain_text('"created"')
