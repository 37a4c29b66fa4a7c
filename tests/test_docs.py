"""The documents keep their promises: links lead somewhere, names exist, examples can be sent."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm import env
from leads.api.intake import LeadIn
from stack.places import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# `whatsapp/child.py`, `docs/leads.md`: what looks like a file of the project and stands in backticks.
FILE = re.compile(
    r"`((?:agent|bench|bin|conversations|crm|deploy|docs|leads|locale|stack|static|templates|tests|whatsapp)/[\w./-]+)`"
)
SETTING = re.compile(r"`([A-Z]+(?:_[A-Z]+)+)`")
MADE_BY_USE = {"bench/results"}


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_leads_somewhere(page):
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_exists(page):
    named = set(FILE.findall(page.read_text()))
    assert {name for name in named if not (ROOT / name).exists() and not name.startswith(tuple(MADE_BY_USE))} == set()


def test_every_setting_named_exists():
    """An upper-case name with an underscore is a setting, or a name of the code."""
    known = env.names() | set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    code = "\n".join(
        path.read_text() for app in ("agent", "leads", "crm", "whatsapp") for path in ROOT.glob(f"{app}/**/*.py")
    )
    named = {name for page in PAGES for name in SETTING.findall(page.read_text())}
    assert {name for name in named - known if not re.search(rf"\b{name}\b", code)} == set()


def test_every_picture_is_used():
    used = {Path(link).name for page in PAGES for link in LINK.findall(page.read_text())}
    pictures = {path.name for path in (ROOT / "docs/screenshots").glob("*.png")}
    assert pictures <= used, "docs/screenshots.py takes pictures that no page shows"


def curls() -> list[list[str]]:
    text = (ROOT / "docs/leads.md").read_text()
    return [shlex.split(code.replace("\\\n", " ")) for language, code in FENCE.findall(text) if "curl" in code]


@pytest.mark.parametrize("command", curls(), ids=["full", "least"])
def test_the_examples_of_the_lead_api_can_be_sent(command):
    body = json.loads(command[command.index("-d") + 1])
    assert command[2].endswith("/api/leads") and "Content-Type: application/json" in command
    form = LeadIn(data=body)
    assert form.is_valid(), form.errors


def test_the_answer_shown_has_the_keys_of_the_answer(db, client, ana, settings):
    settings.LEADS_API_PUBLIC = True
    text = (ROOT / "docs/leads.md").read_text()
    shown = next(json.loads(code) for language, code in FENCE.findall(text) if language == "json")
    body = curls()[0][curls()[0].index("-d") + 1]
    answer = client.post("/api/leads", body, content_type="application/json")
    assert answer.status_code == 201
    got = answer.json()
    assert got.keys() == shown.keys()
    assert {key: got[key] for key in ("name", "phone", "status", "ai_score", "ai_temperature", "created")} == {
        key: shown[key] for key in ("name", "phone", "status", "ai_score", "ai_temperature", "created")
    }
