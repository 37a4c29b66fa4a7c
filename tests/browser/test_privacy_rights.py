"""A client's rights in a browser: a decision explained and reviewed by a person, the data handed out, who saw what."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.people import People, live
from tests.browser.product import Product
from tests.browser.test_looks import keep_picture, look_everywhere

# A lead with a judgement of the rules and a thread; this file's own, so that no other test changes it.
FIND = """
from agent.models import ClassificationSource
from agent.scoring import classification_record
from leads.classification import Classification
from leads.models import Source
from leads.services import lead_create
values = {"name": "Direitos da Silva", "phone": "+5511955443322", "product": "home_equity", "credit_amount": 18_000_000}
lead, _created = lead_create(values=values, source=Source.MANUAL)
result = Classification("WARM", 40, [{"code": "credit_amount", "points": 20, "text": "Disse quanto precisa"}])
classification_record(lead_id=lead.pk, result=result, source=ClassificationSource.RULES)
print(lead.pk)
"""


@pytest.fixture(scope="module")
def lead(product: Product) -> int:
    return int(product.shell(FIND))


def test_a_decision_is_explained_and_reviewed_by_a_person(people: People, lead: int) -> None:
    page = live(people.open("bruno", f"/leads/{lead}/"))
    page.locator(".rights-box").get_by_role("link", name=re.compile("Explain|Explicar")).click()
    sheet = page.locator(".explanation")
    expect(sheet).to_contain_text("Disse quanto precisa")
    look_everywhere(page, "privacy-decision")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator("aside.no-print")).to_be_hidden()
    keep_picture(page, "privacy-decision-print")
    page.emulate_media(media="screen")
    page.locator("aside form button").click()
    page.locator("aside a.btn-accent").click()
    expect(page.locator(".changes")).to_be_hidden()
    page.locator("input[value=changed]").check()
    page.locator("[name=temperature]").select_option("HOT")
    page.locator("[name=score]").fill("88")
    page.locator("[name=explanation]").fill("Ligamos: quer fechar nesta semana.")
    page.locator(".review-form button").click()
    expect(sheet).to_contain_text("Quente, 88 de 100 pontos")
    expect(sheet).to_contain_text("Ligamos: quer fechar nesta semana.")


def test_the_data_is_handed_out_and_who_took_it_is_seen(people: People, lead: int) -> None:
    page = live(people.open("bruno", f"/privacy/leads/{lead}/export/"))
    page.locator("section form button").click()
    link = page.locator("a[download]")
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as taken:
        link.click()
    archive = zipfile.ZipFile(taken.value.path())
    assert "Direitos da Silva" in archive.read("index.html").decode()
    page.goto(page.url.split("/privacy/")[0] + f"/privacy/accesses/?lead={lead}")
    expect(page.locator("#accesses tbody tr").first).to_contain_text(re.compile("Data handed out|Dados entregues"))
    page.locator("#by-what").select_option("file")
    expect(page.locator("#accesses .empty-state")).to_be_visible()
    page.locator("#by-what").select_option("")
    expect(page.locator("#accesses tbody tr").first).to_be_visible()
    look_everywhere(page, "privacy-accesses")
