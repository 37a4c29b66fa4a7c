"""The board as tests read and touch it."""

import re
import time
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import post

COLUMNS = ("NEW", "CONTACTED", "QUALIFIED", "PROPOSAL", "WON", "LOST")

# Everything a person can see on the board; relative times, which differ by when a page was loaded, are left out.
_SEEN = """() => [...document.querySelectorAll('.col')].map((column) => ({
  status: column.querySelector('.cards').dataset.status,
  n: column.querySelector('[data-col-n]').textContent,
  sum: column.querySelector('[data-col-amount]').textContent,
  more: Boolean(column.querySelector('.more')),
  cards: [...column.querySelectorAll('.card-lead')].map((card) => {
    const copy = card.cloneNode(true);
    copy.querySelectorAll('time').forEach((time) => time.replaceWith(time.dateTime));
    return [card.id, card.dataset.revision, card.dataset.version, card.dataset.status,
            copy.textContent.replace(/\\s+/g, ' ').trim()].join(' | ');
  }),
}))"""


def board_seen(page: Page) -> list[dict[str, Any]]:
    """The board as plain data: columns with their counts and sums, and each card's words in order."""
    return page.evaluate(_SEEN)


def same_board(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> bool:
    """Equal in all that both show: a column with more to load may show a card more or less at its end."""

    def shown(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
        partly = mine["more"] or theirs["more"]
        n = min(len(mine["cards"]), len(theirs["cards"])) if partly else None
        return {**mine, "more": partly, "cards": mine["cards"][:n]}

    return all(shown(mine, theirs) == shown(theirs, mine) for mine, theirs in zip(one, other, strict=True))


def column(page: Page, status: str) -> Locator:
    return page.locator(f"#cards-{status}")


def cards(page: Page, status: str) -> Locator:
    return page.locator(f"#cards-{status} > .card-lead")


def first_card(page: Page, status: str, *, owner: str | None = None) -> Locator:
    """The topmost card of a column, of that consultant's if named; by its id, so that it can be followed."""
    found = cards(page, status)
    if owner:
        found = found.filter(has=page.locator(f".foot .ava[title='{owner}']"))
    return page.locator(f"#{found.first.get_attribute('id')}")


def numbers(page: Page, status: str) -> tuple[int, int]:
    """A column's count and sum in cents, as the server's hidden totals say."""
    values = page.locator(f"#col-{status} data.room-total").evaluate_all(
        "all => all.map(total => [Number(total.dataset.n), Number(total.dataset.amount)])"
    )
    return sum(n for n, _amount in values), sum(amount for _n, amount in values)


def expect_in(card: Locator, status: str) -> None:
    expect(card).to_have_attribute("data-status", status)
    expect(card.locator("xpath=..")).to_have_id(f"cards-{status}")


def expect_settled(card: Locator, status: str) -> None:
    """The card is in the column, and the server has said so."""
    expect_in(card, status)
    expect(card).not_to_have_class(re.compile(r"\b(saving|lifted)\b"))


def drag(page: Page, card: Locator, target: Locator) -> None:
    """With the mouse, in steps as a hand does it, to the top of a column."""
    card.scroll_into_view_if_needed()
    target.scroll_into_view_if_needed()
    start, end = card.locator(".money").bounding_box(), target.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 20, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 30, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=12)
    expect(target.locator(".slot")).to_have_count(1)
    page.mouse.up()


def new_lead(page: Page, name: str) -> None:
    """A lead comes in by the API."""
    phone = f"+5531{time.time_ns() % 10**9:09d}"
    response = post(page, "/api/leads", json=True, name=name, phone=phone)
    assert response.status == 201, response.text()


def move(page: Page, card: Locator, to: str, **answers: Any) -> None:
    """Beside the page, as another program would: POST the move of a card it shows."""
    response = post(page, card.get_attribute("data-move") or "", to=to, version=card.get_attribute("data-version"),
                    after="", **answers)  # fmt: skip
    assert response.status == 204, response.text()
