from collections.abc import Callable

import pytest
from django.test import Client

from crm.accounts.models import User
from crm.api.keys import key_create
from crm.api.scopes import Scope


@pytest.fixture
def api(db) -> Callable[..., Client]:
    """A client with a key of a person: `api(ana)`, or of fewer scopes: `api(ana, Scope.LEADS_READ)`."""

    def with_key(user: User, *scopes: Scope) -> Client:
        _key, text = key_create(user=user, name="Test", scopes=scopes or Scope.values)
        return Client(headers={"Authorization": f"Bearer {text}"})

    return with_key
