"""The page of monitoring in a browser: all is well, a disk fills up, all is well again; what failed is tried again."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import People, live
from tests.browser.product import Product
from tests.browser.test_looks import look_everywhere

FULL = """
from crm.core.clock import now
from crm.monitoring.models import Process
Process.objects.create(
    kind="worker", host="cheia", pid=1, started_at=now(), seen_at=now().replace(year=now().year + 1), disk_percent=97,
    data={"queues": ["default"], "threads": 8, "busy": 3},
)
"""
EMPTIED = "from crm.monitoring.models import Process; Process.objects.filter(host='cheia').delete()"


@pytest.fixture
def full_disk(product: Product):
    yield lambda: product.shell(FULL)
    product.shell(EMPTIED)


def test_a_disk_that_fills_up_is_seen_and_so_is_its_end(people: People, product: Product, full_disk) -> None:
    page = live(people.open("bruno", "/monitoring/"))
    disk = page.locator("#check-disk")
    expect(disk).to_have_attribute("data-state", "healthy")
    expect(page.locator("#check-agent")).to_have_attribute("data-state", "healthy")
    full_disk()
    expect(disk).to_have_attribute("data-state", "unhealthy", timeout=15_000)
    expect(disk).to_contain_text("97%")
    expect(page.locator("#health")).to_have_attribute("data-state", "degraded")
    look_everywhere(page, "monitoring")
    product.shell(EMPTIED)
    expect(disk).to_have_attribute("data-state", "healthy", timeout=15_000)
