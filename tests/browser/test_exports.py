"""A list is taken along as it is filtered; an alert is looked after."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import People, live, no_reload

RAISE = """
from crm.alerts.models import Level
from crm.alerts.services import alert_raise
alert_raise(code="disk", key="browser", level=Level.WARNING, title="Disk of %(name)s", data={"name": "db1"})
"""


def test_a_filtered_list_becomes_a_file_while_work_goes_on(people: People) -> None:
    page = live(people.open("ana", "/leads/?owner=mine&temperature=HOT"))  # less than a page of them
    rows = page.locator("#leads tbody tr").count()
    with no_reload(page):
        page.locator(".strip [hx-get^='/exports/new/']").click()
        form = page.locator("#modal form")
        form.locator("[value=csv]").check()
        form.locator("button.btn-accent").click()
        expect(page.locator("#modal")).not_to_be_visible()
        expect(page.locator(".toast-c")).not_to_have_count(0)
    page.goto("/exports/")
    export = page.locator(".export").first
    expect(export).to_have_attribute("data-state", "ready")
    with page.expect_download() as fetched:
        export.locator("a[download]").click()
    assert fetched.value.suggested_filename.startswith("leads-")
    lines = Path(fetched.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == rows + 1 and lines[0].count(";") > 20


@pytest.mark.thorough
def test_a_manager_looks_after_an_alert_and_closes_it(people: People) -> None:
    page = live(people.open("bruno", "/alerts/"))
    people.product.shell(RAISE)
    alert = page.locator(".alert-row", has_text="Disk of db1")
    with no_reload(page):
        expect(alert).to_be_visible(timeout=25_000)
        alert.locator("button[formaction$='/take/']").click()
        expect(alert.locator(".alert-taken")).to_have_text("Bruno Rocha")
        alert.locator("[hx-get$='/note/']").click()
        page.locator("#alert-note").fill("Novo disco a caminho")
        page.locator("#modal .btn-accent").click()
        expect(alert.locator(".alert-note")).to_have_text("Novo disco a caminho")
        page.once("dialog", lambda dialog: dialog.accept())
        alert.locator("[hx-post$='/close/']").click()
        expect(alert).to_have_count(0)
