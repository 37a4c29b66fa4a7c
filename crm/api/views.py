"""The base of every view of the API: who may ask, how often, and what each answer says of that."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from crm.api.grants import EVERYTHING


class MayAsk(BasePermission):
    """Signed in, with the scope of the method, and a manager where only managers may ask: to others it does not
    exist."""

    def has_permission(self, request: Request, view: "ApiView") -> bool:  # type: ignore[override]
        if not request.user or not request.user.is_authenticated:
            return False
        if view.managers_only and not request.user.is_manager:
            raise Http404
        scope = view.scopes.get("GET" if request.method == "HEAD" else request.method or "")
        if scope and scope not in getattr(request.auth, "scopes", EVERYTHING):
            raise PermissionDenied(_("This key may not do that: it lacks %(scope)s.") % {"scope": scope}, "scope")
        return True


class Counted(APIView):
    """Counts a request before it asks who may: guesses at keys count too, and every answer says what is left."""

    counted = False

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except APIException:
            self.check_throttles(request)  # as somebody nobody knows
            raise
        self.check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        if not self.counted:  # REST framework comes here after the permissions, too
            self.counted = True
            super().check_throttles(request)


class ApiView(Counted):
    """A view of version 1. Lists (crm.api.lists) come in one of its `orderings`, narrowed by its `filters` (a
    FilterSet); each method has its scope; methods that create are marked `once` (crm.api.idempotency)."""

    permission_classes = (MayAsk,)
    scopes: ClassVar[Mapping[str, str]] = {}
    managers_only: ClassVar[bool] = False
    orderings: ClassVar[tuple[str, ...]] = ("-id",)
    filters: ClassVar[Any] = None
