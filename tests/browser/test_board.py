"""Moving cards with the mouse and by keyboard, and what everybody else sees of it."""

import re

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.board import cards, column, drag, expect_in, expect_settled, first_card, move, numbers
from tests.browser.people import People, live, no_reload

pytestmark = pytest.mark.usefixtures("plenty")


def frames_of(page: Page) -> list[str]:
    """Every frame the page's sockets receive from now on."""
    frames: list[str] = []

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    page.on("websocket", follow)
    page.reload()
    live(page)
    return frames


def test_a_card_dragged_on_one_board_moves_on_the_other_with_counts_and_sums(people: People) -> None:
    bruno, ana = live(people.open("bruno")), live(people.open("ana"))
    card = first_card(bruno, "CONTACTED", owner="Ana Clara")
    same = ana.locator(f"#{card.get_attribute('id')}")
    expect_in(same, "CONTACTED")
    before = {page: (numbers(page, "CONTACTED"), numbers(page, "QUALIFIED")) for page in (bruno, ana)}
    with no_reload(bruno, ana):
        drag(bruno, card, column(bruno, "QUALIFIED"))
        expect_settled(card, "QUALIFIED")
        expect_in(same, "QUALIFIED")
        expect(cards(ana, "QUALIFIED").first).to_have_id(card.get_attribute("id") or "")
    for page, (left, entered) in before.items():
        expect(page.locator("#col-CONTACTED [data-col-n]")).to_have_text(str(left[0] - 1))
        expect(page.locator("#col-QUALIFIED [data-col-n]")).to_have_text(str(entered[0] + 1))
        amount = left[1] - numbers(page, "CONTACTED")[1]
        assert numbers(page, "QUALIFIED") == (entered[0] + 1, entered[1] + amount)


@pytest.mark.thorough
def test_a_stranger_sees_nothing_of_it_not_even_on_the_wire(people: People) -> None:
    bruno, ana, caio = live(people.open("bruno")), live(people.open("ana")), people.open("caio")
    heard = frames_of(caio)
    card = first_card(bruno, "CONTACTED", owner="Ana Clara")
    lead, name = card.get_attribute("id") or "", card.get_attribute("data-name") or ""
    with no_reload(caio):
        move(bruno, card, "PROPOSAL")
        expect_in(ana.locator(f"#{lead}"), "PROPOSAL")
        of_caio = first_card(bruno, "CONTACTED", owner="Caio Mendes")
        move(bruno, of_caio, "PROPOSAL")
        expect_in(caio.locator(f"#{of_caio.get_attribute('id')}"), "PROPOSAL")  # later than Ana's, so that had its time
    assert any(of_caio.get_attribute("id") in frame for frame in heard)
    assert not any(f'"{lead}"' in frame or f"{lead}\\" in frame or name in frame for frame in heard)
    assert name not in caio.content()


def test_space_lifts_arrows_move_enter_drops_and_all_of_it_is_announced(people: People) -> None:
    ana = live(people.open("ana"))
    said = ana.locator("#announce")
    card = first_card(ana, "QUALIFIED", owner="Ana Clara")
    name, label = card.get_attribute("data-name") or "", column(ana, "PROPOSAL").get_attribute("data-label") or ""
    with no_reload(ana):
        card.focus()
        ana.keyboard.press("Space")
        expect(card).to_have_class(re.compile("lifted"))
        expect(said).to_contain_text(name)
        ana.keyboard.press("ArrowRight")
        expect(said).to_contain_text(label)
        ana.keyboard.press("ArrowDown")
        expect(said).to_contain_text("2")
        ana.keyboard.press("Enter")
        expect_settled(card, "PROPOSAL")
        expect(said).to_contain_text(name)
        expect(card).to_be_focused()
        expect(cards(ana, "PROPOSAL").nth(1)).to_have_id(card.get_attribute("id") or "")
    ana.reload()
    expect_in(card, "PROPOSAL")
    expect(cards(ana, "PROPOSAL").nth(1)).to_have_id(card.get_attribute("id") or "")


@pytest.mark.thorough
def test_escape_lays_the_lifted_card_back(people: People) -> None:
    ana = live(people.open("ana"))
    order = cards(ana, "CONTACTED").evaluate_all("all => all.map(card => card.id)")
    card = ana.locator(f"#{order[0]}")
    card.focus()
    for key in ("Space", "ArrowRight", "ArrowDown", "Escape"):
        ana.keyboard.press(key)
    expect_settled(card, "CONTACTED")
    expect(card).to_be_focused()
    expect(ana.locator("#announce")).to_contain_text(card.get_attribute("data-name") or "")
    assert cards(ana, "CONTACTED").evaluate_all("all => all.map(card => card.id)") == order


@pytest.mark.thorough
def test_the_menu_moves_a_card_and_lost_asks_why(people: People) -> None:
    ana = live(people.open("ana"))
    card = first_card(ana, "CONTACTED", owner="Ana Clara")
    dialog = ana.locator("#lost-dialog")
    card.focus()
    ana.keyboard.press("m")
    ana.locator("#move-menu [data-move-to=LOST]").click()
    expect(dialog).to_be_visible()
    ana.keyboard.press("Escape")
    expect_settled(card, "CONTACTED")
    card.locator("[data-move-menu]").click()
    ana.locator("#move-menu [data-move-to=LOST]").click()
    dialog.locator("button[value=ok]").click()
    expect(dialog).to_be_visible()  # the reason is required
    dialog.locator("select").select_option("rate")
    dialog.locator("textarea").fill("Parcela alta")
    dialog.locator("button[value=ok]").click()
    expect_settled(card, "LOST")
    card.locator(".name").click()
    expect(ana.locator("#drawer .detail")).to_contain_text("Parcela alta")


@pytest.mark.thorough
def test_won_asks_for_the_amount_and_the_column_counts_it(people: People) -> None:
    ana = live(people.open("ana"))
    card = first_card(ana, "PROPOSAL", owner="Ana Clara")
    n, _amount = numbers(ana, "WON")
    dialog = ana.locator("#won-dialog")
    card.focus()
    for key in ("Space", "ArrowRight", "Enter"):
        ana.keyboard.press(key)
    expect(dialog).to_be_visible()
    dialog.locator("[data-close]").click()
    expect_settled(card, "PROPOSAL")
    drag(ana, card, column(ana, "WON"))
    amount = dialog.locator("input[name=won_amount]")
    amount.fill("123456,7")
    amount.blur()
    expect(amount).to_have_value("123.456,70")
    dialog.locator("button[value=ok]").click()
    expect_settled(card, "WON")
    expect(ana.locator("#col-WON [data-col-n]")).to_have_text(str(n + 1))
    card.locator(".name").click()
    expect(ana.locator("#drawer .detail")).to_contain_text("R$ 123.456,70")


def test_a_move_of_what_somebody_else_just_moved_goes_back_and_says_why(people: People) -> None:
    people.troubles.expect(r"status of 409")
    bruno, ana = live(people.open("bruno")), live(people.open("ana"))
    card = first_card(ana, "QUALIFIED", owner="Ana Clara")
    same = bruno.locator(f"#{card.get_attribute('id')}")
    card.focus()
    ana.keyboard.press("Space")  # held: what others do to it waits until it lies again
    move(bruno, same, "PROPOSAL")
    expect_in(same, "PROPOSAL")
    with no_reload(ana):
        ana.keyboard.press("ArrowLeft")
        expect_in_hand = ana.locator("#cards-CONTACTED > .lifted")
        expect(expect_in_hand).to_have_count(1)
        ana.keyboard.press("Enter")
        expect(ana.locator("#toasts .toast-c[data-level=error]")).to_be_visible()
        expect_settled(card, "PROPOSAL")


@pytest.mark.thorough
def test_a_move_the_pipeline_forbids_goes_back_and_says_why(people: People) -> None:
    people.troubles.expect(r"status of 409")
    ana = live(people.open("ana"))
    card = first_card(ana, "CONTACTED", owner="Ana Clara")
    order = cards(ana, "CONTACTED").evaluate_all("all => all.map(card => card.id)")
    drag(ana, card, column(ana, "NEW"))
    expect(ana.locator("#toasts .toast-c[data-level=error]")).to_be_visible()
    expect_settled(card, "CONTACTED")
    assert cards(ana, "CONTACTED").evaluate_all("all => all.map(card => card.id)") == order
