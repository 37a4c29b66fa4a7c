"""A manager links another system: the secret is shown once and copied, what happens appears as a delivery."""

from playwright.sync_api import expect

from tests.browser.people import People, live, no_reload

HAPPEN = """
from leads.models import Source
from leads.services import lead_create
lead_create(values={"name": "Cliente do <b>gancho</b>", "phone": "+5511976540099"}, source=Source.API, assign=False)
"""


def test_a_manager_links_another_system_and_sees_what_it_is_told(people: People) -> None:
    people.troubles.expect("status of 400.*webhooks/new")
    page = live(people.open("bruno", "/webhooks/new/"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("textbox").first.fill("ERP")
    page.locator("#id_url").fill("https://127.0.0.1/")
    page.locator("[value='lead.created']").check()
    page.locator("main .btn-accent").click()
    expect(page.locator(".field-url .error")).to_be_visible()  # an address of our own network
    page.locator("#id_url").fill("https://erp.invalid/livia")
    expect(page.locator("[value='lead.created']")).to_be_checked()
    page.locator("main .btn-accent").click()
    secret = page.locator("#hook-secret").input_value()
    live(page)  # its scripts are there
    page.locator("[data-copy-from]").click()
    expect(page.locator(".toast-c")).not_to_have_count(0)
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.locator("main a.btn-accent").click()
    expect(page.locator(".hook-acts")).to_be_visible()
    live(page)
    with no_reload(page):
        page.locator("form[action$='/test/'] button").click()
        expect(page.locator("#hook-test")).to_have_attribute("data-taken", "no")
        people.product.shell(HAPPEN)
        delivery = page.locator(".delivery-row").first
        expect(delivery).to_be_visible(timeout=20_000)  # the list asks for itself
    assert secret not in page.content()
    delivery.locator("a").click()
    expect(page.locator(".hook-content")).to_contain_text("Cliente do <b>gancho</b>")
    expect(page.locator(".attempts li")).not_to_have_count(0)
    page.go_back()
    page.locator(".hook-more summary").click()
    page.locator(".hook-sure input").check()
    page.locator("form[action$='/delete/'] button").click()
    expect(page).to_have_url(f"{people.product.address}/webhooks/")
