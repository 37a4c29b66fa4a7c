"""The suites about words: one utterance or one lead at a time, by rules. No database, no network."""

from typing import Any

from agent.brain.classify import classify_lead
from agent.brain.understanding import understand
from agent.evaluation.cases import Case


def extract(case: Case) -> dict[str, Any]:
    read = understand(case["text"], asked=case.get("asked"), last_bot=None, known={})
    return {"id": case["id"], "slots": read.slots}


def intent(case: Case) -> dict[str, Any]:
    read = understand(case["text"], asked=None, last_bot=case.get("last_bot"), known={})
    return {"id": case["id"], "intent": read.intent}


def classify(case: Case) -> dict[str, Any]:
    result = classify_lead(case["lead"])
    return {"id": case["id"], "temperature": result.temperature, "score": result.score}


PREDICTORS = {"extract": extract, "intent": intent, "classify": classify}
