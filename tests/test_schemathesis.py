"""What the API's description promises holds for whatever is sent: schemathesis asks every operation, with real keys of
real rows and with nonsense, for answers that nobody described. Each request is undone, so that all find the same rows.
"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, checks
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation

from conversations.models import Conversation
from crm.accounts.models import User
from crm.api.document import as_json
from crm.api.keys import key_create
from crm.api.models import TokenFamily
from crm.api.scopes import Scope
from crm.core.clock import now
from crm.wsgi import application
from tests.addresses import Places

CHECKS = [
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.response_headers_conformance, checks.negative_data_rejection,
]  # fmt: skip
MULTIPART = "multipart/form-data"
QUICK, THOROUGH = 4, 100


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests use the test's own connection and leave it open, as they do with Django's test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def real(places: Places, maria_thread: Conversation, bruno: User) -> dict[str, Any]:
    """Keys of rows a manager finds, by the names of the addresses' parts."""
    known = {name: value for values in places.values() for name, value in values.items() if name != "block"}
    family = TokenFamily.objects.create(user=bruno, refresh_id=uuid4(), expires_at=now())
    own = {"contact_id": maria_thread.contact_id, "family_id": str(family.pk), "block": "funnel"}
    return {**known, **own, "lead_id": maria_thread.lead_id, "conversation_id": maria_thread.pk}


@pytest.fixture
def headers(bruno: User, settings: Any) -> dict[str, str]:
    """Bruno's key, which may do everything, without limits."""
    for name in ("THROTTLE_USER", "THROTTLE_ANONYMOUS", "THROTTLE_SIGN_IN"):
        setattr(settings, name, "1000000/min")
    _key, text = key_create(user=bruno, name="schemathesis", scopes=list(Scope))
    return {"Authorization": f"Bearer {text}"}


def operations() -> Iterator[APIOperation]:
    """Who signs in is the test's matter: the description without its security."""
    doc = json.loads(as_json())
    del doc["components"]["securitySchemes"]
    for item in doc["paths"].values():
        for operation in item.values():
            del operation["security"]
    schema = schemathesis.openapi.from_dict(doc)
    schema.app = application
    for found in schema.get_all_operations():
        yield found.ok()


def promised(case: Case, headers: dict[str, str]) -> None:
    """Ask, look at the answer, and undo what the request did."""
    with transaction.atomic():
        excluded = [checks.negative_data_rejection] if case.media_type == MULTIPART else []  # where everything is text
        case.call_and_validate(headers=headers, checks=CHECKS, excluded_checks=excluded)
        transaction.set_rollback(True)


def broken(operation: APIOperation, real: dict[str, Any], headers: dict[str, str], number: int) -> Iterator[str]:
    """Promises of an operation that do not hold."""
    mine = {name: real[name] for name in real if f"{{{name}}}" in operation.path}
    ways = [(GenerationMode.POSITIVE, mine), (GenerationMode.NEGATIVE, mine), (GenerationMode.POSITIVE, None)]
    for mode, keys in ways if mine else ways[:2]:
        if mode == GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue
        seen = given(case=operation.as_strategy(mode, path_parameters=keys))(lambda case: promised(case, headers))
        quiet = settings(
            max_examples=number, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        try:
            quiet(seen)()
        except FailureGroup as group:
            yield from (f"{operation.label} ({mode}): {failure}" for failure in group.exceptions if _counts(failure))


def _counts(failure: BaseException) -> bool:
    """Text is as long as it is without what nobody sees, and that is not written down here."""
    return "`maxLength`" not in str(failure)


@pytest.mark.parametrize("number", [QUICK, pytest.param(THOROUGH, marks=pytest.mark.thorough)])
def test_every_operation_keeps_its_promises(real, headers, number):
    problems = [text for operation in operations() for text in broken(operation, real, headers, number)]
    assert not problems, "\n\n".join(problems)
