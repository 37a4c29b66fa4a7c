"""`bin/dependencies` knows what may be shipped, and says when it could not ask."""

import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "bin" / "dependencies"


@pytest.fixture(scope="module")
def dependencies() -> ModuleType:
    loader = SourceFileLoader("dependencies", str(SCRIPT))
    spec = spec_from_loader("dependencies", loader)
    assert spec
    module = module_from_spec(spec)
    sys.modules["dependencies"] = module  # dataclasses look their module up
    was, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = was
    return module


@pytest.mark.parametrize(
    ("told", "licence", "is_allowed"),
    [
        ("MIT License", "MIT", True),
        ("Apache Software License; MIT License", "Apache-2.0 AND MIT", True),
        ("GPL-3.0-or-later OR MIT", "GPL-3.0-or-later OR MIT", True),
        ("GPL-3.0-or-later AND MIT", "GPL-3.0-or-later AND MIT", False),
        ("AGPL-3.0", "AGPL-3.0", False),
        ("", "UNKNOWN", False),
    ],
)
def test_of_alternatives_one_must_be_allowed_and_of_joint_terms_all(
    dependencies: ModuleType, told: str, licence: str, is_allowed: bool
) -> None:
    assert dependencies.spdx(told) == licence and dependencies.allowed(licence) is is_allowed


def test_everything_that_is_shipped_has_an_allowed_licence() -> None:
    ran = subprocess.run([SCRIPT, "--offline"], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "| django |" in ran.stdout and "| htmx.org |" in ran.stdout


def test_an_advisory_counts_and_a_package_nobody_answered_for_is_not_called_harmless(dependencies: ModuleType) -> None:
    pinned = dependencies.pins("one==1.0 \\\n    --hash=sha256:0\nTwo_b==2.0 ; python_version < '3.12'\n")
    known = {"name": "one", "vulns": [{"id": "GHSA-1", "fix_versions": ["1.1"]}]}
    answer = json.dumps({"dependencies": [known, {"name": "two-b", "skip_reason": "not found"}]})
    told = dependencies.told_of(answer, pinned)
    assert told.against_us == [("one", "GHSA-1", "1.1")] and told.unasked == ["two-b"]
    assert dependencies.told_of("", pinned).unasked == ["one", "two-b"]
