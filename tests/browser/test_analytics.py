"""The page of figures in a browser: looked at, asked for other days, taken along as a file and on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People, live, no_reload
from tests.browser.product import Product
from tests.browser.test_looks import keep_picture, look_everywhere

COUNT = "from crm.analytics.services import figures_rebuild; print(figures_rebuild())"


@pytest.fixture
def figures(people: People, product: Product) -> Page:
    """Bruno looks at the figures of the demo."""
    product.shell(COUNT)
    return live(people.open("bruno", "/analytics/"))


@pytest.mark.thorough
def test_the_page_looks_right_everywhere(figures: Page) -> None:
    expect(figures.locator(".block")).to_have_count(9)
    look_everywhere(figures, "analytics")


def test_other_days_are_asked_for_and_taken_along(figures: Page) -> None:
    page = figures
    with no_reload(page):
        page.locator("#table-funnel summary").click()
        page.locator(".asks [value=year]").check()
        expect(page).to_have_url(re.compile(r"/analytics/\?period=year$"))
        expect(page.locator("#table-funnel table")).to_be_visible()  # opened before, open still
        page.locator("#block-conversion .tabs a").nth(3).click()
        expect(page.locator("#block-conversion .tabs [aria-current]")).to_have_text(re.compile("State|UF"))
        page.locator("[name=source]").select_option("whatsapp")
        expect(page).to_have_url(re.compile(r"period=year&source=whatsapp&by=uf"))
        page.locator(".span-line form button").click()
        expect(page.locator(".span-line form button")).to_be_enabled()
        expect(page.locator(".block")).to_have_count(9)
    with page.expect_download() as taken:
        page.locator("#block-conversion footer a").click()
    assert taken.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    page.locator(".asks [value=dates]").check()
    page.locator("#asks-from").fill("2026-01-31")
    page.locator("#asks-to").fill("2026-01-01")
    page.locator(".asks-dates button").click()
    expect(page.locator(".notice")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".asks")).to_be_hidden()
    keep_picture(page, "analytics_print")


@pytest.mark.thorough
def test_the_first_day_looks_right_everywhere(people_at: Callable[[Product], People], empty_product: Product) -> None:
    empty_product.shell(COUNT)
    page = live(people_at(empty_product).open("bruno", "/analytics/"))
    expect(page.locator(".empty-state .btn-accent")).to_be_visible()
    look_everywhere(page, "analytics_empty")
