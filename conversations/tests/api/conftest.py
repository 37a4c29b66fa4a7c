"""Ana's conversation with Maria, and Ana's program that sends in it."""

from collections.abc import Callable
from typing import Any

import pytest

from conversations.models import Conversation
from crm.accounts.models import User
from crm.api.tests.asking import program
from leads.services import lead_assign


@pytest.fixture
def thread(maria_thread: Conversation, ana: User, caio: User, bruno: User) -> Conversation:
    """Maria's, whose lead is Ana's."""
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    maria_thread.refresh_from_db()
    return maria_thread


@pytest.fixture
def sent(thread: Conversation, ana: User) -> Callable[..., Any]:
    """Ana's program sends: `sent({"text": "oi"}, HTTP_IDEMPOTENCY_KEY="a")`."""
    client = program(ana)

    def send(body: Any, *, form: str = "json", to: Conversation = thread, **headers: str) -> Any:
        return client.post(f"/api/v1/conversations/{to.pk}/messages", body, format=form, **headers)

    return send
