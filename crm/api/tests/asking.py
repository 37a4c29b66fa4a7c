"""Programs that ask version 1 of the API."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from conftest import PASSWORD
from crm.accounts.models import User
from crm.api.keys import key_create
from crm.api.scopes import Scope


def ask(
    method: str, path: str, body: Any = None, *, bearer: str = "", client: Client | None = None, **headers: str
) -> Any:
    """The answer to a program; `headers` are written with underscores."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if bearer:
        sent["Authorization"] = f"Bearer {bearer}"
    data = "" if body is None else json.dumps(body)
    return (client or Client()).generic(method, f"/api/v1/{path}", data, "application/json", headers=sent)


def program(user: User, *scopes: str) -> APIClient:
    """A program with a key of this person, for everything unless said otherwise."""
    _key, text = key_create(user=user, name="test", scopes=scopes or Scope.values)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def sign_in(user: User, *, client: Client | None = None, **more: Any) -> Any:
    """The tokens of a fresh sign-in."""
    answer = ask("POST", "auth/token", {"email": user.email, "password": PASSWORD, **more}, client=client)
    assert answer.status_code == 200, answer.content
    return answer.json()


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code of an error."""
    return answer.status_code, answer.json()["error"]["code"]


def at_once(job: Callable[[], Any], times: int) -> list[Any]:
    """What several threads got who did the same together."""

    def one(_number: int) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
