"""Figures of the suites about words: predictions beside what the cases expect."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from agent.brain.scoring import forbidden, intent_passes, is_empty, missed, optional_wrong
from agent.evaluation.cases import Case
from agent.evaluation.report import Report, Tally, ratio

Prediction = Mapping[str, Any]
_TEMPERATURES = ("COLD", "WARM", "HOT")


def judge_extract(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Report:
    right_slots, missed_slots, bad_slots = Counter[str](), Counter[str](), Counter[str]()
    tags, full, avoided, traps = Tally(), 0, 0, 0
    misses = []
    for case, prediction in zip(cases, predictions, strict=True):
        slots = {name: value for name, value in prediction["slots"].items() if not is_empty(value)}
        wrong, fills, extra = missed(case, slots), forbidden(case, slots), optional_wrong(case, slots)
        right_slots.update(slot for slot in case["expect"] if slot not in wrong)
        missed_slots.update(wrong)
        bad_slots.update([entry.partition("=")[0] for entry in fills] + extra)
        traps, avoided = traps + len(case["not"]), avoided + len(case["not"]) - len(fills)
        ok = not (wrong or fills or extra)
        full += ok
        tags.count(case.get("tags", ()), ok)
        if not ok:
            told = {key: case.get(key) for key in ("id", "text", "asked", "expect", "not", "optional")}
            misses.append({**told, "got": slots})
    found, expected = right_slots.total(), right_slots.total() + missed_slots.total()
    per_slot = {
        slot: {"right": right_slots[slot], "missed": missed_slots[slot], "forbidden": bad_slots[slot]}
        for slot in sorted({*right_slots, *missed_slots, *bad_slots})
    }
    headline = (
        f"utterances fully right {ratio(full, len(cases))}; slot recall {ratio(found, expected)}; "
        f"forbidden fills avoided {ratio(avoided, traps)}"
    )
    details = [
        f"  {slot:20s} right {n['right']:3d} missed/wrong {n['missed']:3d} forbidden {n['forbidden']:3d}"
        for slot, n in per_slot.items()
    ]
    figures = {
        "slot_recall": found / max(1, expected),
        "forbidden_avoided": avoided / max(1, traps),
        "slots": per_slot,
        "tags": tags.as_dict(),
    }
    return Report("extract", len(cases), full, headline, figures, [*details, "  by tag:", *tags.lines()], misses)


def judge_intent(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Report:
    per, false_opt_outs, misses = Tally(), 0, []
    for case, prediction in zip(cases, predictions, strict=True):
        seen = prediction["intent"]
        ok = intent_passes(case, seen)
        false_opt_outs += seen == "opt_out" and "opt_out" not in case["accept"]
        per.count([case["intent"] or "(trap)"], ok)
        if not ok:
            want = case["accept"] or [f"not {name}" for name in case["reject"]]
            misses.append({key: case[key] for key in ("id", "text", "last_bot")} | {"want": want, "got": seen})
    right = len(cases) - len(misses)
    headline = f"intent {ratio(right, len(cases))}; false opt-outs {false_opt_outs}"
    figures = {"false_opt_outs": false_opt_outs, "intents": per.as_dict()}
    return Report("intent", len(cases), right, headline, figures, per.lines(), misses)


def judge_classify(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Report:
    per, far, misses = Tally(), 0, []
    for case, prediction in zip(cases, predictions, strict=True):
        seen, want = prediction["temperature"], case["expect"]
        per.count([want], seen == want)
        far += abs(_TEMPERATURES.index(seen) - _TEMPERATURES.index(want)) == 2
        if seen != want:
            told = {"id": case["id"], "lead": case["lead"], "want": want}
            misses.append({**told, "got": seen, "score": prediction["score"]})
    right = len(cases) - len(misses)
    headline = f"temperature {ratio(right, len(cases))}; two steps off {far}"
    return Report(
        "classify",
        len(cases),
        right,
        headline,
        {"two_steps_off": far, "temperatures": per.as_dict()},
        per.lines(),
        misses,
    )
