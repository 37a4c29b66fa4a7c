"""A key never does what no scope of its own allows: each method of each address of version 1 names its scope."""

from rest_framework.permissions import AllowAny

from crm.api.scopes import Scope
from crm.api.token_views import Person
from tests.addresses import routes

ANY_KEY = {("api:me", "GET")}  # who am I
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def test_every_method_of_the_api_names_a_scope_or_takes_no_keys() -> None:
    without, strange = set(), set()
    for name, pattern in routes():
        view = getattr(pattern.callback, "view_class", None)
        if not name.startswith("api:") or {AllowAny, Person} & set(view.permission_classes):
            continue
        offered = {method for method in METHODS if hasattr(view, method.lower())}
        without |= {(name, method) for method in offered - set(view.scopes)}
        strange |= {(name, scope) for scope in view.scopes.values() if scope not in Scope.values}
    assert (without, strange) == (ANY_KEY, set())
