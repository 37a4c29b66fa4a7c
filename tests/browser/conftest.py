"""The stage: the product with demo data, one without, a browser, and people in front of it.

Everything lives as long as this folder's tests, not the whole run: Playwright keeps an event loop running in the main
thread, in which Django refuses to touch its database.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.people import People, close_in_time
from tests.browser.product import Product

HERE = Path(__file__).parent
QUIET = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run",
    "--use-fake-device-for-media-stream",  # a microphone that beeps; who may use it the tests say
]  # fmt: skip
NO_BROWSER = "There is no Chromium, and the product is only tested in a real browser. On Debian: apt install chromium"
# The cast of the demo, where there is no demo.
NEWCOMERS = """
from crm.accounts.models import Role, User
from leads.models import Consultant
from tests.browser.people import EMAILS, PASSWORD
for name, email in EMAILS.items():
    role = Role.MANAGER if name == "bruno" else Role.CONSULTANT
    user = User.objects.create_user(email, PASSWORD, name=name.title(), role=role)
    if role == Role.CONSULTANT:
        Consultant.objects.create(user=user)
"""


# Cards enough for every test that takes one away.
PLENTY = """
import random
from leads.actors import SYSTEM
from leads.models import Consultant, Source
from leads.moves import lead_move
from leads.services import lead_assign, lead_create
team = {consultant.user.email.split("@")[0]: consultant.pk for consultant in Consultant.objects.select_related("user")}
for kind in ["ana CONTACTED"] * 6 + ["caio CONTACTED"] * 2 + ["ana QUALIFIED"] * 4 + ["ana PROPOSAL"] * 2:
    owner, status = kind.split()
    number = random.randrange(10**7)
    values = {"name": f"Reserva {number}", "phone": f"+551197{number:07d}", "credit_amount": 5_000_000}
    lead, _created = lead_create(values=values, source=Source.MANUAL, assign=False)
    lead = lead_assign(lead_id=lead.pk, consultant_id=team[owner])
    lead_move(lead_id=lead.pk, to=status, version=lead.version, actor=SYSTEM)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail(NO_BROWSER)
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        close_in_time(browser)


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with its demo data."""
    yield from _running(Product(tmp_path_factory.mktemp("product") / "data", DEMO_ENABLED="1"))


@pytest.fixture(scope="module")
def plenty(product: Product) -> None:
    """Cards that no other file's tests move."""
    product.shell(PLENTY)


@pytest.fixture(scope="package")
def empty_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product on its first day: people, and nothing else."""
    for product in _running(Product(tmp_path_factory.mktemp("empty") / "data", DEMO_ENABLED="0")):
        product.shell(NEWCOMERS)
        yield product


def _running(product: Product) -> Iterator[Product]:
    try:
        product.start()
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="package")
def keys() -> dict[str, dict[str, Any]]:
    """Who is signed in where, by the product's address."""
    return {}


@pytest.fixture
def people_at(browser: Browser, keys: dict[str, dict[str, Any]]) -> Iterator[Callable[[Product], People]]:
    """People before any product. A trouble on one of their screens fails the test."""
    gathered: list[People] = []

    def at(product: Product) -> People:
        gathered.append(People(browser, product, keys.setdefault(product.address, {})))
        return gathered[-1]

    yield at
    for people in gathered:
        people.close()
    troubles = [text for people in gathered for text in people.troubles.left()]
    assert not troubles, "the browser complained:\n" + "\n".join(troubles)


@pytest.fixture
def people(people_at: Callable[[Product], People], product: Product) -> People:
    return people_at(product)
