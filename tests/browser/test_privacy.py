"""A client who is erased is gone from every open page at once."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import People, live, no_reload
from tests.browser.product import Product

_ERASED = re.compile("Cliente apagado|Erased client")
_WRITES = """
import json
from conversations.inbound import InboundMessage
from conversations.models import Inbox
from conversations.services import message_receive
from crm.core.clock import now
from leads.models import Consultant
from leads.services import lead_assign
inbox = Inbox.objects.filter(role="livia").first()
thread = message_receive(inbox_id=inbox.pk, inbound=InboundMessage(
    provider_id="erase-me", chat="5531998120077@s.whatsapp.net", phone="5531998120077", lid=None,
    push_name="Odete Esquecida", from_me=False, kind="text", text="guarde este segredo", sent_at=now())).conversation
lead_assign(lead_id=thread.lead_id, consultant_id=Consultant.objects.get(user__email="ana@demo.livia").pk)
print(json.dumps({"lead": thread.lead_id, "thread": thread.pk}))
"""


@pytest.fixture
def odete(product: Product) -> dict[str, int]:
    return json.loads(product.shell(_WRITES).splitlines()[-1])


def test_an_erased_client_is_gone_from_every_open_page(people: People, odete: dict[str, int]) -> None:
    people.troubles.expect("422")
    board = live(people.open("ana"))
    thread = live(people.open("ana", f"/conversations/{odete['thread']}/"))
    page = live(people.open("bruno", f"/leads/{odete['lead']}/"))
    expect(thread.locator(".msgs")).to_contain_text("guarde este segredo")
    page.locator(".consent-erase button").click()
    page.fill("#erase-reason", "Odete pediu")
    page.fill("#erase-confirm", "odete esquecida")
    page.locator(".erase-form .danger-solid").click()
    expect(page.locator(".erase-form .error")).to_be_visible()
    page.fill("#erase-reason", "pedido por carta")
    with no_reload(board):
        page.locator(".erase-form .danger-solid").click()
        expect(page.locator(".erased-note")).to_be_visible()
        expect(board.locator(f"#lead-{odete['lead']} .name")).to_have_text(_ERASED)
    expect(thread).to_have_title(_ERASED)
    expect(thread.locator(".msgs")).not_to_contain_text("segredo")
    for seen in (board, thread, page):
        assert "Odete" not in seen.content() and "998120077" not in seen.content()
    page.goto("/privacy/")
    expect(page.get_by_text("pedido por carta")).to_be_visible()
