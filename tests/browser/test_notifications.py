"""Being told: toasts that fold, sounds, what is read everywhere, the person's choices, and the app without a net."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.people import EMAILS, People, live, until
from tests.browser.product import Product

POINT = "BOqj9dlMm9Uia0EqXo-5F0Pq-piooi7gGrXNoLDA4Qvx-2sOjmxNxoGfYr40b1aaGrwR_ZuMvukgYoadxfOq-Eg"
COUNT_SOUNDS = (
    """() => { window.sounds = 0; document.addEventListener("sound:played", () => { window.sounds += 1; }); }"""
)
# Chromium without Google's keys has no push service: the browser's own part is played, ours is real.
PUSH_SERVICE = """
(() => {
  let made = null;
  const key = %s;
  PushManager.prototype.getSubscription = async () => made;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => (made = {
    endpoint: "https://push.example.com/send/ana",
    options: { applicationServerKey },
    toJSON: () => ({ endpoint: made.endpoint, keys: { p256dh: key, auth: "A".repeat(22) } }),
    unsubscribe: async () => { made = null; return true; },
  });
})();
"""
TELL = """
from crm.accounts.models import User
from crm.core.work import unit
from crm.realtime.publish import notify
ana = User.objects.get(email={email!r})
for name, kind, url in {matters!r}:
    with unit():
        notify([ana.pk], kind=kind, title="New lead: %(name)s", data={{"name": name}}, url=url)
"""
Matter = tuple[str, str, str]


def maria(number: int, *, kind: str = "lead_assigned", url: str = "/leads/900/") -> Matter:
    return f"Maria {number}", kind, url


@pytest.fixture
def tell(product: Product) -> Iterator[Callable[..., None]]:
    """Tell Ana of Marias, without waiting for the telling process to end: a toast does not stand for ever."""
    with ThreadPoolExecutor() as pool:

        def told(*matters: Matter) -> None:
            pool.submit(product.shell, TELL.format(email=EMAILS["ana"], matters=list(matters)))

        yield told


def said(page: Page, words: str) -> None:
    """Screen readers were told, and whoever looks was shown."""
    expect(page.locator("#announce-politely")).to_contain_text(words, timeout=60_000)


def toasts(page: Page):
    return page.locator("#toasts .toast-c[data-note]")


def test_a_burst_folds_is_reached_by_keyboard_and_is_read_on_both_tabs(people: People, tell: Callable) -> None:
    first = live(people.open("ana", "/conversations/"))
    second = first.context.new_page()
    second.goto("/notifications/all/")
    live(second)
    for page in (first, second):
        page.evaluate(COUNT_SOUNDS)
    first.bring_to_front()
    first.locator("#main").click(position={"x": 5, "y": 5})  # browsers allow sound from here on
    tell(*map(maria, range(1, 6)))

    said(first, "Maria 5")
    first.keyboard.press("F8")  # and their clocks stand still
    expect(first.locator("#toasts .toast-c:focus-within")).to_contain_text("Maria 5")
    expect(toasts(first)).to_have_count(3)
    expect(first.locator("#toasts-more")).to_contain_text("2")
    assert first.title().startswith("(")
    assert first.locator('link[rel="icon"]').get_attribute("href").startswith("data:image/png")
    expect(second.locator("#notes-centre .note.unread")).to_contain_text(["Maria 5", "Maria 4"] + [""] * 3)
    first.keyboard.press("Escape")
    expect(toasts(first)).to_have_count(2)
    expect(first.locator("#toasts .toast-c:focus-within")).to_contain_text("Maria 4")

    unread = int(first.locator("#bell").get_attribute("data-unread"))
    second.locator(".note.unread", has_text="Maria 4").locator(".note-dot").click()
    expect(first.locator("#bell")).to_have_attribute("data-unread", str(unread - 1))
    expect(toasts(first).filter(has_text="Maria 4")).to_have_count(0)
    until(first, "sounds > 0")  # a busy machine takes its time to make it
    assert first.evaluate("sounds") < 3  # a burst is one noise; of a busy machine it may come as two
    assert second.evaluate("sounds") == 0  # nobody has touched it

    second.locator("#notes-centre .notes-bar button").click()
    expect(first.locator("#bell")).to_be_hidden()
    expect(toasts(first)).to_have_count(0)


@pytest.mark.thorough
def test_what_is_already_in_front_of_ana_does_not_pop_up(people: People, tell: Callable) -> None:
    page = live(people.open("ana", "/notifications/settings/"))
    tell(maria(50, url="/notifications/settings/"), maria(51))
    said(page, "Maria 51")
    expect(toasts(page).filter(has_text="Maria 50")).to_have_count(0)
    page.locator("#bell-button").click()
    expect(page.locator("#bell-menu .note", has_text="Maria 51")).to_have_class("note unread")
    expect(page.locator("#bell-menu .note", has_text="Maria 50")).to_have_class("note")


def test_ana_chooses_what_calls_her(people: People, tell: Callable) -> None:
    people.troubles.expect("status of 422")
    page = live(people.open("ana", "/notifications/settings/"))
    page.locator('input[value="leads.toast"]').uncheck()
    page.locator("#quiet-from").fill("22:00")
    page.locator("#told-form .btn-accent").click()
    expect(page.locator("#told-form .error")).to_be_visible()
    page.locator("#quiet-from").fill("")
    page.locator("#told-form .btn-accent").click()
    expect(page.locator("#toasts .toast-c[data-level=ok]")).to_be_visible()
    page.reload()
    expect(page.locator('input[value="leads.toast"]')).not_to_be_checked()

    tell(maria(60), maria(61, kind="lead_handed_over"))
    said(page, "Maria 61")
    expect(toasts(page).filter(has_text="Maria 60")).to_have_count(0)
    page.locator('input[value="leads.toast"]').check()
    page.locator("#told-form .btn-accent").click()
    expect(page.locator("#toasts .toast-c[data-level=ok]")).to_be_visible()


@pytest.mark.thorough
def test_ana_has_this_device_called_and_no_more(people: People) -> None:
    context = people.context(storage_state=people.key_of("ana"), service_workers="allow", permissions=["notifications"])
    context.add_init_script(PUSH_SERVICE % json.dumps(POINT))
    page = context.new_page()
    page.goto("/notifications/settings/")
    page.locator("[data-device-on]").click()
    expect(page.locator("[data-device-off]")).to_be_visible()
    expect(page.locator("#devices")).to_contain_text("Chrome · Linux")
    page.locator("[data-device-off]").click()
    expect(page.locator("[data-device-on]")).to_be_visible()
    expect(page.locator("#devices button")).to_have_count(0)


@pytest.mark.thorough
def test_the_worker_shows_what_was_pushed_and_a_page_without_a_net(people: People, product: Product) -> None:
    context = people.context(storage_state=people.key_of("ana"), service_workers="allow", permissions=["notifications"])
    page = context.new_page()
    tools = context.new_cdp_session(page)
    registrations: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(row["registrationId"] for row in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.goto("/notifications/all/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    message = {"title": "Maria escreveu", "body": "Mensagens", "url": "/conversations/1/", "tag": "n1"}
    push = {"origin": product.address, "registrationId": registrations[-1], "data": json.dumps(message)}
    for _twice in range(2):
        tools.send("ServiceWorker.deliverPushMessage", push)
    shown = """async () => {
      const registration = await navigator.serviceWorker.ready;
      for (;;) {
        const shown = (await registration.getNotifications()).map(({ title, body, tag }) => [title, body, tag]);
        if (shown.length) return shown;
        await new Promise(requestAnimationFrame);
      }
    }"""
    assert page.evaluate(shown) == [["Maria escreveu", "Mensagens", "n1"]]

    people.troubles.expect("ERR_INTERNET_DISCONNECTED", "WebSocket connection")
    context.set_offline(True)
    page.goto("/board/")
    expect(page.locator("[data-retry]")).to_be_visible()
    assert "Ana" not in page.content()
    context.set_offline(False)
    expect(page.locator("#board")).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/notifications/all/", "/notifications/settings/"])
def test_nothing_of_it_is_hard_to_read_or_to_reach(people: People, path: str) -> None:
    for theme in ("light", "dark"):
        page = live(people.open("ana", path, color_scheme=theme))
        grave = [
            found for found in Axe().run(page).response["violations"] if found["impact"] in ("serious", "critical")
        ]
        assert grave == [], [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in grave]
