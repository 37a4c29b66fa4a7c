"""Filters in the address, on the wire and by hand; saved views; many leads at once; the list and the phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import cards, column, expect_in, expect_settled, first_card, move, numbers
from tests.browser.people import People, live, no_reload

pytestmark = pytest.mark.usefixtures("plenty")


def names(page: Page) -> list[str]:
    return page.locator(".card-lead").evaluate_all("all => all.map(card => card.dataset.name)")


def pop(page: Page, word: str) -> None:
    page.locator("#filters details.pop > summary", has_text=word).click()


def test_filters_live_in_the_address_and_the_back_button_takes_them_off_one_by_one(people: People) -> None:
    bruno = live(people.open("bruno"))
    everybody = len(names(bruno))
    with no_reload(bruno):
        pop(bruno, "Temperatur")
        bruno.locator("#filters input[name=temperature][value=HOT]").check()
        expect(bruno).to_have_url(re.compile(r"/board/\?temperature=HOT$"))
        expect(bruno.locator(".card-lead .temp:not(.hot)")).to_have_count(0)
        bruno.keyboard.press("Escape")
        expect(bruno.locator("#filters details.pop[open]")).to_have_count(0)
        hot = len(names(bruno))
        word = names(bruno)[0].split()[0]
        bruno.locator("#filters input[name=q]").fill(word.upper())
        expect(bruno).to_have_url(re.compile(r"\?q=[^&]+&temperature=HOT$"))
        expect(bruno.locator("#filter-state .filter-on")).to_have_count(2)
    assert 0 < len(names(bruno)) < hot < everybody
    assert all(word in name for name in names(bruno))
    n = sum(numbers(bruno, status)[0] for status in ("NEW", "CONTACTED", "QUALIFIED", "PROPOSAL", "WON", "LOST"))
    expect(bruno.locator("[data-sum-n]")).to_have_text(str(n))
    bruno.go_back()
    expect(bruno).to_have_url(re.compile(r"/board/\?temperature=HOT$"))
    expect(bruno.locator("#filters input[name=q]")).to_have_value("")
    expect(bruno.locator("#filters input[value=HOT]")).to_be_checked()
    bruno.go_back()
    expect(bruno).to_have_url(re.compile(r"/board/$"))
    expect(bruno.locator(".card-lead")).to_have_count(everybody)


@pytest.mark.thorough
def test_what_others_do_enters_and_leaves_a_filtered_board(people: People) -> None:
    ana, bruno = live(people.open("ana")), live(people.open("bruno"))
    card = first_card(bruno, "CONTACTED", owner="Ana Clara")
    lead, name = card.get_attribute("id") or "", card.get_attribute("data-name") or ""
    other = first_card(bruno, "CONTACTED", owner="Caio Mendes").get_attribute("id")
    bruno.goto(f"/board/?q={name}")
    live(bruno)
    n, amount = numbers(bruno, "QUALIFIED")
    same = bruno.locator(f"#{lead}")
    with no_reload(bruno):
        move(ana, ana.locator(f"#{lead}"), "QUALIFIED")
        expect_in(same, "QUALIFIED")
        expect(bruno.locator("#col-QUALIFIED [data-col-n]")).to_have_text(str(n + 1))
        assert numbers(bruno, "QUALIFIED")[1] >= amount
        caio = people.open("caio")
        move(caio, caio.locator(f"#{other}"), "QUALIFIED")
        people.product.shell(
            "from leads.models import Lead; from leads.services import lead_update; from leads.actors import SYSTEM; "
            f"lead_update(lead_id={lead.removeprefix('lead-')}, values={{'name': 'Outro Nome'}}, actor=SYSTEM)"
        )
        expect(same).to_have_count(0)
        expect(bruno.locator(f"#{other}")).to_have_count(0)  # it never passed


def test_a_view_is_saved_shared_and_applied_by_somebody_else(people: People) -> None:
    people.troubles.expect(r"status of 409|Response Status Error Code 409")
    bruno, caio = people.open("bruno", "/board/?temperature=HOT"), people.open("caio")
    for _again in range(2):
        bruno.locator("#views summary").first.click()
        form = bruno.locator("#views form[hx-post='/leads/views/']")
        if form.count():
            form.locator("input[name=name]").fill("Quentes do time")
            form.locator("input[name=shared]").check()
            form.locator("button").click()
            expect(bruno.locator("#views .view-now")).to_contain_text("Quentes do time")
        bruno.keyboard.press("Escape")
    bruno.goto("/board/?temperature=WARM")
    bruno.locator("#views summary").first.click()
    bruno.locator("#views form[hx-post='/leads/views/'] input[name=name]").fill("quentes do time")
    bruno.keyboard.press("Enter")
    expect(bruno.locator("#toasts .toast-c[data-level=error]")).to_be_visible()
    caio.reload()
    caio.locator("#views summary").first.click()
    caio.locator("#views a", has_text="Quentes do time").click()
    expect(caio).to_have_url(re.compile(r"\?temperature=HOT$"))
    expect(caio.locator("#views .view-edit")).to_have_count(0)


@pytest.mark.thorough
def test_a_card_travels_by_keyboard_alone_on_a_filtered_board(people: People) -> None:
    ana = live(people.open("ana", "/board/?owner=mine"))
    card = first_card(ana, "QUALIFIED")
    ana.locator("#board").focus()
    for _step in range(200):
        ana.keyboard.press("Tab")
        if ana.evaluate("document.activeElement.matches('.card-lead')"):
            break
    ana.evaluate("id => document.getElementById(id).focus()", card.get_attribute("id"))
    for key in ("Space", "ArrowRight", "Enter"):
        ana.keyboard.press(key)
    expect_settled(card, "PROPOSAL")
    expect(card).to_be_focused()


def test_many_cards_are_chosen_moved_and_planned_at_once(people: People) -> None:
    bruno = live(people.open("bruno"))
    first = cards(bruno, "CONTACTED").evaluate_all("all => all.slice(0, 3).map(card => card.id)")
    with no_reload(bruno):
        bruno.locator(f"#{first[0]}").focus()
        bruno.keyboard.press("x")
        bruno.locator(f"#{first[2]} [data-pick]").click(modifiers=["Shift"])
        bar = bruno.locator("#bulk")
        expect(bar.locator("[data-bulk-n]")).to_contain_text("3")
        bar.locator("[data-bulk-menu=bulk-move]").click()
        bruno.locator("[data-bulk-to=LOST]").click()
        dialog = bruno.locator("#lost-dialog")
        dialog.locator("select").select_option("no_answer")
        dialog.locator("button[value=ok]").click()
        expect(bruno.locator("#toasts .toast-c[data-level=ok]")).to_contain_text("3")
        for lead in first:
            expect_in(bruno.locator(f"#{lead}"), "LOST")
        expect(bar).to_be_hidden()
        assert cards(bruno, "LOST").evaluate_all("all => all.slice(0, 3).map(card => card.id)") == first
        cards(bruno, "QUALIFIED").first.focus()
        bruno.keyboard.press("Control+a")
        chosen = cards(bruno, "QUALIFIED").count()
        expect(bar.locator("[data-bulk-n]")).to_contain_text(str(chosen))
        bruno.keyboard.press("Escape")
        expect(bar).to_be_hidden()


@pytest.mark.thorough
def test_escape_during_a_drag_lays_the_card_back(people: People) -> None:
    ana = live(people.open("ana"))
    order = cards(ana, "CONTACTED").evaluate_all("all => all.map(card => card.id)")
    card = ana.locator(f"#{order[0]}")
    start, end = card.locator(".money").bounding_box(), column(ana, "QUALIFIED").bounding_box()
    assert start and end
    ana.mouse.move(start["x"] + 20, start["y"] + 8)
    ana.mouse.down()
    ana.mouse.move(start["x"] + 40, start["y"] + 30, steps=4)
    ana.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=12)
    expect(column(ana, "QUALIFIED").locator(".slot")).to_have_count(1)
    ana.keyboard.press("Escape")
    expect_settled(card, "CONTACTED")
    expect(ana.locator("body.dragging, .slot")).to_have_count(0)
    ana.mouse.up()
    assert cards(ana, "CONTACTED").evaluate_all("all => all.map(card => card.id)") == order
    expect(ana.locator("#drawer[open], #toasts .toast-c")).to_have_count(0)


@pytest.mark.thorough
def test_the_list_filters_sorts_and_opens_a_lead(people: People) -> None:
    bruno = people.open("bruno", "/leads/")
    bruno.locator("#filters input[name=q]").fill("zzzz")
    expect(bruno.locator("#leads .empty-state")).to_be_visible()
    bruno.locator("#filters input[name=q]").fill("")
    expect(bruno.locator("#leads tbody tr").first).to_be_visible()
    bruno.locator("th.c-name a[href*='sort=name']").first.click()
    expect(bruno.locator("th[aria-sort=ascending]")).to_have_count(1)
    bruno.wait_for_load_state()
    row = bruno.locator("#leads tbody tr").nth(1)
    lead = row.get_attribute("data-lead")
    row.locator(".c-amount").click()
    expect(bruno).to_have_url(re.compile(rf"/leads/{lead}/$"))


@pytest.mark.thorough
def test_on_a_phone_columns_are_switched_and_filters_are_a_sheet(people: People) -> None:
    ana = live(people.open("ana", viewport={"width": 390, "height": 844}, has_touch=True))
    ana.locator("[data-switch=PROPOSAL]").tap()
    expect(ana.locator("[data-switch=PROPOSAL]")).to_have_attribute("aria-current", "true")
    expect(ana.locator("#col-PROPOSAL")).to_be_in_viewport(ratio=0.9)
    ana.locator("[data-filters-open]").tap()
    sheet = ana.locator("#filters-more")
    expect(sheet).to_be_visible()
    sheet.locator("label", has=ana.locator("[value=no_next_step]")).tap()
    sheet.locator(".btn-accent").tap()
    expect(sheet).to_be_hidden()
    expect(ana).to_have_url(re.compile(r"chip=no_next_step"))
    expect(ana.locator("#filter-state .filter-on")).to_have_count(1)
    assert ana.evaluate("document.documentElement.scrollWidth") <= 390
