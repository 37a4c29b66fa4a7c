"""The API's description of itself: what the views say by `@extend_schema`, and what holds for all of them."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from crm.api.examples import COMPONENTS
from crm.api.lists import parameters_of
from crm.api.serializing import ModelAnswer, Strict
from crm.api.spectacular import ERROR_REF, LIMITED, REFUSALS, header_refs
from crm.api.views import ApiView, Counted

V1 = "/api/v1/"
INTAKE = "/api/leads"  # leads from other systems, as they have sent them since before version 1
_pages: dict[Any, type[serializers.Serializer]] = {}


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """Refusals for `@extend_schema(responses={200: …, **errors(409)})`.

    Those that follow from the view's kind come by themselves: 401, 403, 429; 400 where something is sent; 404 for a
    record; 412 for PATCH, 413 and 415 for bodies, 422 for methods marked `once`.
    """
    return {status: OpenApiResponse(ERROR_REF, REFUSALS[status][1]) for status in statuses}


def ListOf(serializer: type[serializers.Serializer]) -> type[serializers.Serializer]:  # noqa: N802  (a type)
    """The answer of a list in pages (crm.api.paging), for `responses`; the parameters come with it."""
    if serializer not in _pages:
        fields = {
            "results": serializer(many=True),
            "next": serializers.URLField(allow_null=True, help_text="The page after this one."),
            "previous": serializers.URLField(allow_null=True, help_text="The page before this one."),
        }
        name = f"{serializer.__name__.removesuffix('Serializer')}Page"
        _pages[serializer] = type(name, (serializers.Serializer,), {**fields, "is_page": True})
    return _pages[serializer]


def our_paths(endpoints: list[Any]) -> list[Any]:
    """What the document is about: version 1, and the address leads come in by."""
    bare = [(path.rstrip("/"), *rest) for path, *rest in endpoints]
    return [row for row in bare if row[0].startswith(V1) or row[0] == INTAKE]


def bases() -> list[type]:
    """Classes whose docstrings are for programmers of this product."""
    return [*get_lib_doc_excludes(), ApiView, Counted, Strict, ModelAnswer]


def tidied(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Values to choose from stay where they are used: names for them would collide from one view to the next."""
    _without("x-spec-enum-id", result)
    for name, schema in result["components"]["schemas"].items():
        if name in COMPONENTS:
            schema["examples"] = [COMPONENTS[name]]
    return result


def _without(name: str, part: Any) -> None:
    if isinstance(part, dict):
        part.pop(name, None)
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _without(name, inner)


class Schema(AutoSchema):
    """Completes each operation with what the base of the views does, so that no view has to say it again."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if rules := self._rules():
            operation["description"] = "\n\n".join(part for part in (operation.get("description"), rules) if part)
        if self._is_tagged() and self.method == "GET":
            operation["responses"].setdefault("304", {"description": _MEANING[304]})
        for status in self._refusals(operation):
            operation["responses"].setdefault(str(status), {})
        named = {status: self._answer(status, answer) for status, answer in operation["responses"].items()}
        operation["responses"] = dict(sorted(named.items()))
        return operation

    def get_override_parameters(self) -> list[OpenApiParameter]:
        """Under `@extend_schema(parameters=…)`, which asks here for what it adds to."""
        given = []
        if self._is_page():
            given += parameters_of(self.view.orderings, self.view.filters)
        if self._is_once():
            text = "1 to 200 visible ASCII characters: the same request again is answered as the first time."
            given.append(_text_header("Idempotency-Key", text, pattern=r"^[!-~]{1,200}$"))
        if self._is_tagged() and self.method == "PATCH":
            given.append(_text_header("If-Match", "The ETag of the state that the change is meant for."))
        if self._is_tagged() and self.method == "GET":
            given.append(_text_header("If-None-Match", "The ETag you have: 304 without a body if it is still so."))
        return given

    def _rules(self) -> str:
        """Who may ask, in words."""
        scope = getattr(self.view, "scopes", {}).get(self.method)
        said = [f"Keys need the scope `{scope}`."] if scope else []
        if getattr(self.view, "managers_only", False):
            said.append("Managers only: for others it does not exist.")
        return " ".join(said)

    def _refusals(self, operation: dict[str, Any]) -> set[int]:
        found = {429}
        if not self._is_public():
            found |= {401, 403}
        if self._is_tagged() and self.method == "PATCH":
            found.add(412)
        if "{" in self.path or getattr(self.view, "managers_only", False):
            found.add(404)
        if self._is_once():
            found |= {400, 422}
        if "requestBody" in operation:
            found |= {400, 413, 415}
        if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
            found.add(400)
        return found

    def _answer(self, status: str, answer: dict[str, Any]) -> dict[str, Any]:
        """A refusal becomes the component that describes it; what is told else gets its headers."""
        number = int(status)
        content = answer.get("content", {}).get("application/json", {})
        if not answer or (content == {"schema": ERROR_REF} and answer["description"] == REFUSALS[number][1]):
            return {"$ref": f"#/components/responses/{REFUSALS[number][0]}"}
        names = list(LIMITED)
        if number < 400 and self._is_tagged():
            names.append("ETag")
        if number < 300 and self._is_once():
            names.append("Idempotency-Replayed")
        answer["description"] = answer.get("description") or _MEANING.get(number, "Done.")
        return {**answer, "headers": {**header_refs(*names), **answer.get("headers", {})}}

    def _handler(self) -> Any:
        return getattr(self.view, self.method.lower(), None)

    def _is_public(self) -> bool:
        return any(isinstance(permission, AllowAny) for permission in self.view.get_permissions())

    def _is_once(self) -> bool:
        return getattr(self._handler(), "is_once", False)

    def _is_tagged(self) -> bool:
        """Whether records come with an ETag here: those that can be changed by PATCH, if the view says nothing else."""
        can_patch = "patch" in dir(self.view)
        return self.method in ("GET", "PATCH") and bool(getattr(self.view, "has_etag", can_patch))

    def _is_page(self) -> bool:
        answers = self.get_response_serializers()
        answer = answers.get(200) if isinstance(answers, dict) else answers
        return getattr(answer, "is_page", False)

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(serializer, Strict):
            schema["additionalProperties"] = False
        return schema


_MEANING = {
    200: "Done.",
    201: "Created.",
    202: "Accepted: it is done soon.",
    204: "Done; there is nothing to say.",
    304: "Still in the state of If-None-Match.",
}


def _text_header(name: str, description: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, **more)


class _BearerScheme(OpenApiAuthenticationExtension):
    """Keys and access tokens come the same way; keys have a header of their own besides."""

    target_class = "crm.api.authentication.KeyAuthentication"
    name = ["bearer", "key"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        scope = getattr(auto_schema.view, "scopes", {}).get(auto_schema.method)
        return [{name: [str(scope)] if scope else []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "http", "scheme": "bearer", "description": "A personal API key, or an access token."},
            {"type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "A personal API key."},
        ]


class _PageScheme(OpenApiAuthenticationExtension):
    target_class = "crm.api.authentication.PageAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        told = "The session of a signed-in page; what changes something needs its CSRF token as X-CSRFToken."
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": told}


class _IntakeScheme(OpenApiAuthenticationExtension):
    target_class = "leads.api.intake.LeadsTokenAuthentication"
    name = "intake"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The installation's LEADS_API_TOKEN."}


class _CookieScheme(OpenApiAuthenticationExtension):
    """An access token as a cookie; in a header it is described as `bearer`."""

    target_class = "crm.api.authentication.JwtAuthentication"
    name = "cookie"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        told = (
            "An access token that POST /api/v1/auth/token set as a cookie; with X-CSRFToken where it changes something."
        )
        return {"type": "apiKey", "in": "cookie", "name": "livia_access", "description": told}
