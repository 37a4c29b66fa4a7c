"""The base of every view of the API: who may ask, how often, and what each answer says of that."""

from typing import ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
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
        scope = view.scopes.get(request.method or "")
        if scope and scope not in getattr(request.auth, "scopes", EVERYTHING):
            raise PermissionDenied(_("This key may not do that: it lacks %(scope)s.") % {"scope": scope}, "scope")
        return True


class ApiView(APIView):
    """A view of version 1. Lists are paged by `Cursor` (`orderings`), each method has its scope; methods that create
    are marked `once` (crm.api.idempotency)."""

    permission_classes = (MayAsk,)
    scopes: ClassVar[dict[str, str]] = {}
    managers_only: ClassVar[bool] = False
    orderings: ClassVar[tuple[str, ...]] = ("-id",)
