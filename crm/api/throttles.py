"""Rate limits of the API: figures are settings, a window may be any number of seconds, minutes, hours or days."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from crm.core.addresses import network_of
from crm.core.limits import limit_note, limit_take

if TYPE_CHECKING:  # DRF's views read this module's classes while they load
    from rest_framework.views import APIView


class _Throttle(BaseThrottle):
    """A window of crm.core.limits. Its answer stands in the headers of the response (crm.core.middleware)."""

    seconds: float | None = None

    def get_rate(self) -> str:
        raise NotImplementedError

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        """Whose requests count together; None for whom this window is not about."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: "APIView | None") -> bool:
        ident = self.get_cache_key(request, view)
        taken = limit_take(ident, self.get_rate()) if ident else None
        limit_note(request, taken)
        self.seconds = taken.wait if taken else None
        return self.seconds is None

    def wait(self) -> float | None:
        """Seconds until the next request would be allowed."""
        return self.seconds


class UserThrottle(_Throttle):
    """A window per signed-in user, or per key."""

    def get_rate(self) -> str:
        return settings.THROTTLE_USER

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        known = request.user.pk if request.user.is_authenticated else getattr(request, "auth", None)
        return f"user:{known}" if known else None


class AnonymousThrottle(_Throttle):
    """A window per network address."""

    def get_rate(self) -> str:
        return settings.THROTTLE_ANONYMOUS

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        if request.user.is_authenticated or getattr(request, "auth", None):
            return None
        return f"anonymous:{network_of(request)}"


class SignInThrottle(_Throttle):
    """For views that take a password or code: the same window as the sign-in page's, right answers count too."""

    def get_rate(self) -> str:
        return settings.THROTTLE_SIGN_IN

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        """What no parser reads is refused and no try: another site's page can have its visitors send just that, and
        would close the door to all of their network."""
        readable = request.negotiator.select_parser(request, request.parsers)
        return f"sign_in:{network_of(request)}" if readable else None


def too_many(request: HttpRequest) -> bool:
    """Count a request to a public page against its address's window."""
    return not AnonymousThrottle().allow_request(Request(request), None)
