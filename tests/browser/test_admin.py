"""A manager's morning in the admin: what waits, somebody hired, leads handed to them."""

import re

from playwright.sync_api import expect

from tests.browser.people import People


def test_a_manager_hires_somebody_and_hands_them_a_lead(people: People) -> None:
    page = people.open("bruno", "/admin/")
    expect(page.get_by_role("heading", name=re.compile("Leads por origem|Leads by source"))).to_be_visible()
    assert page.locator(".lv-tiles a").count() == 6
    page.goto("/admin/accounts/user/add/")
    page.locator("#id_name").fill("Dora Dias")
    page.locator("#id_email").fill("dora@demo.livia")
    page.locator("[name=_save]").click()
    link = page.locator("input[readonly]").input_value()
    assert "/account/password/" in link
    page.goto("/admin/leads/lead/")
    name = page.locator("#result_list tbody tr").first.locator("th a").inner_text()
    page.locator("#result_list tbody tr").first.locator("input.action-select").check()
    page.locator("select[name=action]").select_option("assign")
    page.get_by_role("button", name=re.compile("^(Executar|Run)$")).click()
    page.locator("select[name=to]").select_option(label="Dora Dias")
    page.locator("input[name=reason]").fill("Carteira nova")
    page.locator("main button, #main form button.lv-accent").last.click()
    row = page.locator("#result_list tbody tr", has_text=name).first
    expect(row).to_contain_text("Dora Dias")


def test_the_overview_fits_a_phone_and_its_tiles_lead_to_where_one_acts(people: People) -> None:
    page = people.open("bruno", "/admin/", viewport={"width": 390, "height": 844}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".lv-tiles a").first.click()
    page.wait_for_url("**/leads/**")
