"""Every page at a desk and on a phone, light and dark, full and empty: no complaints, nothing wider than the screen."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.board import first_card
from tests.browser.people import People, live
from tests.browser.product import Product

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
EXAMINED = {("desk", "light"), ("phone", "dark")}  # by axe, which is slow: each layout and each theme once
GRAVE = ("serious", "critical")
AXE = Axe()
Show = Callable[[People], Page]
# Colours still fading from one theme into the other are nobody's: let them arrive.
_REST = """() => document.getAnimations()
  .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
  .forEach((animation) => animation.finish())"""


def the_board(people: People) -> Page:
    return live(people.open("bruno"))


def the_drawer(people: People) -> Page:
    page = the_board(people)
    first_card(page, "QUALIFIED").locator(".name").click()
    expect(page.locator("#drawer .detail")).to_be_visible()
    return page


def the_new_lead_form(people: People) -> Page:
    page = the_board(people)
    page.locator(".strip [data-modal]").click()
    expect(page.locator("#modal form")).to_be_visible()
    return page


def the_lead_page(people: People) -> Page:
    page = the_board(people)
    page.goto(first_card(page, "QUALIFIED").locator(".name").get_attribute("href") or "")
    return live(page)


def the_conversations(people: People) -> Page:
    return live(people.open("bruno", "/conversations/?tab=all"))


def the_thread(people: People) -> Page:
    page = the_conversations(people)
    page.locator("#rows .row-c", has=page.locator(".said")).first.click()
    expect(page.locator(".thread .bubble").first).to_be_visible()
    return page


def the_bell(people: People) -> Page:
    page = live(people.open("ana"))
    page.locator("#bell-button").click()
    expect(page.locator("#bell-menu .menu-head")).to_be_visible()
    return page


def whatsapp(people: People) -> Page:
    return live(people.open("bruno", "/whatsapp/"))


def the_simulator(people: People) -> Page:
    return live(people.open("bruno", "/simulator/"))


def signing_in(people: People) -> Page:
    page = people.context().new_page()
    page.goto("/login/")
    return page


def the_public_form(people: People) -> Page:
    page = people.context().new_page()
    page.goto("/contato/")
    return page


def the_public_form_with_errors(people: People) -> Page:
    people.troubles.expect(r"status of 4(00|22)")
    page = the_public_form(people)
    page.locator("form button").click()
    expect(page.locator(".error").first).to_be_visible()
    return page


def not_found(people: People) -> Page:
    people.troubles.expect(r"status of 404")
    return people.open("ana", "/leads/999999999/")


ANYWHERE = (the_board, the_new_lead_form, the_conversations, the_bell, whatsapp, the_simulator, signing_in)
ONLY_WITH_DATA = (the_drawer, the_lead_page, the_thread, the_public_form, the_public_form_with_errors, not_found)


# What other tests of these pages do not see anyway.
IN_SHORT = (the_lead_page, the_public_form_with_errors)


def _shows(shows: Sequence[Show]) -> list[Any]:
    marks = {show: [] if show in IN_SHORT else [pytest.mark.thorough] for show in shows}
    return [pytest.param(show, id=show.__name__, marks=marks[show]) for show in shows]


@pytest.mark.parametrize("show", _shows([*ANYWHERE, *ONLY_WITH_DATA]))
def test_a_page_with_data_looks_right_everywhere(people: People, show: Callable[[People], Page]) -> None:
    look_everywhere(show(people), show.__name__)


@pytest.mark.thorough
@pytest.mark.parametrize("show", ANYWHERE, ids=lambda show: show.__name__)
def test_an_empty_page_looks_right_everywhere(
    people_at: Callable[[Product], People], empty_product: Product, show: Callable[[People], Page]
) -> None:
    look_everywhere(show(people_at(empty_product)), f"{show.__name__}_empty")


def look_everywhere(page: Page, name: str) -> None:
    """Sizes and themes change as a person changes them: the window is resized, the system turns dark."""
    wrong = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
            page.evaluate(_REST)
            keep_picture(page, f"{name}-{size}-{theme}")
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                wrong.append(f"{size} {theme}: the page is {wide} px wide")
            if (size, theme) in EXAMINED:
                wrong += [f"{size} {theme}: {text}" for text in complaints(page)]
    assert not wrong, "\n".join(wrong)


def complaints(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    found = []
    for violation in AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        if violation["impact"] in GRAVE:
            nodes = violation["nodes"][:4]
            places = [f"{node['target']} {node['failureSummary'].splitlines()[-1].strip()}" for node in nodes]
            found.append(f"{violation['id']}: {'; '.join(places)}")
    return found


def keep_picture(page: Page, name: str) -> None:
    """For people who want to look too: `SCREENSHOTS=folder`."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
