"""The page of the rotation: a switch changes line and look ahead in place, by keyboard, and keeps what was chosen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, live, no_reload
from tests.browser.product import Product

# Whoever other tests hired, or set apart, on the same product.
TWO = """
from crm.accounts.models import User
from leads.models import AssignmentRule, Consultant, RotationSettings
RotationSettings.objects.update(strategy="")
AssignmentRule.objects.update(active=False)
team = Consultant.objects.filter(user__email__in=["ana@demo.livia", "caio@demo.livia"])
User.objects.filter(consultant__in=team).update(available=True)
team.update(in_rotation=True)
Consultant.objects.exclude(pk__in=team.values("pk")).update(in_rotation=False)
"""


@pytest.fixture
def only_two(product: Product) -> None:
    product.shell(TWO)


def of(page: Page, name: str) -> Locator:
    return page.locator(".rotation-row").filter(has_text=name)


def pause(page: Page, name: str) -> Locator:
    return of(page, name).locator("[hx-vals*=in_rotation]")


@pytest.mark.usefixtures("only_two")
def test_pausing_somebody_changes_line_and_look_ahead_where_they_stand(people: People) -> None:
    bruno = live(people.open("bruno", "/rotation/"))
    ahead = bruno.locator("#ahead li")
    expect(ahead).to_have_count(10)
    with no_reload(bruno):
        bruno.locator("#id_uf").select_option("SP")
        expect(ahead.filter(has_text="Ana Clara")).to_have_count(5)
        pause(bruno, "Ana Clara").focus()
        bruno.keyboard.press("Enter")
        expect(of(bruno, "Ana Clara")).to_have_attribute("data-state", "off")
        expect(pause(bruno, "Ana Clara")).to_be_focused()
        expect(of(bruno, "Caio Mendes").locator(".next")).to_be_visible()
        expect(ahead.filter(has_text="Caio Mendes")).to_have_count(10)
        expect(bruno.locator("#id_uf")).to_have_value("SP")

        bruno.once("dialog", lambda dialog: dialog.dismiss())  # the last one: are you sure?
        pause(bruno, "Caio Mendes").click()
        expect(of(bruno, "Caio Mendes").locator(".next")).to_be_visible()

        pause(bruno, "Ana Clara").focus()
        bruno.keyboard.press("Enter")
        expect(of(bruno, "Ana Clara")).not_to_have_attribute("data-state", "off")
        expect(ahead.filter(has_text="Ana Clara")).to_have_count(5)


def test_the_page_fits_a_phone(people: People) -> None:
    phone = live(people.open("bruno", "/rotation/", viewport={"width": 390, "height": 844}))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(pause(phone, "Ana Clara")).to_be_visible()
