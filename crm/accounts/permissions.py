"""Door keepers for views. A stranger gets 404: what is not yours does not exist for you."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def member_required(view: View) -> View:
    """Signed-in people of any role; others are led to the sign-in page."""
    return login_required(view)


def manager_required(view: View) -> View:
    """Managers and administrators; other signed-in people get 404."""

    @login_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_manager:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper
