"""Who a socket belongs to: the session of its cookie, read once at the start and again when rights may have changed."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.http import parse_cookie
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language_from_request

from crm.accounts.models import User


class Handshake:
    """The request that opened a socket, as far as Django's helpers ask for it."""

    def __init__(self, scope: dict[str, Any]) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
        self.COOKIES = parse_cookie(headers.get(b"cookie", ""))
        self.META = {"HTTP_ACCEPT_LANGUAGE": headers.get(b"accept-language", "")}

    @property
    def session_key(self) -> str:
        return self.COOKIES.get(settings.SESSION_COOKIE_NAME, "")

    @property
    def language(self) -> str:
        """The language its page was rendered in: by the cookie, else what the browser asks for, else the setting."""
        return get_language_from_request(self)  # type: ignore[arg-type]


def user_of_session(session_key: str) -> User | None:
    """Who is signed in, by the same rules as a page: active, the backend still in use, the password unchanged.

    Django's `get_user` also writes: it renews a session's key, which a socket cannot hand to the browser.
    """
    if not session_key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    backend = session.get(BACKEND_SESSION_KEY)
    if backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(backend).get_user(session.get(SESSION_KEY))
    return user if user and _is_of(user, session.get(HASH_SESSION_KEY, "")) else None


def _is_of(user: User, known: str) -> bool:
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(known, one) for one in hashes)
