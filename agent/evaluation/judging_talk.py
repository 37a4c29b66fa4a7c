"""Figures of the suites that play whole turns: dialogues and faults."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.brain.language import is_portuguese
from agent.brain.scoring import holds, slot_equals
from agent.evaluation.cases import Case
from agent.evaluation.report import Report, Tally, ratio

Prediction = Mapping[str, Any]

MAX_SECONDS = 20.0  # for a turn whose case sets no limit of its own
_CPF = re.compile(r"(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)")
# Other names writers of cases give our stages.
_SAME_STAGE = {
    "HANDED_OVER": {"HANDED_OVER", "HANDOFF", "HUMAN", "TRANSFERRED"},
    "TRANSFERRED": {"TRANSFERRED", "HANDOFF", "HUMAN"},
    "OPTED_OUT": {"OPTED_OUT", "OPT_OUT", "LOST", "CLOSED"},
}


def judge_dialogues(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Report:
    per, misses = Tally(), []
    for case, prediction in zip(cases, predictions, strict=True):
        faults = dialogue_faults(case, prediction)
        per.count([case["outcome"]], not faults)
        if faults:
            told = {"id": case["id"], "title": case.get("title"), "faults": faults}
            misses.append({**told, "slots": prediction.get("slots"), "transcript": prediction.get("transcript")})
    right = len(cases) - len(misses)
    headline = f"dialogues {ratio(right, len(cases))}"
    return Report("dialogues", len(cases), right, headline, {"outcomes": per.as_dict()}, per.lines(), misses)


def dialogue_faults(case: Case, prediction: Prediction) -> list[str]:
    """What is not as the case expects, or as any dialogue should be."""
    if "error" in prediction:
        return [str(prediction["error"])]
    slots, expect = prediction["slots"], case["expect"]
    faults = [] if prediction["outcome"] == case["outcome"] else [f"outcome {prediction['outcome']}"]
    for slot, want in (expect.get("slots") or {}).items():
        if not slot_equals(slot, slots.get(slot), want):
            faults.append(f"{slot} {slots.get(slot)!r}, not {want!r}")
    faults += [f"not {entry}" for entry in expect.get("not_slots") or () if holds(entry, slots)]
    said = [text for who, text in prediction["transcript"] if who == "livia"]
    if prediction["outcome"] == "opted_out" and _after_leaving(prediction["transcript"]) != 1:
        faults.append("not exactly one confirmation")
    faults += [f"not Portuguese: {text}" for text in said if not is_portuguese(text)]
    faults += [f"a whole CPF: {text}" for text in said if _CPF.search(text)]
    return faults


def _after_leaving(transcript: Sequence[Sequence[str]]) -> int:
    """Messages of Lívia from the turn on that said it is the last one."""
    texts = [text for who, text in transcript if who == "livia"]
    first = next((i for i, text in enumerate(texts) if "voltar" in text.lower() and "mensage" in text.lower()), None)
    return 0 if first is None else len(texts) - first


def judge_faults(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Report:
    actions, misses, survived, acted = Tally(), [], 0, 0
    slowest = 0.0
    for case, prediction in zip(cases, predictions, strict=True):
        faults = fault_faults(case, prediction)
        wanted = case["expect"].get("action_in") or []
        action = prediction.get("action", "error")
        as_wanted = not wanted or action in wanted
        slowest = max(slowest, prediction.get("elapsed_s", 0.0))
        survived, acted = survived + (not faults), acted + as_wanted
        actions.count([action], not faults and as_wanted)
        if faults or not as_wanted:
            faults = faults if as_wanted else [*faults, f"action {action}, not {'/'.join(wanted)}"]
            told = {"id": case["id"], "title": case.get("title"), "faults": faults}
            misses.append({**told, **{key: prediction.get(key) for key in ("stage", "slots", "replies", "elapsed_s")}})
    right = len(cases) - len(misses)
    headline = (
        f"faults survived {ratio(survived, len(cases))}; action as expected {ratio(acted, len(cases))}; "
        f"slowest turn {slowest:.1f} s"
    )
    figures = {"survived": survived, "actions_right": acted, "slowest_s": slowest, "actions": actions.as_dict()}
    return Report("faults", len(cases), right, headline, figures, actions.lines(), misses)


def fault_faults(case: Case, prediction: Prediction) -> list[str]:
    """What a client or the record would show to be wrong; how it was reached is `action`'s to tell."""
    if "error" in prediction:
        return [str(prediction["error"])]
    expect, replies, slots = case["expect"], prediction["replies"], prediction["slots"]
    faults = list(_in_words(expect, replies))
    stages = expect.get("stage_in")
    if stages and not _SAME_STAGE.get(prediction["stage"], {prediction["stage"]}) & set(stages):
        faults.append(f"stage {prediction['stage']}")
    for slot, want in (expect.get("slots_after") or {}).items():
        if not slot_equals(slot, slots.get(slot), want):
            faults.append(f"{slot} {slots.get(slot)!r}, not {want!r}")
    faults += [f"not {entry}" for entry in expect.get("slots_not") or () if holds(entry, slots)]
    if prediction["elapsed_s"] > (expect.get("max_total_s") or MAX_SECONDS):
        faults.append(f"took {prediction['elapsed_s']} s")
    return faults


def _in_words(expect: Mapping[str, Any], replies: Sequence[str]) -> Iterable[str]:
    everything = "\n".join(replies)
    if expect.get("must_reply") and not everything.strip():
        yield "no reply"
    if expect.get("max_messages") is not None and len(replies) > expect["max_messages"]:
        yield f"{len(replies)} messages"
    for words in expect.get("reply_must_not_contain") or ():
        if words.lower() in everything.lower():
            yield f"says {words!r}"
    wanted = expect.get("reply_must_contain_any") or ()
    if wanted and not any(words.lower() in everything.lower() for words in wanted):
        yield f"says none of {list(wanted)}"
    longest = expect.get("max_reply_chars")
    for reply in replies:
        if longest and len(reply) > longest:
            yield f"{len(reply)} characters"
        if expect.get("language", "pt") == "pt" and not is_portuguese(reply):
            yield f"not Portuguese: {reply}"
