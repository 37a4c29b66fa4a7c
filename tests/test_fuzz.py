"""Whatever is sent to whatever address: an answer, never a failure. The same examples in every run."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import hostile
from tests.addresses import Places, address, query, routes, undone

NAMES = sorted(name for name, _pattern in routes() if not name.startswith("api:"))
FIELDS = hostile.field_names()
STREAMS = {"whatsapp_events:qr"}  # answers 501 without a server that streams
FORMS = hostile.fields(FIELDS)
UPLOADS = st.tuples(hostile.values().filter(lambda name: 0 < len(name) < 300), st.binary(max_size=300))
IDS = st.sampled_from([0, 2**31, 2**63, 10**30])

USUAL = settings(
    derandomize=True, max_examples=120, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
LONGER = settings(USUAL, derandomize=False, max_examples=3000)


class Visitor:
    """Signed-in browsers whose deeds are undone."""

    def __init__(self, *clients: Client) -> None:
        self.clients = clients

    def visit(self, who: int, method: str, where: str, body: Any, **more: Any) -> int:
        client = self.clients[who]
        with undone(client):
            return getattr(client, method)(where, body, **more).status_code


@pytest.fixture
def visitor(ana, bruno, browse) -> Visitor:
    return Visitor(browse(ana), browse(bruno))


WHO = st.sampled_from([0, 1])


def test_the_visitor_stays_signed_in(visitor: Visitor) -> None:
    assert [visitor.visit(0, how, where, {}) for how, where in (("post", "/logout/"), ("get", "/board/"))] == [302, 200]


def test_many_fields_are_known() -> None:
    assert {"text", "name", "phone", "ids", "version", "credit_amount", "due_at"} <= set(FIELDS)


def _forms(places: Places, visitor: Visitor, who: int, name: str, form: dict[str, list[str]]) -> None:
    body = hostile.encoded(form)
    kind = "application/x-www-form-urlencoded"
    assert visitor.visit(who, "post", address(name, places), body, content_type=kind) < 500 or name in STREAMS


def _queries(places: Places, visitor: Visitor, who: int, name: str, form: dict[str, list[str]]) -> None:
    asked = hostile.encoded({**query(name, places), **{key: [each[:500] for each in form[key]] for key in form}})
    status = visitor.visit(who, "get", f"{address(name, places)}?{asked}", None)
    assert status < 500 or name in STREAMS


def _uploads(places: Places, visitor: Visitor, who: int, name: str, form: dict, upload: tuple[str, bytes]) -> None:
    told, content = upload
    readable = {key: [each.encode(errors="replace").decode() for each in form[key]] for key in form}
    file = SimpleUploadedFile("x", content)
    file._name = "x" + told.encode(errors="replace").decode().replace(
        "/", "\\"
    )  # as it comes, not made safe on our side
    body = {**readable, "file": file}
    assert visitor.visit(who, "post", address(name, places), body) < 500 or name in STREAMS


def _ids(places: Places, visitor: Visitor, who: int, name: str, number: int, method: str) -> None:
    given = {key: number if isinstance(value, int) else value for key, value in places.get(name, {}).items()}
    assert visitor.visit(who, method, address(name, {name: given}), {}) < 500 or name in STREAMS


WHAT = {"who": WHO, "name": st.sampled_from(NAMES)}
FUZZES = {
    "forms": (_forms, {**WHAT, "form": FORMS}),
    "queries": (_queries, {**WHAT, "form": FORMS}),
    "uploads": (_uploads, {**WHAT, "form": FORMS, "upload": UPLOADS}),
    "ids": (_ids, {**WHAT, "number": IDS, "method": st.sampled_from(["get", "post"])}),
}


@pytest.mark.parametrize("what", FUZZES)
def test_no_address_fails_whatever_it_is_sent(what: str, places: Places, visitor: Visitor) -> None:
    check, strategies = FUZZES[what]
    USUAL(given(**strategies)(check))(places, visitor)


@pytest.mark.thorough
@pytest.mark.parametrize("what", FUZZES)
def test_no_address_fails_in_a_longer_look_either(what: str, places: Places, visitor: Visitor) -> None:
    check, strategies = FUZZES[what]
    LONGER(given(**strategies)(check))(places, visitor)
