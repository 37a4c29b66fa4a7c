"""`.env.example` names every variable the product reads, nothing else, and shows the true defaults."""

import json
import os
import re
import subprocess
import sys

from stack.places import ROOT

LINE = re.compile(r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
SHOWN = {name: (mark == "#", value) for mark, name, value in LINE.findall((ROOT / ".env.example").read_text())}
LEAST = {"SECRET_KEY": "k" * 40, "DATABASE_URL": "postgresql://livia@localhost/livia"}

# Translated texts cannot be read without the apps; no variable reaches them.
LOAD = """
import json
from crm import env, settings
unread = {"LANGUAGES", "LOGGING", "UNFOLD"}
values = {name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper() and name not in unread}
print(json.dumps({"names": sorted(env.names()), "values": values}))
"""


def load(environment: dict[str, str]) -> dict:
    """What a fresh process makes of an environment that holds nothing else."""
    least = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=ROOT, env=least | environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def read_outside_the_settings() -> set[str]:
    """Variables of the local start, the containers and the compose file."""
    sources = [
        path
        for path in (*ROOT.glob("stack/*.py"), *ROOT.glob("deploy/*"))
        if path.is_file() and path.name != "testing.py"
    ]
    code = "\n".join(path.read_text() for path in sources)
    compose = re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text())
    return {*re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", code), *re.findall(r"\{\$([A-Z_]+)", code), *compose}


def test_the_file_names_every_variable_and_no_other():
    assert set(SHOWN) == set(load(LEAST)["names"]) | read_outside_the_settings()


def test_the_defaults_shown_are_the_defaults():
    """Taking the # away from every line changes no setting."""
    shown = {name: value for name, (is_default, value) in SHOWN.items() if is_default}
    assert load(shown | LEAST)["values"] == load(LEAST)["values"]


def test_the_compose_file_gets_its_defaults_from_the_same_figures():
    compose = (ROOT / "docker-compose.yml").read_text()
    for name, default in re.findall(r"(?<!\$)\$\{([A-Z_]+):-([^}]*)\}", compose):
        is_default, value = SHOWN[name]
        assert not is_default or value == default
