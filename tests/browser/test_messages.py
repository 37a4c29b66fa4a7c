"""Every kind of message, from the client's phone to the open thread and back."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, live, no_reload
from tests.browser.test_looks import look_everywhere


def picture(colour: str, size: tuple[int, int] = (640, 420)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, colour).save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def phone(people: People) -> Page:
    """The simulator with a client's phone in hand; the client has said hello."""
    page = people.open("bruno", "/simulator/")
    page.locator("form[action='/simulator/person/'] input[name=name]").fill("Tereza das Fotos")
    with page.expect_navigation():
        page.locator("form[action='/simulator/person/'] button").click()
    says(page, "Bom dia! Posso mandar as fotos da casa?")
    return page


@pytest.fixture
def thread(people: People, phone: Page) -> Page:
    """The same conversation on Bruno's screen, who attends it."""
    page = live(people.open("bruno", "/conversations/?tab=all"))
    page.locator("#rows .row-c", has_text="Tereza das Fotos").first.click()
    attend = page.locator(".attend")
    attend.get_by_role("button").click()
    expect(attend).to_have_class(re.compile("person"))
    return page


def says(phone: Page, text: str) -> None:
    phone.locator("#sim-text").fill(text)
    phone.locator("#sim-text").press("Enter")
    expect(phone.locator("#sim-screen .wa.mine").last).to_contain_text(text)


def last_in(thread: Page) -> Locator:
    return thread.locator(".thread .bubble.in").last


def still(element: Locator) -> Locator:
    """This very one, also when others follow."""
    return element.page.locator(f"#{element.get_attribute('id')}")


def act(phone: Page, line: Locator, name: str) -> None:
    line.locator(".wa-choose").click()
    phone.locator(f"#sim-acts [data-act='{name}']").first.click()


def is_loaded(image: Locator) -> None:
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    image.page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())


def test_whatever_a_client_sends_shows_in_the_thread_as_it_comes(phone: Page, thread: Page) -> None:
    with no_reload(thread):
        photo = {"name": "casa.png", "mimeType": "image/png", "buffer": picture("#7a9e7e")}
        phone.locator("#sim-say input[type=file]").set_input_files(photo)
        is_loaded(last_in(thread).locator("img.media"))
        phone.locator("[data-send=voice]").click()
        expect(last_in(thread).locator("[data-player]")).to_be_visible()
        player = still(last_in(thread)).locator("[data-player]")
        player.locator("[data-play]").click()
        expect(player).to_have_class(re.compile("heard"))
        phone.locator("[data-send=location]").click()
        expect(last_in(thread).locator("a.doc")).to_have_attribute(
            "href", re.compile("openstreetmap.org/.*mlat=-23.56")
        )
        phone.locator("[data-send=contact]").click()
        expect(last_in(thread)).to_contain_text("+55 11 91234-5678")
        paper = {"name": "matricula.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + bytes(90_000)}
        phone.locator("#sim-say input[type=file]").set_input_files(paper)
        expect(last_in(thread).locator("a.doc")).to_contain_text("matricula.pdf")
        with thread.expect_download() as download:
            last_in(thread).locator("a.doc-save").click()
        assert download.value.suggested_filename == "matricula.pdf"


@pytest.mark.thorough
def test_a_message_changes_where_it_stands(phone: Page, thread: Page) -> None:
    line, bubble = still(phone.locator("#sim-screen .wa.mine").last), still(last_in(thread))
    with no_reload(thread):
        act(phone, line, "reaction")
        expect(bubble.locator(".reactions")).to_have_text("👍")
        act(phone, line, "edit")
        says(phone, "Bom dia! Posso mandar fotos?")
        expect(bubble.locator(".text")).to_have_text("Bom dia! Posso mandar fotos?")
        expect(bubble.locator(".edited")).to_be_visible()
        act(phone, line, "reply")
        says(phone, "são três")
        expect(last_in(thread).locator(".quoted")).to_contain_text("Posso mandar fotos?")
        act(phone, line, "revoke")
        expect(bubble).to_have_class(re.compile("taken-back"))
        expect(bubble.locator("s")).to_contain_text("Posso mandar fotos?")


def test_a_file_is_chosen_seen_and_sent(phone: Page, thread: Page, tmp_path) -> None:
    composer = thread.locator("form[data-composer]")
    photo = {"name": "planta da casa.png", "mimeType": "image/png", "buffer": picture("#3f6fb5")}
    composer.locator("input[type=file]").set_input_files(photo)
    expect(composer.locator(".picked")).to_contain_text("planta da casa.png")
    composer.locator("[data-unpick]").click()
    expect(composer.locator(".picked")).to_be_hidden()
    composer.locator("input[type=file]").set_input_files(photo)
    composer.locator("textarea").fill("esta é a planta")
    with no_reload(thread):
        composer.locator("textarea").press("Enter")
        expect(composer.locator(".picked")).to_be_hidden()
        expect(composer.locator("textarea")).to_have_value("")
        bubble = thread.locator(".thread .bubble.out").last
        expect(bubble).to_contain_text("esta é a planta")
        is_loaded(bubble.locator("img.media"))
        arrived = phone.locator("#sim-screen .wa.theirs").last
        expect(arrived).to_contain_text("esta é a planta")
        is_loaded(arrived.locator("img"))
        expect(bubble.locator(".tick.read")).to_be_visible()


@pytest.mark.thorough
def test_a_file_may_be_dropped_on_the_thread_or_pasted_but_not_be_too_large(thread: Page) -> None:
    composer = thread.locator("form[data-composer]")
    thread.locator(".msgs").evaluate(_DROPS, ["dragover", "contrato.txt", 10])
    expect(thread.locator(".drop-hint")).to_be_visible()
    thread.locator(".msgs").evaluate(_DROPS, ["drop", "contrato.txt", 10])
    expect(composer.locator(".picked")).to_contain_text("contrato.txt")
    composer.locator("textarea").evaluate(_PASTES, ["recorte.png", 10])
    expect(composer.locator(".picked")).to_contain_text("recorte.png")
    composer.locator("textarea").evaluate(_PASTES, ["filme.mp4", 17 * 1024 * 1024])
    expect(thread.locator("#toasts")).to_contain_text("16")
    expect(composer.locator(".picked")).to_be_hidden()


_DROPS = """(where, [name, file, size]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(size)], file));
  where.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
}"""
_PASTES = """(where, [file, size]) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([new Uint8Array(size)], file, { type: "image/png" }));
  where.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""

# What takes long to bring about by playing: files that never came, a message that cannot be read yet, a sticker.
REST = """
from conversations.models import Conversation
from conversations.services import message_receive
from conversations.inbound import InboundMessage
from conversations.media import file_failed, file_stored
from crm.core.clock import now
from io import BytesIO
from PIL import Image
thread = Conversation.objects.get(pk={thread_id})
numbers = iter(range(100))
def say(kind, text="", **more):
    return message_receive(inbox_id=thread.inbox_id, inbound=InboundMessage(
        provider_id=f"REST{{next(numbers)}}", chat=thread.chat, phone=thread.contact.phone, lid=thread.contact.lid,
        push_name="Tereza das Fotos", from_me=False, kind=kind, text=text, sent_at=now(), **more))
sticker = BytesIO()
Image.effect_noise((150, 150), 80).convert("RGBA").save(sticker, "WEBP")
message = say("sticker", media={{"ref": "S", "mime": "image/webp"}})
file_stored(message_id=message.pk, content=sticker.getvalue())
message = say("video", "o quintal", media={{"ref": "G"}})
file_failed(message_id=message.pk, gone=True)
say("video", media={{"ref": "L", "size": 10**9}})
say("document", media={{"ref": "A" * 20, "name": "declaração do imposto de renda 2026 completa.pdf", "size": 1234567}})
say("unknown")
say("pending")
"""


@pytest.mark.thorough
def test_all_of_it_looks_right_everywhere(people: People, phone: Page, thread: Page) -> None:
    photo = {"name": "casa.png", "mimeType": "image/png", "buffer": picture("#c58b5a")}
    phone.locator("#sim-say input[type=file]").set_input_files(photo)
    for kind in ("voice", "location", "contact"):
        phone.locator(f"[data-send={kind}]").click()
        expect(last_in(thread).locator("[data-player], .doc")).to_be_visible()
    line = phone.locator("#sim-screen .wa.mine").first
    act(phone, line, "reaction")
    act(phone, line, "edit")
    says_first = phone.locator("#sim-text")
    says_first.fill("Bom dia! Posso mandar as fotos da casa nova?")
    says_first.press("Enter")
    act(phone, line, "reply")
    says(phone, "São estas")
    says(phone, "errei")
    act(phone, phone.locator("#sim-screen .wa.mine").last, "revoke")
    thread_id = thread.locator(".thread").get_attribute("data-conversation") or ""
    people.product.shell(REST.format(thread_id=thread_id))
    expect(last_in(thread)).to_have_class(re.compile("pending"))
    composer = thread.locator("form[data-composer]")
    composer.locator("input[type=file]").set_input_files(photo)
    look_everywhere(thread, "all_kinds")
    thread.locator(".msgs").evaluate("element => element.scrollTo(0, 0)")
    look_everywhere(thread, "all_kinds_top")
    thread.locator(".bubble.contact").evaluate("element => element.scrollIntoView({ block: 'center' })")
    look_everywhere(thread, "all_kinds_middle")
    phone.locator("#sim-screen .wa-choose").last.click()
    look_everywhere(phone, "phone_with_all_kinds")
