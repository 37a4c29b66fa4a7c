"""A client who turns out to be one person: open pages are led to what stays."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.people import People, live, no_reload
from tests.browser.product import Product

_SAYS = """
import json
from conversations.inbound import InboundMessage
from conversations.models import Inbox
from conversations.services import message_receive
from crm.core.clock import now
inbox = Inbox.objects.filter(role="livia").first()
def says(text, phone=None, lid=None):
    return message_receive(inbox_id=inbox.pk, inbound=InboundMessage(
        provider_id=f"{text}-{phone}-{lid}", chat=f"{lid}@lid", phone=phone, lid=lid, push_name="Joana Duas Vezes",
        from_me=False, kind="text", text=text, sent_at=now())).conversation
"""
_BOTH_NAMES = "phone='5531998120055', lid='880055'"


@pytest.fixture
def twice(product: Product) -> dict[str, int]:
    """Joana wrote under her phone, and under a name WhatsApp invented."""
    code = """
kept, gone = says("pelo telefone", phone="5531998120055"), says("sem telefone", lid="880055")
print(json.dumps({"kept": kept.pk, "gone": gone.pk, "kept_lead": kept.lead_id, "gone_lead": gone.lead_id}))
"""
    return json.loads(product.shell(_SAYS + code).splitlines()[-1])


def test_open_pages_are_led_to_the_one_client(people: People, product: Product, twice: dict[str, int]) -> None:
    thread = live(people.open("bruno", f"/conversations/{twice['gone']}/"))
    kept = live(people.open("bruno", f"/conversations/{twice['kept']}/"))
    lead = live(people.open("bruno", f"/leads/{twice['gone_lead']}/"))
    expect(thread.locator(f"#conv-{twice['gone']}")).to_be_visible()
    with no_reload(thread), no_reload(kept), no_reload(lead):
        product.shell(f"{_SAYS}\nsays('sou uma só', {_BOTH_NAMES})")
        expect(thread.locator(f"#conv-{twice['gone']}")).to_have_count(0)
        expect(kept.locator(".msgs")).to_contain_text("sem telefone")
        expect(kept.locator(".msgs")).to_contain_text("sou uma só")
        onward = thread.locator(f"#thread-{twice['gone']} a"), lead.locator(f"#detail-{twice['gone_lead']} a")
        for link in onward:
            expect(link).to_be_visible()
    for link, page, address in zip(onward, (thread, lead), (twice["kept"], twice["kept_lead"]), strict=True):
        link.click()
        page.wait_for_url(f"**/{address}/")
    expect(thread.locator(".msgs")).to_contain_text("sou uma só")
    expect(lead.locator(".history li[data-kind=merged]")).to_have_count(1)
