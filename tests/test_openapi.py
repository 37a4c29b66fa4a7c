"""The API's description says what the code does: kept beside it, valid, whole, and with examples that are true."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from crm.api.document import as_json, document, kept
from crm.api.examples import COMPONENTS

RENEW = "docs/openapi.json is not what the code says: renew it with `python3 run.py manage openapi`."
Operation = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def doc() -> dict[str, Any]:
    return json.loads(as_json())


def operations(doc: dict[str, Any]) -> Iterator[Operation]:
    for path, item in doc["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        place = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield place, entry.callback.view_class
        else:
            yield from routes(entry, place)


def contents(doc: dict[str, Any], part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a request or an answer holds, as JSON."""
    if "$ref" in part:
        part = doc["components"]["responses"][part["$ref"].rsplit("/", 1)[1]]
    yield from (held for kind, held in part.get("content", {}).items() if kind == "application/json")


def examples(doc: dict[str, Any], held: dict[str, Any]) -> list[Any]:
    given = [one["value"] for one in held.get("examples", {}).values()]
    if "example" in held:
        given.append(held["example"])
    return given or of_component(doc, held["schema"])


def of_component(doc: dict[str, Any], schema: dict[str, Any]) -> list[Any]:
    """Those of the component itself; of a page, of its rows."""
    component = doc["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], {})
    rows = component.get("properties", {}).get("results", {}).get("items")
    return component.get("examples") or (of_component(doc, rows) if rows else [])


def test_the_document_in_the_repository_is_what_the_code_says():
    assert kept().read_text(encoding="utf-8") == as_json(), RENEW


def test_it_is_made_without_a_warning():
    GENERATOR_STATS.reset()
    document()
    assert not GENERATOR_STATS, "drf-spectacular warned: run `python3 run.py manage spectacular --file /dev/null`."


def test_it_is_valid_openapi_3_1_and_every_reference_leads_somewhere(doc):
    validate_schema(doc)
    assert doc["openapi"].startswith("3.1")
    for schema in doc["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', as_json())):
        place: Any = doc
        for name in reference.split("/"):
            place = place[name]


def test_every_address_of_the_api_is_in_it_with_all_its_methods(doc):
    api = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "api")
    written = {f"/{place}": view for place, view in routes(api, str(api.pattern))}
    assert set(written) == set(doc["paths"]) - {"/api/leads"}
    for place, view in written.items():
        methods = {name for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
        assert methods == set(doc["paths"][place]), place


def test_every_operation_says_what_it_does_who_may_and_how_it_refuses(doc):
    tags = {tag["name"] for tag in doc["tags"]}
    names = [operation["operationId"] for _where, operation in operations(doc)]
    assert len(names) == len(set(names))
    for where, operation in operations(doc):
        assert operation.get("summary"), where
        assert set(operation["tags"]) <= tags, where
        refusals = {status for status in operation["responses"] if status >= "400"}
        assert "429" in refusals and ("401" in refusals or not operation["security"][0]), where
        assert "{" not in where or "404" in refusals, where
        assert all(held["description"] for held in operation["responses"].values() if "$ref" not in held), where


def test_every_body_and_every_answer_has_an_example(doc):
    bare = []
    for where, operation in operations(doc):
        answers = operation["responses"].items()
        parts = [("body", operation.get("requestBody", {})), *((s, p) for s, p in answers if s < "300" and s != "204")]
        for name, part in parts:
            bare += [f"{where}: {name}" for held in contents(doc, part) if not examples(doc, held)]
    assert not bare, bare


def test_every_example_is_what_its_schema_allows(doc):
    checked = 0
    assert set(COMPONENTS) <= set(doc["components"]["schemas"])
    for where, operation in operations(doc):
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            for held in contents(doc, part):
                check = Draft202012Validator({**held["schema"], "components": doc["components"]})
                for example in held.get("examples", {}).values():
                    assert not [error.message for error in check.iter_errors(example["value"])], where
                    checked += 1
    for name, schema in doc["components"]["schemas"].items():
        for example in schema.get("examples", []):
            check = Draft202012Validator({**schema, "components": doc["components"]})
            assert not [error.message for error in check.iter_errors(example)], name
            checked += 1
    assert checked > 40


def test_everyone_may_read_it_as_json_as_yaml_and_on_a_page(db):
    client = Client()
    answer = client.get("/api/schema")
    assert answer.content.decode() == kept().read_text() and answer["Content-Type"] == "application/json"
    assert yaml.safe_load(client.get("/api/schema?format=yaml").content) == answer.json()
    assert client.get("/api/schema", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/api/schema?format=xml").status_code == 400
    page = client.get("/api/docs")
    assert page.status_code == 200 and 'data-schema="/api/schema"' in page.content.decode()


def test_the_page_needs_nothing_the_policy_forbids(db):
    page = Client().get("/api/docs")
    text = page.content.decode()
    assert "unsafe" not in page["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>|https?://", text)
