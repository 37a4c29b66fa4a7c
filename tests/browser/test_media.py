"""Voice and files in the open thread: recorded, listened to, looked at, several sent at once; by pointer and keys."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, live, no_reload
from tests.browser.test_looks import look_everywhere
from tests.browser.test_messages import last_in, picture, says

# What a client sends, with the worker's look at it already done.
SENT = """
import io
from PIL import Image
from conversations.inbound import InboundMessage
from conversations.looks import file_look
from conversations.media import file_stored
from conversations.models import Conversation
from conversations.services import message_receive
from conversations.tests.sounds import sound
from crm.core.clock import now
from crm.core.work import unit
thread = Conversation.objects.get(pk={thread_id})
def say(number, kind, content=b"", **more):
    inbound = InboundMessage(
        provider_id=f"MEDIA{{number}}", chat=thread.chat, phone=thread.contact.phone, lid=thread.contact.lid,
        push_name="Rita da Voz", from_me=False, kind=kind, text=more.pop("text", ""), sent_at=now(), **more)
    with unit():  # with its file, before the number's own process looks for one that is nowhere
        message = message_receive(inbox_id=thread.inbox_id, inbound=inbound)
        if content:
            file_stored(message_id=message.pk, content=content)
    if content:
        file_look(message_id=message.pk)
def photo(colour, size):
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "JPEG")
    return target.getvalue()
"""
LAST_VOICE = """
import json
from conversations.models import Message
from conversations.tests.sounds import probe
from django.core.files.storage import default_storage
message = Message.objects.filter(kind="audio", direction="out").latest("pk")
print(json.dumps([*probe(default_storage.open(message.media["path"]).read()), len(message.media["peaks"])]))
"""


@pytest.fixture
def phone(people: People) -> Page:
    """The simulator with a client's phone in hand; the client has said hello."""
    page = people.open("bruno", "/simulator/")
    page.locator("form[action='/simulator/person/'] input[name=name]").fill("Rita da Voz")
    with page.expect_navigation():
        page.locator("form[action='/simulator/person/'] button").click()
    says(page, "Oi, posso mandar um áudio?")
    return page


@pytest.fixture
def thread(people: People, phone: Page) -> Page:
    """The same conversation on Bruno's screen, who attends it and lets the page use the microphone."""
    page = live(people.open("bruno", "/conversations/?tab=all"))
    page.context.grant_permissions(["microphone"])
    page.locator("#rows .row-c", has_text="Rita da Voz").first.click(timeout=45_000)  # the number may be just starting
    page.locator(".attend").get_by_role("button").first.click()
    expect(page.locator(".attend")).to_have_class(re.compile("person"))
    return page


def sends(people: People, thread: Page, code: str) -> None:
    thread_id = thread.locator(".thread").get_attribute("data-conversation") or ""
    people.product.shell(SENT.format(thread_id=thread_id) + code)


def act(thread: Page, name: str) -> Locator:
    return thread.locator(f"[data-rec={name}]")


def slider(player: Locator) -> Locator:
    return player.get_by_role("slider")


def test_a_recording_is_made_listened_to_and_sent(people: People, phone: Page, thread: Page) -> None:
    people.troubles.expect("ERR_INTERNET_DISCONNECTED")
    strip = thread.locator("[data-strip]")
    act(thread, "start").click()
    expect(strip.locator("[data-rec-clock]")).to_have_text("0:02")
    expect(strip.locator(".levels path")).to_have_attribute("d", re.compile("v[1-9]"))
    act(thread, "pause").click()
    expect(act(thread, "resume")).to_be_focused()
    act(thread, "resume").click()
    thread.once("dialog", lambda dialog: dialog.dismiss())
    thread.locator("#rows .row-c:not([aria-current])").first.click()  # to another thread, which is thought better of
    expect(strip).to_be_visible()
    act(thread, "stop").click()
    review = strip.locator("[data-player]")
    review.locator("[data-play]").click()
    expect(slider(review)).to_have_attribute("aria-valuetext", re.compile("^0:01"))
    thread.context.set_offline(True)
    act(thread, "send").click()
    expect(thread.locator("#toasts")).to_contain_text(re.compile("not sent|não foi enviad"))
    expect(review).to_be_visible()
    thread.context.set_offline(False)
    with no_reload(thread):
        act(thread, "send").dblclick()
        expect(strip).to_be_hidden()
        expect(thread.locator(".bubble.out [data-player]")).to_have_count(1)
        expect(phone.locator("#sim-screen .wa.theirs audio")).to_be_visible()
    container, codec, channels, rate, seconds, peaks = json.loads(people.product.shell(LAST_VOICE))
    assert (container, codec, channels, rate, peaks) == ("ogg", "opus", 1, 48_000, 64) and seconds > 1.5


@pytest.mark.thorough
def test_escape_discards_and_a_denied_microphone_says_so(thread: Page) -> None:
    act(thread, "start").focus()
    thread.keyboard.press("Enter")
    expect(act(thread, "send")).to_be_focused()
    thread.keyboard.press("Escape")
    expect(thread.locator("[data-strip]")).to_be_hidden()
    expect(act(thread, "start")).to_be_focused()
    thread.context.clear_permissions()
    thread.context.grant_permissions(["geolocation"])  # and with it nothing else
    act(thread, "start").click()
    expect(thread.locator("#toasts")).to_contain_text(re.compile("microphone|microfone"))
    expect(thread.locator("[data-strip]")).to_be_hidden()
    expect(thread.locator(".bubble.out [data-player]")).to_have_count(0)


@pytest.mark.thorough
def test_a_voice_message_is_played_by_keys_and_goes_on_through_a_push(people: People, thread: Page) -> None:
    sends(people, thread, 'say(1, "audio", sound(40, "ogg"), media={"ref": "A", "mime": "audio/ogg", "voice": True})\n'
          'say(2, "audio", sound(2, "ogg"), media={"ref": "B", "mime": "audio/ogg", "voice": True})')  # fmt: skip
    players = thread.locator(".bubble.in [data-player]")
    expect(players).to_have_count(2)
    first, second = players.nth(0), players.nth(1)
    expect(first).to_have_attribute("data-seconds", "40")
    slider(first).press("PageUp")
    expect(slider(first)).to_have_attribute("aria-valuenow", "10")
    slider(first).press("Home")
    slider(first).press("ArrowRight")
    expect(slider(first)).to_have_attribute("aria-valuetext", re.compile("^0:01 "))
    first.locator("[data-speed]").click()
    expect(first.locator("[data-speed]")).to_have_text("1,5×")
    slider(first).press("Space")
    expect(first).to_have_class(re.compile("playing"))
    sends(people, thread, 'say(3, "reaction", text="👍", target_provider_id="MEDIA1")')
    expect(thread.locator(".bubble.in .reactions")).to_have_text("👍")
    expect(first).to_have_class(re.compile("playing"))
    expect(slider(first)).to_have_attribute("aria-valuenow", re.compile("^([4-9]|[1-3][0-9])$"))
    second.locator("[data-play]").click()
    expect(second).to_have_class(re.compile("playing"))
    expect(first).not_to_have_class(re.compile("playing"))
    expect(second).to_have_class(re.compile("heard"))
    look_everywhere(thread, "voices")


def test_pictures_open_over_the_page_by_keys(people: People, thread: Page) -> None:
    sends(people, thread, 'say(11, "image", photo("#7a9e7e", (1600, 900)), media={"ref": "A", "mime": "image/jpeg"})\n'
          'say(12, "image", photo("#3f6fb5", (600, 1200)), media={"ref": "B", "mime": "image/jpeg"})')  # fmt: skip
    links = thread.locator(".bubble.in [data-view]")
    expect(links).to_have_count(2)
    expect(last_in(thread).locator("img")).to_have_attribute("height", "330")
    links.first.focus()
    thread.keyboard.press("Enter")
    viewer = thread.locator("#viewer")
    expect(viewer.locator("img")).to_be_visible()
    expect(viewer.locator("[data-viewer-count]")).to_contain_text("1")
    first = viewer.locator("img").get_attribute("src")
    thread.keyboard.press("ArrowRight")
    expect(viewer.locator("img")).not_to_have_attribute("src", first or "")
    expect(viewer.locator("[data-viewer=next]")).to_be_disabled()
    thread.keyboard.press("+")
    expect(viewer.locator("[data-viewer=zoom]")).to_have_attribute("aria-pressed", "true")
    thread.keyboard.press("-")
    look_everywhere(thread, "viewer")
    thread.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(links.first).to_be_focused()


@pytest.mark.thorough
def test_several_files_go_out_in_their_order(thread: Page, phone: Page) -> None:
    composer = thread.locator("form[data-composer]")
    photos = [
        {"name": f"{name}.png", "mimeType": "image/png", "buffer": picture(colour)}
        for name, colour in [("frente", "#7a9e7e"), ("quintal", "#3f6fb5"), ("errada", "#c58b5a")]
    ]
    empty = {"name": "nada.txt", "mimeType": "text/plain", "buffer": b""}
    composer.locator("input[type=file]").set_input_files([*photos, empty])
    chips = composer.locator(".tray li")
    expect(chips).to_have_count(3)
    expect(thread.locator("#toasts")).to_contain_text("vazio")
    chips.nth(2).locator("[data-untray]").click()
    composer.locator("textarea").fill("as fotos")
    composer.locator("textarea").press("Enter")
    expect(composer.locator(".tray")).to_have_count(0)
    expect(composer.locator("textarea")).to_have_value("")
    bubbles = thread.locator(".bubble.out.image")
    expect(bubbles).to_have_count(2)
    expect(bubbles.first).to_contain_text("as fotos")
    expect(bubbles.last).not_to_contain_text("as fotos")
    expect(phone.locator("#sim-screen .wa.theirs img")).to_have_count(2)
