"""Ana's conversation with Maria, asked for by programs with a key or by a signed-in page."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from conversations.models import Conversation
from crm.accounts.models import User
from crm.api.keys import key_create
from crm.api.scopes import Scope
from leads.services import lead_assign

Program = Callable[..., APIClient]


@pytest.fixture
def program() -> Program:
    """A program with a person's key: `program(ana)`, `program(ana, Scope.CONVERSATIONS_READ)`."""

    def with_key(user: User, *scopes: str) -> APIClient:
        _key, text = key_create(user=user, name="test", scopes=scopes or Scope.values)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return client

    return with_key


@pytest.fixture
def thread(maria_thread: Conversation, ana: User, caio: User, bruno: User) -> Conversation:
    """Maria's, whose lead is Ana's."""
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    maria_thread.refresh_from_db()
    return maria_thread


@pytest.fixture
def sent(thread: Conversation, ana: User, program: Program) -> Callable[..., Any]:
    """Ana's program sends: `sent({"text": "oi"}, HTTP_IDEMPOTENCY_KEY="a")`."""
    client = program(ana)

    def send(body: Any, *, form: str = "json", to: Conversation = thread, **headers: str) -> Any:
        return client.post(f"/api/v1/conversations/{to.pk}/messages", body, format=form, **headers)

    return send
