"""The examples of docs/api.md about leads can be sent as they stand."""

import re
from datetime import timedelta

from django.conf import settings

from crm.api.tests.asking import program
from crm.core.clock import now

EXAMPLE = re.compile(r"^```http\n(\w+) (\S+)\n(.*?)```", re.MULTILINE | re.DOTALL)


def test_each_example_is_done(ana, new_lead):
    text = (settings.BASE_DIR / "docs/api.md").read_text()
    examples = EXAMPLE.findall(text[text.index("\n## Leads") : text.index("\n## Conversations")])
    assert len(examples) > 4
    tomorrow = (now() + timedelta(days=1)).isoformat()
    lead_id = str(new_lead(owner=ana, phone="+5511998120000").pk)
    client = program(ana)
    for method, place, body in examples:
        address = place.replace("{lead}", lead_id)
        sent = body.replace("{lead}", lead_id).replace("{tomorrow}", tomorrow)
        answer = client.generic(method, address, sent, content_type="application/json")
        assert answer.status_code in (200, 201), (method, place, answer.content)
