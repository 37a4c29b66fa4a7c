"""The product on the real WhatsApp library, against a WhatsApp of our own: what its tests have in hand."""

import re
from dataclasses import dataclass, field
from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People
from tests.browser.product import Product
from tests.browser.test_whatsapp_page import add_number, press
from tests.waloop.log import wait_for
from tests.waloop.network import Received
from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback

TROUBLE = re.compile(r"\[(error|critical) *\]|Traceback")


@dataclass
class Stage:
    """The product, the network its numbers are on, and one of its numbers once somebody paired it."""

    product: Product
    loopback: Loopback
    phone: Phone = field(default_factory=lambda: Phone("5511940028922", "Lívia"))

    def hears(self, contact: Contact, kind: str, text: str = "") -> Received:
        """What reaches a contact's phone: the first message of this kind with this text."""
        return self.loopback.received.wait(
            lambda one: one.contact is contact and one.kind == kind and text in one.text and one.refused is None
        )

    def heard(self, contact: Contact) -> list[str]:
        """Our texts on a contact's phone, each as often as it came."""
        return [line.text for line in self.loopback.transcript(contact) if not line.mine for _ in range(line.times)]

    def troubles(self) -> list[str]:
        """What any process of the product or the network itself complained about."""
        logs = sorted((self.product.data / "log").glob("*.log"))
        assert {"web", "worker", "whatsapp"} <= {path.stem for path in logs}
        lines = [f"{path.stem}: {line}" for path in logs for line in path.read_text().splitlines()]
        return [line for line in lines if TROUBLE.search(line)] + list(self.loopback.errors)


def code_on(page: Page, card: Locator) -> str:
    """What a phone's camera reads off the screen."""
    picture = card.locator("pairing-qr img")
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()

    def look() -> list[str]:
        screen = Image.open(BytesIO(page.screenshot()))
        return [code.text for code in zxingcpp.read_barcodes(screen, formats=zxingcpp.BarcodeFormat.QRCode)]

    (code,) = wait_for(look)
    return code


def pair(page: Page, loopback: Loopback, name: str, phone: Phone) -> Locator:
    """A new number, from the button to Online."""
    card = add_number(page, name, gateway="neonize")
    press(card, "connect")
    loopback.scan(code_on(page, card), phone)
    expect(card).to_have_attribute("data-state", "online")
    return card


def thread_of(people: People, person: str, contact: Contact) -> Page:
    """The conversation with somebody who has written or is about to, opened from the list."""
    page = people.open(person, "/conversations/?tab=all")
    page.locator("#rows .row-c", has_text=contact.name).first.click()
    expect(page.locator(".thread .bubble.in").first).to_be_visible()
    return page
