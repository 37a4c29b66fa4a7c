"""Boards that missed something become, by themselves, what a freshly loaded page shows."""

import re
import time
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import board_seen, cards, expect_in, first_card, move, new_lead, same_board
from tests.browser.people import People, live, no_reload, post

# A WebSocket that can be cut, and that can lose the next event of a room, as networks do.
_FRAGILE = """
const Real = WebSocket;
window.sockets = [];
window.swallow = 0;
window.WebSocket = class extends Real {
  constructor(...given) {
    super(...given);
    window.sockets.push(this);
  }
  addEventListener(name, listener, ...rest) {
    if (name !== 'message') return super.addEventListener(name, listener, ...rest);
    return super.addEventListener(name, (event) => {
      if (window.swallow > 0 && JSON.parse(event.data).html !== undefined) window.swallow -= 1;
      else listener(event);
    }, ...rest);
  }
};
"""


@pytest.fixture
def fragile(people: People) -> Page:
    """Bruno's board on a line that can be cut."""
    context = people.context(storage_state=people.key_of("bruno"))
    context.add_init_script(_FRAGILE)
    page = context.new_page()
    page.goto("/board/")
    return live(page)


def cut(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("sockets.forEach((socket) => socket.close())")
    expect(page.locator("#live")).to_have_attribute("data-state", re.compile("offline|reconnecting"))


def restore(page: Page) -> None:
    page.context.set_offline(False)
    live(page)


def expect_healed(page: Page, fresh: Page) -> None:
    """The page shows what a freshly loaded one shows, without having been loaded again."""
    fresh.goto("/board/")
    live(fresh)
    expected = board_seen(fresh)
    deadline = time.monotonic() + 20
    while not same_board(seen := board_seen(page), expected) and time.monotonic() < deadline:
        page.wait_for_function("before => document.getElementById('board').textContent !== before",
                               arg=page.locator("#board").text_content(), timeout=20_000)  # fmt: skip
    assert same_board(seen, expected), differences(seen, expected)


def differences(seen: list, expected: list) -> str:
    lines = []
    for mine, fresh in zip(seen, expected, strict=True):
        lines += [f"{mine['status']}: only here: {card}" for card in mine["cards"] if card not in fresh["cards"]]
        lines += [f"{mine['status']}: missing here: {card}" for card in fresh["cards"] if card not in mine["cards"]]
        lines += [
            f"{mine['status']}: {mine[key]} instead of {fresh[key]}" for key in ("n", "sum") if mine[key] != fresh[key]
        ]
    return "\n".join(lines) or "the order differs"


def change_much(page: Page, number: int) -> None:
    """That many changes of many kinds, as other people make them: moves, edits, new leads, new owners."""
    leads = [lead.removeprefix("lead-") for lead in cards(page, "QUALIFIED").evaluate_all("all => all.map(c => c.id)")]
    for turn, lead in zip(range(number), cycle(leads), strict=False):
        if turn % 3 == 0:
            new_lead(page, f"Novo {turn}")
        elif turn % 3 == 1:
            assert post(page, f"/leads/{lead}/edit/", name=f"Nome {turn}", credit_amount=f"{turn}.000,00").ok
        else:
            assert post(page, f"/leads/{lead}/assign/", consultant="").ok


@pytest.mark.parametrize("number", [30, 150])
def test_a_board_cut_off_while_others_work_heals_to_what_a_fresh_page_shows(
    people: People, fragile: Page, number: int
) -> None:
    people.troubles.expect(r"ERR_INTERNET_DISCONNECTED", r"WebSocket connection .* failed")
    other = live(people.open("bruno"))
    with no_reload(fragile):
        cut(fragile)
        before = board_seen(fragile)
        change_much(other, number)
        move(other, first_card(other, "PROPOSAL"), "QUALIFIED")
        assert board_seen(fragile) == before
        restore(fragile)
        expect_healed(fragile, people.open("bruno"))


def test_a_lost_push_is_noticed_with_the_next_and_healed(people: People, fragile: Page) -> None:
    other = live(people.open("bruno"))
    first, second = cards(other, "CONTACTED").nth(0), cards(other, "CONTACTED").nth(1)
    lost, noticed = (fragile.locator(f"#{card.get_attribute('id')}") for card in (first, second))
    ids = [first.get_attribute("id"), second.get_attribute("id")]
    with no_reload(fragile):
        fragile.evaluate("swallow = 2")
        move(other, other.locator(f"#{ids[0]}"), "PROPOSAL")  # the card, and the totals of its columns
        fragile.wait_for_function("swallow === 0")
        expect_in(lost, "CONTACTED")
        move(other, other.locator(f"#{ids[1]}"), "PROPOSAL")
        expect_in(noticed, "PROPOSAL")
        expect_in(lost, "PROPOSAL")
        expect_healed(fragile, people.open("bruno"))


# A change whose ring is lost: the row says it happened, and nobody was told.
_UNRUNG = """
from crm.realtime import bell
from leads.actors import SYSTEM
from leads.models import Lead
from leads.moves import lead_move
bell.ring = lambda rows: None
lead = Lead.objects.get(pk={lead})
lead_move(lead_id=lead.pk, to="CONTACTED", version=lead.version, actor=SYSTEM)
"""


def test_a_change_nobody_was_told_of_appears_within_moments(people: People) -> None:
    bruno = live(people.open("bruno"))
    card = first_card(bruno, "QUALIFIED")
    with no_reload(bruno):
        people.product.shell(_UNRUNG.format(lead=(card.get_attribute("id") or "").removeprefix("lead-")))
        expect(card).to_have_attribute("data-status", "CONTACTED", timeout=3000)
        expect_in(card, "CONTACTED")


def test_the_boards_of_two_people_follow_each_other_through_a_reconnection(people: People, fragile: Page) -> None:
    people.troubles.expect(r"ERR_INTERNET_DISCONNECTED", r"WebSocket connection .* failed")
    ana = live(people.open("ana"))
    cut(fragile)
    card = first_card(ana, "CONTACTED", owner="Ana Clara")
    move(ana, card, "QUALIFIED")
    same = fragile.locator(f"#{card.get_attribute('id')}")
    expect_in(same, "CONTACTED")
    restore(fragile)
    expect_in(same, "QUALIFIED")
    move(fragile, same, "PROPOSAL")
    expect_in(ana.locator(f"#{card.get_attribute('id')}"), "PROPOSAL")
