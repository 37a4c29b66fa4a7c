"""The whole product on the real WhatsApp library: from the QR code on the page to the ticks of an answer."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NEWCOMERS
from tests.browser.people import People, live, no_reload
from tests.browser.product import Product
from tests.browser.real import Stage, code_on, pair, thread_of
from tests.browser.sounds import voice_note
from tests.browser.test_looks import keep_picture
from tests.browser.test_messages import is_loaded, last_in, picture, still
from tests.browser.test_whatsapp_page import add_number, card_of, press
from tests.waloop.fixtures import memory_folder
from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback

PAPER = b"%PDF-1.7\n" + bytes(range(256)) * 400
# Long enough for "typing…" to be seen on the network.
SETTINGS = {"DEMO_ENABLED": "0", "TYPING_BASE_MS": "900", "TYPING_MAX_MS": "900"}


@pytest.fixture(scope="module")
def stage(browser: Browser, keys: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The product with its first number paired."""
    folder, stores = tmp_path_factory.mktemp("real"), memory_folder()
    with Loopback(folder) as loopback:
        settings = SETTINGS | {"WHATSAPP_SESSION_DIR": str(stores)} | loopback.environment()
        product = Product(folder / "data", **settings)
        try:
            product.start()
            product.shell(NEWCOMERS)
            stage = Stage(product, loopback)
            people = People(browser, product, keys.setdefault(product.address, {}))
            pair(live(people.open("bruno", "/whatsapp/")), loopback, "Lívia", stage.phone)
            people.close()
            yield stage
        finally:
            product.stop()
            shutil.rmtree(stores, ignore_errors=True)


@pytest.fixture
def people(people_at, stage: Stage) -> Iterator[People]:
    """The cast in front of this product; nothing may go wrong behind their pages either."""
    before = len(stage.troubles())
    yield people_at(stage.product)
    assert not stage.troubles()[before:]


@pytest.fixture
def numbers(people: People) -> Page:
    return live(people.open("bruno", "/whatsapp/"))


def test_the_phone_scans_the_code_on_the_screen_and_later_removes_the_device(
    stage: Stage, people: People, numbers: Page
) -> None:
    name, phone = "Pela câmera", Phone("5511940028901")
    other = live(people.open("bruno", "/whatsapp/"))
    with no_reload(numbers, other):
        press(add_number(numbers, name, gateway="neonize"), "connect")
        code = code_on(numbers, card_of(numbers, name))
        keep_picture(numbers, "real_whatsapp_qr")
        assert code == code_on(other, card_of(other, name))
        stage.loopback.scan(code, phone)
        for page in (numbers, other):
            card = card_of(page, name)
            expect(card).to_have_attribute("data-state", "online")
            expect(card.locator("header")).to_contain_text("94002-8901")
        keep_picture(numbers, "real_whatsapp_online")
        stage.loopback.remove_device(phone)
        for page in (numbers, other):
            card = card_of(page, name)
            expect(card).to_have_attribute("data-state", "logged_out")
            expect(card.locator(".sentence")).to_contain_text("removeu este dispositivo")
            expect(card.locator(".remedy")).to_contain_text("Conectar")
        keep_picture(numbers, "real_whatsapp_removed")


@pytest.mark.thorough
def test_a_phone_without_a_camera_types_the_code_on_the_page(stage: Stage, numbers: Page) -> None:
    phone = Phone("5511940028902")
    with no_reload(numbers):
        card = add_number(numbers, "Pelo número", gateway="neonize")
        press(card, "connect")
        expect(card.locator("pairing-qr img")).to_be_visible()
        card.locator(".pairing summary").click()
        card.locator("[name=phone]").fill(f"+{phone.number}")
        card.locator(".pairing form button").click()
        code = card.locator(".pairing-code")
        expect(code).to_have_text(re.compile(r"^\w{4}-\w{4}$"))
        keep_picture(numbers, "real_whatsapp_code")
        stage.loopback.enter_code(phone, code.inner_text())
        expect(card).to_have_attribute("data-state", "online")
        press(card, "disconnect")
        expect(card).to_have_attribute("data-state", "stopped")


def test_maria_is_answered_once_and_each_tick_shows_as_it_comes(stage: Stage, people: People) -> None:
    loopback, maria = stage.loopback, Contact("5511998123340", "Maria Aparecida")
    loopback.auto_receipts = ()
    page = live(people.open("ana", "/conversations/?tab=unassigned"))
    with no_reload(page):
        loopback.text(stage.phone, maria, "oi, quero um empréstimo 🏠")
        page.locator("#rows .row-c", has_text=maria.name).click()
        thread = page.locator(".thread")
        expect(thread.locator(".bubble.in .text")).to_have_text("oi, quero um empréstimo 🏠")
        answered = stage.hears(maria, "text")
        answer = still(thread.locator(".bubble.bot").first)
        expect(answer.locator("[aria-label=Enviada]")).to_be_visible()
        loopback.receipt(stage.phone, maria, answered.id)
        expect(answer.locator("[aria-label=Entregue]")).to_be_visible()
        loopback.receipt(stage.phone, maria, answered.id, "read")
        expect(answer.locator(".tick.read")).to_be_visible()
        loopback.auto_receipts = ("delivery", "read")
        loopback.text(stage.phone, maria, "meu nome é Maria")
        expect(last_in(page).locator(".text")).to_have_text("meu nome é Maria")
        expect(thread.locator(".bubble.bot").last).to_contain_text("Maria")
        expect(thread.locator(".bubble.bot").last.locator(".tick.read")).to_be_visible()
    keep_picture(page, "real_whatsapp_answered")
    assert len(set(stage.heard(maria))) == len(stage.heard(maria)) == thread.locator(".bubble.bot").count()


def attend(stage: Stage, people: People, contact: Contact) -> Page:
    """The contact says hello, and Ana takes over from Lívia."""
    stage.loopback.auto_receipts = ("delivery", "read")
    stage.loopback.text(stage.phone, contact, "bom dia")
    page = live(thread_of(people, "ana", contact))
    page.locator(".attend button").click()
    expect(page.locator(".attend")).to_have_class(re.compile("person"))
    return page


def test_a_consultant_takes_over_and_writes_and_sends_a_picture_and_a_document(stage: Stage, people: People) -> None:
    joana = Contact("5511998123341", "Joana")
    page = attend(stage, people, joana)
    composer = page.locator("form[data-composer]")
    photo = picture("#3f6fb5")
    with no_reload(page):
        composer.locator("textarea").fill("Oi Joana, aqui é a Ana.")
        composer.locator("textarea").press("Enter")
        stage.hears(joana, "text", "aqui é a Ana")
        expect(composer).not_to_have_attribute("aria-busy", "true")
        composer.locator("input[type=file]").set_input_files(
            {"name": "planta.png", "mimeType": "image/png", "buffer": photo}
        )
        composer.locator("textarea").fill("esta é a planta")
        composer.locator("textarea").press("Enter")
        seen = stage.hears(joana, "image", "esta é a planta")
        assert stage.loopback.media_of(seen) == photo
        expect(composer).not_to_have_attribute("aria-busy", "true")
        composer.locator("input[type=file]").set_input_files(
            {"name": "proposta.pdf", "mimeType": "application/pdf", "buffer": PAPER}
        )
        composer.locator(".btn-accent:not([data-rec])").click()
        paper = stage.hears(joana, "document")
        assert stage.loopback.media_of(paper) == PAPER
        expect(page.locator(".thread .bubble.out:not(.bot) .tick.read")).to_have_count(3)
        is_loaded(page.locator(".thread .bubble.out img.media"))
        expect(page.locator(".thread .bubble.out a.doc")).to_contain_text("proposta.pdf")
    keep_picture(page, "real_whatsapp_files_out")


@pytest.mark.thorough
def test_whatever_she_sends_shows_in_the_open_thread(stage: Stage, people: People) -> None:
    loopback, phone, teresa = stage.loopback, stage.phone, Contact("5511998123342", "Teresa")
    page = attend(stage, people, teresa)
    with no_reload(page):
        loopback.image(phone, teresa, picture("#7a9e7e"), "a casa")
        expect(last_in(page).locator(".text")).to_have_text("a casa")
        is_loaded(last_in(page).locator("img.media"))
        loopback.voice(phone, teresa, voice_note(seconds=2), seconds=2)
        expect(last_in(page).locator("[data-player]")).to_be_visible()
        player = still(last_in(page)).locator("[data-player]")
        expect(player).to_have_attribute("data-seconds", "2")
        player.locator("[data-play]").click()
        expect(player).to_have_class(re.compile("heard"))
        loopback.document(phone, teresa, PAPER, "matricula.pdf")
        with page.expect_download() as download:
            last_in(page).locator("a.doc-save").click()
        assert download.value.path().read_bytes() == PAPER
        loopback.location(phone, teresa, -23.56, -46.65, "Avenida Paulista")
        expect(last_in(page).locator("a.doc")).to_have_attribute("href", re.compile("openstreetmap.org/.*mlat=-23.56"))
        loopback.contact_card(phone, teresa, [("Irmã", "5511912345678")])
        expect(last_in(page)).to_contain_text("+55 11 91234-5678")
    keep_picture(page, "real_whatsapp_files_in")


@pytest.mark.thorough
def test_reactions_corrections_and_deletions_change_the_message_they_mean(stage: Stage, people: People) -> None:
    loopback, phone, rita = stage.loopback, stage.phone, Contact("5511998123343", "Rita")
    page = attend(stage, people, rita)
    with no_reload(page):
        first = loopback.text(phone, rita, "a casa vale 80 mil")
        bubble = last_in(page)
        expect(bubble.locator(".text")).to_have_text("a casa vale 80 mil")
        bubble = still(bubble)
        loopback.edit(phone, rita, first, "a casa vale 800 mil")
        expect(bubble.locator(".text")).to_have_text("a casa vale 800 mil")
        expect(bubble.locator(".edited")).to_be_visible()
        page.locator("form[data-composer] textarea").fill("Obrigada, Rita!")
        page.locator("form[data-composer] textarea").press("Enter")
        thanks = stage.hears(rita, "text", "Obrigada")
        loopback.reaction(phone, rita, thanks.id, "❤️")
        ours = page.locator(".thread .bubble.out", has_text="Obrigada")
        expect(ours.locator(".reactions")).to_have_text("❤️")
        loopback.text(phone, rita, "de nada", quotes=thanks.id)
        expect(last_in(page).locator(".quoted")).to_contain_text("Obrigada, Rita!")
        loopback.revoke(phone, rita, first)
        expect(bubble).to_have_class(re.compile("taken-back"))
    keep_picture(page, "real_whatsapp_changes")


@pytest.mark.thorough
def test_what_the_owner_types_on_the_phone_shows_and_pauses_livia(stage: Stage, people: People) -> None:
    loopback, phone, vera = stage.loopback, stage.phone, Contact("5511998123344", "Vera")
    loopback.text(phone, vera, "oi")
    page = live(thread_of(people, "ana", vera))
    with no_reload(page):
        stage.hears(vera, "text")
        loopback.from_phone(phone, vera, "Oi Vera, é o Bruno, do celular.")
        mine = page.locator(".thread .bubble.out", has_text="do celular")
        expect(mine.locator(".by.person")).to_be_visible()
        expect(page.locator(".attend")).to_have_class(re.compile("person"))
        said = stage.heard(vera)
        loopback.text(phone, vera, "quero 300 mil")
        expect(last_in(page).locator(".text")).to_have_text("quero 300 mil")
        clara = Contact("5511998123345", "Clara")  # she writes later and is answered: Vera is not kept waiting
        loopback.text(phone, clara, "oi")
        stage.hears(clara, "text")
    assert stage.heard(vera) == said
