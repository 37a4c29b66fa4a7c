"""What the pages on attacks and threats say is proven is proven by a test that is there."""

import re

import pytest

from stack.places import ROOT

NAMED = re.compile(r"`([\w/]+)(?:\.py)?::(\w+)`")
SHORT = {name: f"tests/test_attacks_{name}" for name in ("doors", "requests", "scripts", "files", "answers")}
PAGES = ["docs/attacks.md", "docs/threat-model.md"]


def named_in(page: str) -> list[tuple[str, str]]:
    return [(SHORT.get(place, place), name) for place, name in NAMED.findall((ROOT / page).read_text())]


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_names_a_test_that_is_there(page: str) -> None:
    named = named_in(page)
    assert len(named) > 25
    assert [
        f"{place}.py::{name}"
        for place, name in named
        if not (ROOT / f"{place}.py").exists() or f"def {name}(" not in (ROOT / f"{place}.py").read_text()
    ] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_row_of_a_table_names_one(page: str) -> None:
    rows = [line for line in (ROOT / page).read_text().splitlines() if re.match(r"\| (?!attack \||STRIDE \||-)", line)]
    assert [row for row in rows if not NAMED.search(row.rpartition(" | ")[2])] == []


def test_every_attack_that_is_tried_is_told_of() -> None:
    told = {name for page in PAGES for _place, name in named_in(page)}
    tried = {
        name
        for place in SHORT.values()
        for name in re.findall(r"^def (test_\w+)", (ROOT / f"{place}.py").read_text(), re.M)
    }
    assert tried - told - {"test_the_judge_knows_an_element_that_should_not_be"} == set()
