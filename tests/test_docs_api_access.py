"""The examples of docs/api-access.md and the first steps of docs/api.md run as they stand, one after the other."""

import json
import re
import shlex
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from conftest import PASSWORD
from crm.accounts.models import User
from crm.api.keys import key_create
from stack.places import ROOT

FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"(curl .*?)\s+# (\d{3})$", re.MULTILINE | re.DOTALL)


def run(command: str, known: dict[str, str]) -> Any:
    """The answer to a curl command; its variables are filled in as a shell does."""
    _curl, *words = shlex.split(re.sub(r"\$(\w+)", lambda name: known[name[1]], command.replace("\\\n", " ")))
    options = {"-H": [], "-d": [], "-X": []}
    address = ""
    while words:
        word = words.pop(0)
        if word in options:
            options[word].append(words.pop(0))
        elif word != "-s":
            address = word
    headers = dict(line.split(": ", 1) for line in options["-H"])
    body = "".join(options["-d"])
    method = (options["-X"] or ["POST" if body else "GET"])[0]
    kind = headers.pop("Content-Type", "application/json")
    at = urlsplit(address)
    return Client().generic(method, at.path, body, kind, query_params=dict(parse_qsl(at.query)), headers=headers)


def run_all(page: str, known: dict[str, str]) -> int:
    """How many examples ran; what an answer gives stands for the variables of the next ones."""
    text = (ROOT / page).read_text().replace("ana@demo.livia", "ana@example.com").replace("livia-demo", PASSWORD)
    examples = [found for block in FENCE.findall(text) for found in EXAMPLE.findall(block)]
    for command, status in examples:
        answer = run(command, known)
        assert answer.status_code == int(status), (command, answer.content)
        given = json.loads(answer.content) if answer.content else {}
        known |= {name.upper(): given[name] for name in ("access", "refresh") if name in given}
        known |= {"LEAD": str(given["id"])} if given.get("lead") else {}
    return len(examples)


def test_the_examples_of_keys_and_tokens_run(ana: User) -> None:
    assert run_all("docs/api-access.md", {"KEY": key_create(user=ana, name="Docs", scopes=["leads:read"])[1]}) == 7


def test_the_first_steps_run(bruno: User, ana: User) -> None:
    scopes = ["leads:read", "leads:write"]
    assert run_all("docs/api.md", {"KEY": key_create(user=bruno, name="Docs", scopes=scopes)[1]}) == 5
