"""Boards that missed something become, by themselves, what a freshly loaded page shows."""

import re
import time
from html import unescape
from itertools import cycle

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board import board_seen, cards, column, drag, expect_in, first_card, move, new_lead, same_board
from tests.browser.people import People, live, no_reload, post, until

pytestmark = pytest.mark.usefixtures("plenty")

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


# What a person's lines bring, by socket or by stream.
_TAPPED = """
window.heard = [];
window.lines = [];
for (const name of ['WebSocket', 'EventSource']) {
  const Real = window[name];
  window[name] = class extends Real {
    constructor(...given) {
      super(...given);
      window.lines.push(name);
      super.addEventListener('message', (event) => window.heard.push(event.data));
    }
  };
}
"""


# A tab whose sockets failed a while ago; not for the blank page, which has no memory.
_REMEMBERS = """
if (location.protocol !== 'about:' && !window.name) sessionStorage.setItem('livia.stream', window.name = 1);
"""


def tapped(people: People, person: str, path: str = "/board/", *, is_blocked: bool = False, script: str = "") -> Page:
    """A page whose lines are listened in on; `is_blocked` where the network ends every WebSocket."""
    context = people.context(storage_state=people.key_of(person))
    context.add_init_script(_TAPPED + script)
    if is_blocked:
        context.route_web_socket(re.compile(r"/ws/"), lambda socket: socket.close(code=1011))
    page = context.new_page()
    page.goto(path)
    return live(page)


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


def edit(page: Page, lead: str, field: str, value: str) -> None:
    """As the lead page does it: open the field, then save over what it was."""
    address = f"/leads/{lead}/field/{field}/"
    editor = page.context.request.get(address, headers={"HX-Request": "true"}).text()
    was = re.search(r'name="was"[^>]*value="([^"]*)"', editor)
    assert was is not None
    assert post(page, address, value=value, was=unescape(was[1])).ok


def change_much(page: Page, number: int) -> None:
    """That many changes of many kinds, as other people make them: moves, edits, new leads, new owners."""
    leads = [lead.removeprefix("lead-") for lead in cards(page, "QUALIFIED").evaluate_all("all => all.map(c => c.id)")]
    for turn, lead in zip(range(number), cycle(leads), strict=False):
        if turn % 3 == 0:
            new_lead(page, f"Novo {turn}")
        elif turn % 3 == 1:
            edit(page, lead, "term_months", str(turn % 400 + 1))
            edit(page, lead, "credit_amount", f"{turn}.000,00")
        else:
            assert post(page, f"/leads/{lead}/assign/", consultant="").ok


@pytest.mark.parametrize("number", [30, pytest.param(150, marks=pytest.mark.thorough)])
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


@pytest.mark.thorough
def test_a_lost_push_is_noticed_with_the_next_and_healed(people: People, fragile: Page) -> None:
    other = live(people.open("bruno"))
    first, second = cards(other, "CONTACTED").nth(0), cards(other, "CONTACTED").nth(1)
    lost, noticed = (fragile.locator(f"#{card.get_attribute('id')}") for card in (first, second))
    ids = [first.get_attribute("id"), second.get_attribute("id")]
    with no_reload(fragile):
        fragile.evaluate("swallow = 2")
        move(other, other.locator(f"#{ids[0]}"), "PROPOSAL")  # the card, and the totals of its columns
        until(fragile, "swallow === 0")
        expect_in(lost, "CONTACTED")
        move(other, other.locator(f"#{ids[1]}"), "PROPOSAL")
        expect_in(noticed, "PROPOSAL")
        expect(lost).to_have_attribute("data-status", "PROPOSAL", timeout=1000)
        expect_in(lost, "PROPOSAL")
        expect_healed(fragile, people.open("bruno"))


# A change whose ring is lost: the row says it happened, and nobody was told.
_UNRUNG = """
from unittest import mock
from crm.realtime import bell
from leads.actors import SYSTEM
from leads.models import Lead
from leads.moves import lead_move
lead = Lead.objects.get(pk={lead})
with mock.patch.object(bell, "ring"):
    lead_move(lead_id=lead.pk, to="CONTACTED", version=lead.version, actor=SYSTEM)
"""


def test_a_change_nobody_was_told_of_appears_within_moments(people: People) -> None:
    bruno = live(people.open("bruno"))
    card = first_card(bruno, "QUALIFIED")
    with no_reload(bruno):
        people.product.shell(_UNRUNG.format(lead=(card.get_attribute("id") or "").removeprefix("lead-")))
        expect(card).to_have_attribute("data-status", "CONTACTED", timeout=3000)
        expect_in(card, "CONTACTED")


@pytest.mark.thorough
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


def test_where_no_websocket_gets_through_the_board_follows_by_stream(people: People) -> None:
    ana, bruno = tapped(people, "ana", is_blocked=True), live(people.open("bruno"))
    assert ana.evaluate("lines") == ["EventSource"]
    card = first_card(bruno, "CONTACTED", owner="Ana Clara")
    same = ana.locator(f"#{card.get_attribute('id')}")
    with no_reload(ana):
        drag(bruno, card, column(bruno, "QUALIFIED"))
        expect_in(same, "QUALIFIED")
        ana.context.set_offline(True)  # the stream does not outlive it
        people.troubles.expect(r"ERR_INTERNET_DISCONNECTED", r"ERR_NETWORK")
        move(bruno, card, "PROPOSAL")
        ana.context.set_offline(False)
        expect_in(same, "PROPOSAL")
    ana.goto("/conversations/")
    live(ana)
    assert ana.evaluate("lines") == ["EventSource"]  # the tab remembers


@pytest.mark.thorough
def test_a_socket_takes_over_from_a_stream_once_it_gets_through(people: People) -> None:
    page = tapped(people, "bruno", script=_REMEMBERS)
    until(page, "lines.length === 2 && !sessionStorage.getItem('livia.stream')")
    assert page.evaluate("lines") == ["EventSource", "WebSocket"]
    card = first_card(page, "CONTACTED")
    move(live(people.open("bruno")), card, "QUALIFIED")
    expect_in(card, "QUALIFIED")


def card_of(page: Page, owner: str) -> Locator:
    """A card of that consultant's in any open column."""
    mine = page.locator(".card-lead").filter(has=page.locator(f".foot .ava[title='{owner}']"))
    statuses = ", ".join(f"[data-status={status}]" for status in ("NEW", "CONTACTED", "QUALIFIED", "PROPOSAL"))
    return page.locator(f"#{mine.and_(page.locator(statuses)).first.get_attribute('id')}")


@pytest.mark.parametrize(
    "is_blocked", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["socket", "stream"]
)
def test_nothing_of_anothers_leads_is_on_the_wire(people: People, is_blocked: bool) -> None:
    caio, bruno = tapped(people, "caio", is_blocked=is_blocked), live(people.open("bruno"))
    hers, his = (card_of(bruno, owner) for owner in ("Ana Clara", "Caio Mendes"))
    secret, own = hers.get_attribute("id") or "", his.get_attribute("id") or ""
    for card in (hers, his):
        move(bruno, card, to := "QUALIFIED" if card.get_attribute("data-status") == "PROPOSAL" else "PROPOSAL")
    expect_in(caio.locator(f"#{own}"), to)
    wire = "".join(caio.evaluate("heard"))
    assert own in wire
    assert secret not in wire
    assert secret not in caio.content()


@pytest.mark.parametrize(
    "is_blocked", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["socket", "stream"]
)
def test_a_colleague_in_the_same_thread_is_seen_and_goes(people: People, is_blocked: bool) -> None:
    bruno = live(people.open("bruno", "/conversations/"))
    path = bruno.locator("#rows a[href*='/conversations/']").first.get_attribute("href") or ""
    bruno.goto(path)
    here = live(bruno).locator(".presence[data-presence^='chat.']")
    expect(here).to_be_empty()
    owner = next(name for name in ("ana", "caio") if people_may_open(people, name, path))
    other = tapped(people, owner, path, is_blocked=is_blocked)
    expect(here).to_have_text(re.compile(r"(Ana Clara|Caio Mendes) está aqui|is here"))
    expect(other.locator(".presence[data-presence^='chat.']")).to_have_text(re.compile("Bruno"))
    room = here.get_attribute("data-presence")
    other.evaluate("room => document.dispatchEvent(new CustomEvent('presence:typing', {detail: {room}}))", room)
    expect(here).to_have_attribute("data-typing", "")
    other.close()
    expect(here).to_be_empty()


def people_may_open(people: People, person: str, path: str) -> bool:
    context = people.context(storage_state=people.key_of(person))
    return context.request.get(path).status == 200


@pytest.mark.thorough
def test_an_answer_that_was_rendered_before_a_push_and_comes_after_it_takes_nothing_away(people: People) -> None:
    bruno = live(people.open("bruno", "/conversations/?tab=all"))
    bruno.locator("#rows .row-c").first.click()
    thread = bruno.locator(".thread")
    address = f"/conversations/{thread.get_attribute('data-conversation')}/"
    with no_reload(bruno):
        answer = bruno.evaluate(
            "url => fetch(url, {headers: {'HX-Request': 'true', 'HX-Target': 'thread-pane'}}).then((r) => r.text())",
            address,
        )
        assert post(bruno, f"{address}notes/", text="Escrita enquanto a página vinha").status < 400
        note = thread.locator(".bubble", has_text="Escrita enquanto a página vinha")
        expect(note).to_be_visible()
        bruno.evaluate("html => htmx.swap('#thread-pane', html, {swapStyle: 'innerHTML'})", answer)
        expect(note).to_be_visible()
