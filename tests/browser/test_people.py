"""Signing in and out, and what a person sets for themselves."""

import pytest
from playwright.sync_api import expect

from tests.browser.board import first_card
from tests.browser.people import People, live, sign_in


def test_a_wrong_password_is_said_and_the_right_one_opens_the_board(people: People) -> None:
    page = people.context().new_page()
    sign_in(page, "ana", password="not-hers")  # noqa: S106
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#id_username")).to_have_value("ana@demo.livia")
    sign_in(page, "ana")
    expect(page.locator("#board")).to_be_visible()


@pytest.mark.thorough
def test_signing_out_closes_the_door(people: People) -> None:
    page = people.context().new_page()
    sign_in(page, "caio")
    page.locator(".me").click()
    page.locator("#user-menu form[action='/logout/'] button").click()
    page.wait_for_url("**/login/")
    page.goto("/board/")
    expect(page).to_have_url(f"{people.product.address}/login/?next=/board/")


def test_the_availability_switch_stays_where_it_was_put(people: People) -> None:
    page = people.open("caio")
    switch = page.locator("#availability").get_by_role("switch")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    page.reload()
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")


@pytest.mark.thorough
def test_the_chosen_theme_stays(people: People) -> None:
    page = people.open("ana", color_scheme="light")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.locator("[data-theme-toggle]").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.goto("/conversations/")
    expect(root).to_have_attribute("data-bs-theme", "dark")


@pytest.mark.thorough
def test_a_strangers_lead_is_a_page_that_does_not_exist(people: People) -> None:
    people.troubles.expect(r"status of 404")
    of_caio = first_card(people.open("bruno"), "CONTACTED", owner="Caio Mendes").get_attribute("id") or ""
    page = people.open("ana", f"/leads/{of_caio.removeprefix('lead-')}/")
    expect(page.locator("main h1")).to_be_visible()
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 404
    page.locator("main a").first.click()
    live(page)
