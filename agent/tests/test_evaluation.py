"""`manage.py livia evaluate` and `predict`: every suite, its own marks, and files that do not fit."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agent.brain.intents import INTENTS
from agent.evaluation import SUITES, own_set
from agent.evaluation.cases import read_cases
from agent.evaluation.dialogues import play_dialogue
from agent.evaluation.judging_talk import dialogue_faults, judge_dialogues
from agent.evaluation.running import JUDGES, predict, prediction_of
from crm.env import BASE_DIR

# What the project's own sets are held to.
MARKS = {"extract": 0.97, "intent": 0.95, "classify": 0.9}


def livia(*arguments: object) -> str:
    out = StringIO()
    call_command("livia", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def cases_in(path: Path, *cases: dict) -> Path:
    path.write_text("".join(json.dumps(case) + "\n" for case in cases))
    return path


@pytest.mark.parametrize("suite", SUITES)
def test_the_project_has_cases_of_every_suite(suite):
    assert read_cases(suite, own_set(suite))


@pytest.mark.parametrize(("suite", "mark"), MARKS.items())
def test_a_suite_about_words_keeps_its_mark_and_needs_no_database(suite, mark):
    told = json.loads(livia("evaluate", suite, "--json", "--fail-under", mark))
    assert told["share"] >= mark
    assert told.get("forbidden_avoided", 1) >= 0.99
    assert told.get("false_opt_outs", 0) == 0 and told.get("two_steps_off", 0) == 0


def test_predictions_are_one_line_a_case(tmp_path):
    keys = {"extract": {"slots"}, "intent": {"intent"}, "classify": {"temperature", "score"}}
    for suite, wanted in keys.items():
        cases, out = read_cases(suite, own_set(suite))[:10], tmp_path / f"{suite}.jsonl"
        livia("predict", suite, cases_in(tmp_path / "in.jsonl", *cases), "--out", out)
        rows = [json.loads(line) for line in out.read_text().splitlines()]
        assert [row["id"] for row in rows] == [case["id"] for case in cases]
        assert all(set(row) == {"id"} | wanted for row in rows)


def test_a_case_to_be_predicted_needs_no_expectations(tmp_path):
    file = cases_in(tmp_path / "in.jsonl", {"id": 1, "text": "quero 80 mil"})
    livia("predict", "extract", file, "--out", tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {"id": "1", "slots": {"credit_amount": 8_000_000}}


def test_every_intent_of_the_cases_is_one_of_ours():
    for case in read_cases("intent", own_set("intent")):
        assert {case["intent"], *case["accept"], *case["reject"]} <= {*INTENTS, None}


def test_a_miss_is_counted_listed_and_fails_where_asked(tmp_path):
    right = {"id": "a", "text": "80 mil", "asked": "credit_amount", "expect": {"credit_amount": 8_000_000}, "not": []}
    wrong = {**right, "id": "b", "expect": {"credit_amount": 1}, "tags": ["odd"]}
    trap = {**right, "id": "c", "expect": {}, "not": ["credit_amount=8000000"]}
    file = cases_in(tmp_path / "in.jsonl", right, wrong, trap)
    assert "utterances fully right 1/3" in livia("evaluate", "extract", file)
    assert 'MISS {"id": "b"' in livia("evaluate", "extract", file, "--list")
    told = json.loads(livia("evaluate", "extract", file, "--json"))
    assert told["tags"] == {"odd": "0/1"} and told["forbidden_avoided"] == 0
    with pytest.raises(CommandError, match="under"):
        livia("evaluate", "extract", file, "--fail-under", 0.5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no cases"),
        ("{", ":1: not JSON"),
        ("[1]", "an object with an id"),
        ('{"id": 1}', "text is missing"),
        ('{"id": 1, "text": 5}', "wrong kind"),
        ('{"id": 1, "text": "oi"}\n\n{"id": 1, "text": "oi"}', "twice"),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_its_line(tmp_path, text, sentence):
    file = tmp_path / "in.jsonl"
    file.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        livia("predict", "extract", file, "--out", tmp_path / "out.jsonl")


def test_a_file_that_is_not_there_and_an_unknown_suite_are_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        livia("evaluate", "intent", tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="invalid choice"):
        livia("evaluate", "poetry")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outcome", ["transferred", "asked_human", "opted_out", "cold"])
def test_a_scripted_client_gets_through_the_real_pipeline(outcome):
    cases = [case for case in read_cases("dialogues", own_set("dialogues")) if case["outcome"] == outcome]
    assert cases
    for case in cases[:2]:
        prediction = play_dialogue(case)
        assert dialogue_faults(case, prediction) == [], prediction["transcript"]


@pytest.mark.django_db(transaction=True)
def test_a_burst_is_one_turn_and_unknown_questions_are_put_off():
    case = {"id": "x", "turns": [["oi", "sou a Maria", "quero 80 mil"]], "answers": {}, "outcome": "cold", "expect": {}}
    transcript = play_dialogue(case)["transcript"]
    assert [who for who, _text in transcript[:4]] == ["client", "client", "client", "livia"]
    assert ["client", "prefiro ver isso depois"] in transcript


def test_a_dialogue_is_judged_by_outcome_slots_and_words():
    case = {"id": "x", "outcome": "opted_out", "expect": {"slots": {"name": "Maria"}, "not_slots": ["cpf"]}}
    said = [["client", "sair"], ["livia", "Hello, what do you want to do with the money?"]]
    got = {"id": "x", "outcome": "cold", "slots": {"name": "Ana", "cpf": "1"}, "transcript": said}
    faults = "\n".join(dialogue_faults(case, got))
    for part in ("outcome cold", "'Ana'", "not cpf", "not Portuguese"):
        assert part in faults
    assert judge_dialogues([case], [got]).right == 0


def test_a_case_that_breaks_is_wrong_and_does_not_end_the_run():
    broken = {"id": "x", "error": "ValueError: no"}
    assert JUDGES["dialogues"]([{"id": "x", "outcome": "cold", "expect": {}}], [broken]).misses[0]["faults"]
    assert JUDGES["faults"]([{"id": "x", "state": {}, "expect": {}}], [broken]).right == 0
    assert prediction_of("dialogues", broken)["outcome"] == prediction_of("faults", broken)["action"] == "error"


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_dialogues_and_faults_play_in_databases_of_their_own(tmp_path):
    before = _databases()
    out = tmp_path / "out.jsonl"
    cases = read_cases("dialogues", own_set("dialogues"))[:2]
    file = cases_in(tmp_path / "in.jsonl", *cases)
    # Not called in here: pytest's own database must not be swapped under it.
    command = [sys.executable, "manage.py", "livia", "predict", "dialogues", file, "--out", out]
    run = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == [case["id"] for case in cases]
    assert _databases() == before


@pytest.fixture
def plain_role(transactional_db) -> Iterator[str]:
    """DATABASE_URL of a role that may nothing but sign in."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE livia_plain LOGIN PASSWORD 'plain'")
    yield re.sub("//[^@/]*@", "//livia_plain:plain@", os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE livia_plain")


def test_a_role_that_may_not_create_databases_is_told_so(plain_role):
    command = [sys.executable, "manage.py", "livia", "evaluate", "dialogues"]
    environment = {**os.environ, "DATABASE_URL": plain_role}
    run = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1 and "may not create databases" in run.stderr, run.stderr


def test_predicting_words_is_the_same_each_time():
    cases = read_cases("extract", own_set("extract"))[:20]
    assert predict("extract", cases) == predict("extract", cases)


def _databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}
