"""`POST /api/leads`: leads from other systems."""

import hmac
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.authentication import PageAuthentication
from crm.api.schema import errors
from crm.api.views import Counted
from crm.core.phones import API_PATTERN
from crm.core.text import clean_line, clean_text
from leads.actors import SYSTEM, person
from leads.api.answers import Named
from leads.api.taking import lead_take
from leads.models import MAX_CENTS, Product
from leads.pipeline import Status
from leads.tracking import KEYS, tracking_from

TOKEN = "leads-token"  # noqa: S105  (a mark of how the request signed in, no secret)


class LeadsTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <LEADS_API_TOKEN>`."""

    def authenticate(self, request: Request) -> tuple[Any, str] | None:
        scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        expected = settings.LEADS_API_TOKEN
        if not expected or not hmac.compare_digest(token.strip().encode(), expected.encode()):
            raise AuthenticationFailed(_("The token is not valid."))
        return AnonymousUser(), TOKEN

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class MayPostLeads(BasePermission):
    """Signed-in people, holders of the token, and, where the setting allows it, everyone."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.is_authenticated or request.auth == TOKEN or settings.LEADS_API_PUBLIC)


class LeadIn(serializers.Serializer):
    """What a lead may bring. Money is in integer cents, terms in months; unknown keys are ignored."""

    name = serializers.CharField(min_length=1, max_length=200)
    phone = serializers.RegexField(API_PATTERN, max_length=16)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    city = serializers.CharField(required=False, allow_blank=True, max_length=80)
    uf = serializers.RegexField(r"^[A-Za-z]{2}$", required=False, max_length=2)
    product = serializers.ChoiceField(choices=Product.choices, required=False, allow_blank=True)
    credit_amount = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CENTS)
    property_value = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CENTS)
    vehicle_value = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CENTS)
    monthly_income = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CENTS)
    down_payment = serializers.IntegerField(required=False, min_value=0, max_value=MAX_CENTS)
    term_months = serializers.IntegerField(required=False, min_value=1, max_value=480)
    message = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    consent = serializers.BooleanField(required=False)
    tracking = serializers.DictField(child=serializers.CharField(max_length=2000), required=False)

    def validate_name(self, value: str) -> str:
        name = clean_line(value, limit=200)
        if not name:
            raise serializers.ValidationError(_("This field may not be blank."))
        return name

    def validate_message(self, value: str) -> str:
        return clean_text(value, limit=4000)

    def validate_city(self, value: str) -> str:
        return clean_line(value, limit=80)

    def validate_uf(self, value: str) -> str:
        return value.upper()


class LeadTakenIn(serializers.Serializer):
    """The lead it is now."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    phone = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    consultant = Named(allow_null=True)
    ai_score = serializers.IntegerField()
    ai_temperature = serializers.CharField(allow_blank=True)
    created = serializers.BooleanField(help_text="False: the phone was known.")


_EXAMPLES = [
    OpenApiExample(
        "From a landing page",
        {
            "name": "Maria Souza", "phone": "+5511998123340", "product": "home_equity", "credit_amount": 30_000_000,
            "consent": True, "tracking": {"utm_source": "google", "utm_campaign": "imovel"},
        },
        request_only=True,
    ),
]  # fmt: skip


class LeadsView(Counted):
    """Create a lead: 201; the same phone again: 200 with the lead it already is."""

    authentication_classes = (LeadsTokenAuthentication, PageAuthentication)
    permission_classes = (MayPostLeads,)

    @extend_schema(
        operation_id="leads_take",
        summary="Hand in a lead",
        description=(
            "For forms and other systems, with the installation's own token. Tracking (`utm_source`, `gclid`, …) may "
            "also come beside the lead's own fields; what else is not known is ignored."
        ),
        tags=["leads"],
        request=LeadIn,
        responses={
            201: OpenApiResponse(LeadTakenIn, "Created and assigned."),
            200: OpenApiResponse(LeadTakenIn, "The phone was known: the lead it already is."),
            **errors(400),
        },
        examples=_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        if not isinstance(request.data, dict):
            raise serializers.ValidationError({"non_field_errors": [_("Send one JSON object.")]})
        form = LeadIn(data=request.data)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        tracking = tracking_from({**_flat_tracking(request.data), **values.pop("tracking", {})})
        agreed = values.pop("consent", False)
        actor = person(request.user) if request.user.is_authenticated else SYSTEM
        lead, created = lead_take(values=values, tracking=tracking, agreed=agreed, actor=actor)
        consultant = {"id": lead.consultant_id, "name": lead.consultant.name} if lead.consultant else None
        body = {
            "id": lead.pk,
            "name": lead.name,
            "phone": lead.phone,
            "status": lead.status,
            "consultant": consultant,
            "ai_score": lead.ai_score,
            "ai_temperature": lead.ai_temperature,
            "created": created,
        }
        return Response(body, status=201 if created else 200)


def _flat_tracking(data: dict[str, Any]) -> dict[str, Any]:
    """utm_* and friends may also come beside the lead's own fields."""
    return {key: data[key] for key in KEYS if key in data}
