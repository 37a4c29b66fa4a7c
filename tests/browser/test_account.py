"""One's own account: a second factor from the first scan to the next sign-in, and an end to all of it at once."""

import time
from base64 import b32decode

from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser.people import PASSWORD, People, live

EDU = "edu@demo.livia"
NEW = f"""
from crm.accounts.models import Role, User
User.objects.create_user("{EDU}", "{PASSWORD}", name="Edu Prado", role=Role.MANAGER, is_demo=True)
"""


def code_of(key: str) -> str:
    totp = TOTP(b32decode(key.replace(" ", "")))
    totp.time = time.time()
    return f"{totp.token():06d}"


def give_password(page: Page) -> Page:
    page.goto("/login/")
    page.locator("#id_username").fill(EDU)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    return page


def test_a_second_factor_from_the_first_scan_to_signing_out_everywhere(people: People) -> None:
    people.product.shell(NEW)
    page = give_password(people.context(permissions=["clipboard-read", "clipboard-write"]).new_page())
    page.wait_for_url("**/board/")
    page.locator(".me").click()
    page.locator("#user-menu [href='/account/']").click()
    page.locator("[href='/account/second-factor/']").click()
    assert page.locator(".factor-qr").evaluate("picture => picture.naturalWidth") > 100
    page.locator("summary").click()
    key = page.locator(".factor-key").inner_text()
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_code").fill(code_of(key))
    page.locator("#id_code").press("Enter")
    expect(page.locator("#backup-codes code")).to_have_count(10)
    page.locator("[data-copy-from]").click()
    expect(page.locator("[data-copy-from] [role=status]")).to_be_visible()
    codes = page.evaluate("navigator.clipboard.readText()").split()
    assert len(codes) == 10

    phone = give_password(people.context(viewport={"width": 390, "height": 844}).new_page())
    expect(phone.locator("#id_code")).to_be_focused()
    phone.locator("#id_code").fill(codes[3])
    phone.locator("#id_code").press("Enter")
    phone.wait_for_url("**/board/")
    live(phone)

    page.goto("/account/")
    page.locator("form[action='/account/everywhere/'] button").click()
    page.wait_for_url("**/login/**")
    phone.wait_for_url("**/login/**")  # its socket was told
