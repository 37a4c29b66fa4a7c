"""A manager brings a number to life on the WhatsApp page: adds it, pairs its phone, and reads what became of it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, live, no_reload, post
from tests.browser.product import Product
from tests.browser.test_looks import keep_picture, look_everywhere

NAME = "Número da Ana"


@pytest.fixture
def page(people: People) -> Page:
    return live(people.open("bruno", "/whatsapp/"))


def card_of(page: Page, name: str) -> Locator:
    return page.locator(".session", has=page.locator("h2", has_text=name))


def id_of(card: Locator) -> int:
    return int((card.get_attribute("id") or "").removeprefix("session-"))


def add_number(page: Page, name: str, *, owner: str = "", gateway: str = "simulator") -> Locator:
    """Through the dialog; the card comes by push."""
    page.locator(".sheet-head button").click()
    form = page.locator("#modal form")
    form.locator("[name=name]").fill(name)
    if owner:
        form.locator("[name=role]").select_option("consultants")
        form.locator("[name=owner]").select_option(label=owner)
    form.locator("[name=gateway]").select_option(gateway)
    form.locator("button.btn-accent").click()
    expect(page.locator("#modal")).not_to_be_visible()
    expect(card_of(page, name)).to_be_visible()
    return card_of(page, name)


def press(card: Locator, action: str) -> None:
    card.locator(f"[data-action$='/{action}/']").click()


def wait_out_the_gap(product: Product, card: Locator) -> None:
    """As if the last attempt were long ago."""
    product.shell(
        f"from whatsapp.models import Session; Session.objects.filter(pk={id_of(card)}).update(last_attempt_at=None)"
    )


def scan(page: Page, card: Locator) -> None:
    """The simulated phone looks at the code."""
    assert post(page, "/simulator/control/", session=id_of(card), do="scan").ok


def test_a_number_is_added_paired_by_qr_code_and_logged_out(people: People, product: Product, page: Page) -> None:
    other = live(people.open("bruno", "/whatsapp/"))
    with no_reload(page, other):
        card = add_number(page, NAME, owner="Ana Clara")
        expect(card.locator("header")).to_contain_text("Ana Clara")
        press(card, "connect")
        for screen in (page, other):
            picture = card_of(screen, NAME).locator("pairing-qr img")
            expect(picture).to_be_visible()
            assert picture.evaluate("image => image.complete && image.naturalWidth") > 100
            expect(card_of(screen, NAME).locator("pairing-qr p")).to_contain_text(re.compile(r"[01]:\d\d"))
            expect(card_of(screen, NAME).locator(".deadline time")).to_have_text(re.compile(r"[0-3]:\d\d"))
        look_everywhere(page, "whatsapp_pairing")
        page.set_viewport_size({"width": 1440, "height": 900})
        scan(page, card)
        for screen in (page, other):
            expect(card_of(screen, NAME)).to_have_attribute("data-state", "online")
            expect(card_of(screen, NAME).locator("pairing-qr")).to_have_count(0)
        card.locator("[id^=session-history] summary").click()
        expect(card.locator(".state-history li").first).to_contain_text("Conectado")
        card.locator("[id^=session-figures] summary").click()
        keep_picture(page, "whatsapp_online")
        page.once("dialog", lambda dialog: dialog.accept())
        press(card, "logout")
        expect(card).to_have_attribute("data-state", "logged_out")
        expect(card.locator(".remedy")).to_be_visible()


def test_pairing_by_a_code_typed_on_the_phone(people: People, product: Product, page: Page) -> None:
    card = add_number(page, "Por código")
    press(card, "connect")
    expect(card.locator("pairing-qr img")).to_be_visible()
    card.locator(".pairing summary").click()
    card.locator("[name=phone]").fill("+55 11 98812-3340")
    card.locator(".pairing form button").click()
    code = card.locator(".pairing-code")
    expect(code).to_have_text(re.compile(r"\S{4}-\S{4}|\S+"))
    expect(card.locator("pairing-qr")).to_have_count(0)
    keep_picture(page, "whatsapp_code")
    press(card, "disconnect")
    expect(card).to_have_attribute("data-state", "stopped")


@pytest.mark.thorough
def test_too_soon_is_said_on_the_card_with_its_seconds(people: People, page: Page) -> None:
    people.troubles.expect(r"status of 429", r"Status Error Code 429")
    card = add_number(page, "Apressado")
    press(card, "connect")
    press(card, "disconnect")
    expect(card).to_have_attribute("data-state", "stopped")
    press(card, "connect")
    note = card.locator(".too-soon")
    expect(note).to_contain_text(re.compile(r"[1-5] s"))
    expect(card.locator("[data-action$='/connect/']")).to_be_disabled()
    keep_picture(page, "whatsapp_too_soon")
    expect(page.locator("#toasts .toast-c[data-level=error]")).to_have_count(0)
    expect(note).to_be_hidden()
    expect(card.locator("[data-action$='/connect/']")).to_be_enabled()


@pytest.mark.thorough
def test_a_number_added_by_mistake_is_renamed_and_removed(people: People, page: Page) -> None:
    other = live(people.open("bruno", "/whatsapp/"))
    card = add_number(page, "Engano")
    card.locator("header button").click()
    page.locator("#modal [name=name]").fill("Enganado")
    keep_picture(page, "whatsapp_edit")
    page.locator("#modal .btn-accent").click()
    expect(card_of(other, "Enganado")).to_be_visible()
    card_of(page, "Enganado").locator("header button").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#modal .danger").click()
    for screen in (page, other):
        expect(card_of(screen, "Enganado")).to_have_count(0)


@pytest.mark.thorough
def test_everything_that_can_go_wrong_looks_right(product: Product, people: People, page: Page) -> None:
    card = add_number(page, "Com problemas")
    product.shell(TROUBLE.replace("ID", str(id_of(card))))
    page.reload()
    live(page)
    expect(card.locator(".notice")).to_have_count(6)
    look_everywhere(page, "whatsapp_trouble")


TROUBLE = """
from datetime import timedelta
from crm.core.clock import now
from whatsapp.models import Session
Session.objects.filter(pk=ID).update(
    state="temp_banned", state_until=now() + timedelta(hours=3), state_reason="temporary ban (101)", wanted=True,
    disk_full_since=now(), cold_blocked_until=now() + timedelta(days=2), quarantined_total=2, ignored_total=1841,
    memory_mb=312, backed_up_at=now() - timedelta(hours=7), last_event_at=now() - timedelta(minutes=4),
    attempts_total=1204, failures_total=33, successes_total=1171, reconnects_total=1160, qr_total=14,
    watched={"alerts": ["failures", "memory", "outbox"]},
)
"""


@pytest.mark.thorough
def test_the_dialog_for_a_new_number_looks_right_everywhere(page: Page) -> None:
    page.locator(".sheet-head button").click()
    expect(page.locator("#modal form")).to_be_visible()
    look_everywhere(page, "whatsapp_new")
