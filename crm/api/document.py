"""The OpenAPI document. It is the same for every reader, so it is made once in the life of a process."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

LANGUAGE = "en"


def kept() -> Path:
    """Where the document lies in the repository, for whoever reads it without a server."""
    return settings.BASE_DIR / "docs" / "openapi.json"


def document() -> dict:
    """Made from the code, in English."""
    with translation.override(LANGUAGE):
        made = SchemaGenerator().get_schema(request=None, public=True)
        return json.loads(json.dumps(made, default=str))  # lazy texts are read while the language holds


@cache
def as_json() -> str:
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


@cache
def as_yaml() -> str:
    return OpenApiYamlRenderer().render(json.loads(as_json()), renderer_context={}).decode()
