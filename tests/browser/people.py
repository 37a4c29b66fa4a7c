"""People in front of browsers: signing in, and whatever goes wrong on their screens."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import APIResponse, Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.product import Product

PASSWORD = "livia-demo"  # noqa: S105
CLOSE_SECONDS = 20
EMAILS = {"ana": "ana@demo.livia", "bruno": "bruno@demo.livia", "caio": "caio@demo.livia"}


@dataclass
class Troubles:
    """What a person with the developer tools open would have seen. A test names what it provokes on purpose."""

    seen: list[str] = field(default_factory=list)
    # Routes that tests cut do not reach through a service worker: only its own tests let it in.
    expected: list[str] = field(default_factory=lambda: ["Service Worker registration blocked"])

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"page error: {error.error}"))
        context.on("requestfailed", self._failed)

    def expect(self, *patterns: str) -> None:
        self.expected += patterns

    def left(self) -> list[str]:
        return [text for text in self.seen if not any(re.search(pattern, text) for pattern in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left while it loaded
            self.seen.append(f"request failed: {request.method} {request.url} {request.failure}")


class People:
    """Opens pages for the cast, each person in a browser context of their own, and closes them in the end."""

    def __init__(self, browser: Browser, product: Product, keys: dict[str, Any]) -> None:
        self.browser, self.product, self.keys = browser, product, keys
        self.contexts: list[BrowserContext] = []
        self.troubles = Troubles()

    def open(self, person: str, path: str = "/board/", **options: Any) -> Page:
        """A page as this person sees it; the sign-in is done once a run."""
        page = self.context(storage_state=self.key_of(person), **options).new_page()
        page.goto(path)
        return page

    def key_of(self, person: str) -> Any:
        if person not in self.keys:
            context = self.context()
            sign_in(context.new_page(), person)
            self.keys[person] = context.storage_state()
            close_in_time(context)
        return self.keys[person]

    def context(self, **options: Any) -> BrowserContext:
        """A browser of its own, as somebody who is not signed in."""
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "pt-BR", "service_workers": "block", **options}
        context = self.browser.new_context(base_url=self.product.address, **options)
        context.set_default_timeout(15_000)
        self.troubles.watch(context)
        self.contexts.append(context)
        return context

    def close(self) -> None:
        for context in self.contexts:
            close_in_time(context)


def close_in_time(what: Browser | BrowserContext) -> None:
    """Playwright waits for ever for a browser that does not let go; the tests have seen what they wanted to see."""
    with suppress(TimeoutError):
        what._sync(asyncio.wait_for(what._impl_obj.close(reason=None), CLOSE_SECONDS))


def sign_in(page: Page, person: str, password: str = PASSWORD) -> None:
    page.goto("/login/")
    page.locator("#id_username").fill(EMAILS[person])
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    if password == PASSWORD:
        page.wait_for_url("**/board/")


def post(page: Page, path: str, *, json: bool = False, **fields: Any) -> APIResponse:
    """A POST with this person's cookies, beside what the page itself does."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": page.url, "Accept": "application/json"}
    body = {"data": fields} if json else {"form": {name: str(value) for name, value in fields.items()}}
    return page.context.request.post(path, headers=headers, **body)


def until(page: Page, expression: str) -> None:
    """Wait until the expression is true. Not `wait_for_function`: that evaluates within the page, where our policy
    forbids it as soon as it has to look twice."""
    deadline = time.monotonic() + 15
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"it did not come true: {expression}"
        page.wait_for_timeout(50)


@contextmanager
def no_reload(*pages: Page) -> Iterator[None]:
    """What happens inside reaches these pages without their being loaded again."""
    for page in pages:
        page.evaluate("window.loadedOnce = true")
    yield
    for page in pages:
        assert page.evaluate("window.loadedOnce") is True, f"{page.url} was loaded again"


def live(page: Page) -> Page:
    """The page once its socket is open and told its rooms."""
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    return page
