"""Leads on the board and on their own pages: loading more, the drawer, creating and editing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import cards, column, expect_in, first_card, new_lead, numbers
from tests.browser.people import People, live, no_reload

pytestmark = pytest.mark.usefixtures("plenty")


def a_full_column(page: Page) -> int:
    """More leads in "In contact" than one page shows; how many the column has."""
    while numbers(page, "NEW")[0] < 25:
        n = numbers(page, "NEW")[0]
        new_lead(page, f"Cliente {n}")
        expect(page.locator("#col-NEW [data-col-n]")).to_have_text(str(n + 1))
    return numbers(page, "NEW")[0]


@pytest.mark.thorough
def test_a_column_loads_more_until_it_is_whole(people: People) -> None:
    bruno = live(people.open("bruno"))
    total = a_full_column(bruno)
    bruno.reload()
    live(bruno)
    more = bruno.locator("#more-NEW")
    with no_reload(bruno):
        while more.count():
            shown = cards(bruno, "NEW").count()
            more.click()
            expect(cards(bruno, "NEW").nth(shown)).to_be_visible()
        expect(cards(bruno, "NEW")).to_have_count(total)
    ids = cards(bruno, "NEW").evaluate_all("all => all.map(card => card.id)")
    keys = cards(bruno, "NEW").evaluate_all("all => all.map(card => Number(card.dataset.key))")
    assert len(set(ids)) == total
    assert keys == sorted(keys)


def test_a_lead_opens_as_a_drawer_and_closing_it_leaves_the_board_as_it_was(people: People) -> None:
    ana = live(people.open("ana", viewport={"width": 1100, "height": 500}))
    drawer = ana.locator("#drawer")
    card = cards(ana, "QUALIFIED").nth(3)
    card.scroll_into_view_if_needed()
    scroll = "() => [board.scrollLeft, document.querySelector('#cards-QUALIFIED').scrollTop, scrollY].join()"
    card.locator(".name").focus()
    before = ana.evaluate(scroll)
    with no_reload(ana):
        ana.keyboard.press("Enter")
        expect(drawer.locator(".detail h2")).to_have_text(card.get_attribute("data-name") or "")
        expect(drawer.locator("[data-drawer-close]")).to_be_focused()
        ana.keyboard.press("Escape")
        expect(drawer).not_to_be_visible()
        expect(card).to_be_focused()
    assert ana.evaluate(scroll) == before


@pytest.mark.thorough
def test_an_open_drawer_follows_what_happens_to_its_lead(people: People) -> None:
    ana, bruno = live(people.open("ana")), live(people.open("bruno"))
    card = first_card(ana, "QUALIFIED", owner="Ana Clara")
    lead = (card.get_attribute("id") or "").removeprefix("lead-")
    card.locator(".name").click()
    expect(ana.locator(f"#detail-{lead}")).to_be_visible()
    chip = ana.locator("#drawer .status-chip .dot")
    expect(chip).to_have_class("dot dot-qualified")
    with no_reload(ana):
        bruno.locator(f"#lead-{lead} [data-move-menu]").click()
        bruno.locator("#move-menu [data-move-to=PROPOSAL]").click()
        expect(chip).to_have_class("dot dot-proposal")
        expect(ana.locator("#drawer .history li[data-kind=moved]").first).to_contain_text("→")


@pytest.mark.thorough
def test_the_lead_page_moves_the_lead_and_shows_it_at_once(people: People) -> None:
    ana = people.open("ana")
    card = first_card(ana, "CONTACTED", owner="Ana Clara")
    lead = (card.get_attribute("id") or "").removeprefix("lead-")
    card.locator(".name").click()
    ana.locator("#drawer [data-drawer-full]").click()
    ana.wait_for_url(f"**/leads/{lead}/")
    live(ana)
    with no_reload(ana):
        ana.locator(".detail-head [data-move-menu]").click()
        ana.locator("#move-menu [data-move-to=QUALIFIED]").click()
        expect(ana.locator(".status-chip .dot")).to_have_class("dot dot-qualified")
        expect(ana.locator(".detail-head [data-move-menu]")).to_have_attribute("data-status", "QUALIFIED")


def test_a_new_lead_says_what_is_wrong_and_then_is_there(people: People) -> None:
    people.troubles.expect(r"status of 422")
    ana = live(people.open("ana"))
    ana.locator(".strip [data-modal]").click()
    form = ana.locator("#modal form")
    form.locator("[name=phone]").fill("123")
    form.locator("[name=credit_amount]").fill("muito")
    form.locator("button.btn-accent").click()
    for name in ("name", "phone", "credit_amount"):
        expect(form.locator(f".field-{name} .error")).to_be_visible()
    expect(form.locator("[name=phone]")).to_have_value("123")
    form.locator("[name=name]").fill("Joana Prado")
    form.locator("[name=phone]").fill("(31) 98877-6655")
    form.locator("[name=credit_amount]").fill("80 mil")
    form.locator("button.btn-accent").click()
    ana.wait_for_url("**/leads/*/")
    expect(ana.locator(".detail-head h2")).to_have_text("Joana Prado")
    expect(ana.locator("[id$=-credit_amount] .value")).to_contain_text("R$ 80.000,00")
    expect(ana.locator(".detail-head .owner")).to_contain_text("Ana Clara")


@pytest.mark.thorough
def test_editing_a_lead_shows_errors_and_then_the_board_shows_the_change(people: People) -> None:
    people.troubles.expect(r"status of 422")
    ana, bruno = live(people.open("ana")), live(people.open("bruno"))
    card = first_card(ana, "QUALIFIED", owner="Ana Clara")
    same = bruno.locator(f"#{card.get_attribute('id')}")
    card.locator(".name").click()
    drawer = ana.locator("#drawer")
    with no_reload(ana, bruno):
        drawer.locator("[id$=-term_months] .value").click()
        term = drawer.locator("[data-field=term_months]")
        expect(term).to_be_focused()
        term.fill("9999")
        term.press("Enter")
        expect(drawer.locator("[id$=-term_months] .error")).to_be_visible()
        term.fill("96")
        term.press("Enter")
        expect(drawer.locator("[id$=-term_months] .value")).to_contain_text("96")
        drawer.locator("[id$=-credit_amount] .value").click()
        amount = drawer.locator("[data-field=credit_amount]")
        expect(amount).to_be_focused()
        amount.fill("123.000,00")
        amount.press("Enter")
        expect(drawer.locator("[id$=-credit_amount] .value")).to_contain_text("R$ 123.000,00")
        expect(same.locator(".money")).to_contain_text("96x")
        expect(same.locator(".money")).to_contain_text(re.compile(r"123"))
        expect_in(card, "QUALIFIED")
    assert column(ana, "QUALIFIED").get_attribute("data-status") == "QUALIFIED"


@pytest.mark.thorough
def test_a_manager_gives_a_lead_away_and_it_leaves_one_board_for_the_other(people: People) -> None:
    bruno, ana, caio = live(people.open("bruno")), live(people.open("ana")), live(people.open("caio"))
    card = first_card(ana, "CONTACTED", owner="Ana Clara")
    lead = (card.get_attribute("id") or "").removeprefix("lead-")
    bruno.locator(f"#lead-{lead} .name").click()
    form = bruno.locator("#drawer form.assign")
    with no_reload(bruno, ana, caio):
        form.locator("select").select_option(label="Caio Mendes")
        form.locator("button").click()
        expect_in(caio.locator(f"#lead-{lead}"), "CONTACTED")
        expect(ana.locator(f"#lead-{lead}")).to_have_count(0)
        expect(caio.locator("#toasts .toast-c").last).to_be_visible()
        expect(bruno.locator("#drawer .owner")).to_contain_text("Caio Mendes")
