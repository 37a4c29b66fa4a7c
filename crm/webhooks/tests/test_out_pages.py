"""Managers make webhooks, see what became of deliveries, and send again; secrets show once, content is escaped."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.models import Access, SecurityEvent
from crm.core.clock import now
from crm.core.privacy import Subject, gather
from crm.webhooks.models import Delivery, DeliveryState, Endpoint, Event
from crm.webhooks.sending import endpoint_drain, rest_end
from crm.webhooks.tests.receiver import Receiver, receiving
from crm.webhooks.tests.world import endpoint_of, happens

pytestmark = pytest.mark.django_db
URL = "https://erp.example.com/livia"


@pytest.fixture(autouse=True)
def english(settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def office(bruno, browse) -> Client:
    return browse(bruno)


@pytest.fixture
def erp(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with receiving() as receiver:
        yield receiver


def see(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"webhooks:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def do(client: Client, page: str, *args: object, **fields: object):
    return client.post(reverse(f"webhooks:{page}", args=args), fields)


def test_a_webhook_is_made_and_its_secret_shown_once(office, bruno):
    assert "No webhook yet" in see(office, "list")
    made = do(office, "new", name="ERP", url=URL, events=["lead.created", "lead.moved"])
    endpoint = Endpoint.objects.get()
    assert endpoint.secret in made.content.decode() and "no-store" in made["Cache-Control"]
    assert (endpoint.events, endpoint.creator, endpoint.active) == (["lead.created", "lead.moved"], bruno, True)
    for page in (see(office, "list"), see(office, "detail", endpoint.pk), see(office, "edit", endpoint.pk)):
        assert "ERP" in page and endpoint.secret not in page
    rotated = do(office, "rotate", endpoint.pk).content.decode()
    assert endpoint.secret not in rotated and Endpoint.objects.get().secret in rotated
    do(office, "edit", endpoint.pk, name="ERP 2", url=URL, events=["lead.created"])
    assert Endpoint.objects.get().name == "ERP 2"
    do(office, "pause", endpoint.pk)
    assert "Paused" in see(office, "list")
    do(office, "resume", endpoint.pk)
    do(office, "delete", endpoint.pk)
    assert not Endpoint.objects.exists()
    changes = SecurityEvent.objects.filter(kind="webhook").order_by("pk").values_list("data__change", flat=True)
    assert list(changes) == ["created", "secret", "changed", "paused", "resumed", "deleted"]


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "http://erp.example.com/"}, {"url": "https://127.0.0.1/"}, {"url": "https://intranet/"}, {"url": ""},
        {"url": "https://a.example.com/" + "x" * 600}, {"name": ""}, {"name": "\0"}, {"events": []},
        {"events": ["lead.created", "root"]}, {"url": "https://[::1"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(office, fields):
    answer = do(office, "new", **{"name": "ERP", "url": URL, "events": ["lead.created"], **fields})
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_a_test_shows_what_comes_back(office, bruno, erp):
    endpoint = endpoint_of(bruno, erp.url)
    erp.answer(200, b"<script>alert(1)</script>")
    page = do(office, "test", endpoint.pk).content.decode()
    assert "It was taken." in page and "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
    assert erp.told[0].data["event"] == "ping" and not Delivery.objects.exists()
    erp.answer(500, b"broken")
    assert "It answered, but did not take it." in do(office, "test", endpoint.pk).content.decode()
    Endpoint.objects.update(url="http://127.0.0.1:1/")
    assert "It was not reached." in do(office, "test", endpoint.pk).content.decode()
    assert Endpoint.objects.get().failures == 0


def test_what_was_sent_is_found_read_and_sent_again(office, bruno, erp, new_lead, django_capture_on_commit_callbacks):
    endpoint = endpoint_of(bruno, erp.url)
    erp.answer(500, b"</pre><script>alert(2)</script>")
    lead = new_lead(name='<img src=x onerror="alert(3)">')
    rest_end(endpoint.pk)
    endpoint_drain(endpoint.pk)
    row = Delivery.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        page = see(office, "delivery", row.pk)
    assert "&lt;img src=x onerror=" in page and "<img src=x" not in page and "<script>alert" not in page
    assert "500" in page and f"#{lead.pk}" in page
    assert Access.objects.get(user=bruno).lead_id == lead.pk
    Delivery.objects.update(state=DeliveryState.DEAD, settled_at=now())
    assert str(row.pk) in see(office, "detail", endpoint.pk, state="dead", event="lead.created")
    assert str(row.pk) not in see(office, "detail", endpoint.pk, state="delivered")
    assert do(office, "resend", row.pk).status_code == 302
    Delivery.objects.update(state=DeliveryState.DEAD, settled_at=now())
    do(office, "resend_dead", endpoint.pk, days=1)
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert do(office, "resend_dead", endpoint.pk, days="x" * 99).status_code == 302


def test_a_long_list_is_walked_page_by_page_at_the_same_cost(office, bruno):
    endpoint = endpoint_of(bruno, URL)
    address = reverse("webhooks:detail", args=[endpoint.pk])

    def page(query: str = "") -> tuple[list[str], str, int]:
        with CaptureQueriesContext(connection) as queries:
            text = office.get(f"{address}?{query}").content.decode()
        older = re.search(r'btn-quiet" href="[^"?]*\?([^"]*before=[^"]*)"', text)
        return re.findall(r"deliveries/([0-9a-f-]{36})/", text), older[1] if older else "", len(queries)

    happens(2)
    page()
    few = page()[2]
    happens(93)
    seen, query = [], ""
    for _page in range(3):
        rows, query, cost = page(query.replace("&amp;", "&"))
        seen += rows
        assert cost <= few + 1
    assert query == ""
    assert len(seen) == len(set(seen)) == 95
    for bad in ("before=x", "before=2026-01-01T00:00:00_x", "before=%00", "state=%00&event=x"):
        assert office.get(f"{address}?{bad}").status_code in (200, 400)


def test_a_person_learns_which_systems_were_told_of_them(bruno, erp, new_lead):
    endpoint = endpoint_of(bruno, erp.url, Event.LEAD_CREATED)
    lead = new_lead()
    endpoint_drain(endpoint.pk)
    told = gather(Subject(lead_ids=(lead.pk,)))["shared"]
    assert [(each["system"], each["what"]) for each in told] == [("ERP", "A lead was created")]


def test_the_example_of_the_guide_knows_ours_from_others(bruno, erp):
    endpoint = endpoint_of(bruno, erp.url)
    happens()
    endpoint_drain(endpoint.pk)
    told = erp.told[0]
    guide = (Path(configured.BASE_DIR) / "docs" / "webhooks.md").read_text()
    example: dict = {}
    exec(re.search(r"```python\n(.*?)```", guide, re.DOTALL)[1], example)  # noqa: S102  (our own page)
    is_ours, header = example["is_ours"], told.headers["Livia-Signature"]
    assert is_ours(endpoint.secret, header, told.body)
    assert is_ours(endpoint.secret, header.replace("v1=", "v1=00,v1="), told.body)
    assert not is_ours(endpoint.secret, header, told.body + b" ")
    assert not is_ours("whsec_other", header, told.body)
    late = header.replace("t=", "t=1")
    for bad in (late, "", "t=,v1=", "v1=abc", "t=x,v1=y"):
        assert not is_ours(endpoint.secret, bad, told.body)
