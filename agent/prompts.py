"""Prompts by version: a change is a new version, a return to an old one as well, and none is ever edited."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from agent.brain.policies import DEFAULT_POLICIES, StagePolicy
from agent.brain.requirements import ASKABLE
from agent.brain.stages import Stage
from agent.catalogue import business
from agent.models import PromptVersion, StageChoice
from agent.saying import refusals
from agent.words import GUARD, MONEY, SLOTS, said, shown
from crm.accounts.models import User
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.locks import lock_then
from crm.core.work import service
from leads.models import MAX_CENTS

MOST_MONTHS = 1200
# What templates elsewhere fill in. Here nothing has to stand in a prompt: the code puts the client's data beside it.
_HOLE = re.compile(r"\{\{?\s*[\w.]+\s*\}?\}|\[[A-Z_]{3,30}\]")


@service
def prompt_version_add(
    *, stage: str, values: Mapping[str, Any], user: User | None = None, base: int | None = None
) -> PromptVersion:
    """Make new words and rules of a stage count from now on.

    `values`: instructions, default_reply, asks, limits and note; what is left out stays. `base` is the version they
    were written over. Raises Invalid, and Conflict where a newer version came meanwhile.
    """
    unsaved = built_in(stage)
    row = lock_then(f"prompt:{stage}", "SELECT max(version) FROM agent_promptversion WHERE stage = %s", [stage])
    last = row[0] if row else None
    if base is not None and base != (last or 0):
        raise Conflict(newer_sentence(last or 0), code="newer")
    current = prompt_current(stage)
    complete = {**values_of(current or unsaved), "note": "", **values}
    values_check(complete)
    if current and is_same(current, complete):
        raise Invalid(same_sentence(current), code="unchanged")
    return PromptVersion.objects.create(stage=stage, version=(last or 0) + 1, created_by=user, **complete)


@service
def prompt_version_restore(*, version_id: int, user: User | None = None) -> PromptVersion:
    """Make an old version count again, as a new one. Raises NotFound, and Invalid if it would be refused today."""
    old = PromptVersion.objects.filter(pk=version_id).first()
    if old is None:
        raise NotFound
    note = _("Back to version %(n)s") % {"n": old.version}
    return prompt_version_add(stage=old.stage, values={**values_of(old), "note": note}, user=user)


def prompt_current(stage: str) -> PromptVersion | None:
    """The version in force."""
    return PromptVersion.objects.select_related("created_by").filter(stage=stage).order_by("-version").first()


def prompt_in_force(stage: str) -> PromptVersion:
    """The version in force, or what holds without one. Raises Invalid for a stage in which she does not speak."""
    unsaved = built_in(stage)
    return prompt_current(stage) or unsaved


def built_in(stage: str) -> PromptVersion:
    """What holds where nothing was saved, unsaved. Raises Invalid for a stage in which she does not speak."""
    policy = DEFAULT_POLICIES.get(Stage(stage)) if stage in Stage.__members__ else None
    if policy is None:
        raise Invalid(
            _("Lívia does not speak in this stage."), fields={"stage": _("Lívia does not speak in this stage.")}
        )
    limits = {slot: list(span) for slot, span in policy.limits.items()}
    return PromptVersion(
        stage=stage, version=0, instructions=policy.instructions, default_reply=policy.default_reply,
        asks=list(policy.asks), limits=limits,
    )  # fmt: skip


def values_of(version: PromptVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in ("instructions", "default_reply", "asks", "limits")}


def policy_of_version(version: PromptVersion) -> StagePolicy:
    limits = {slot: (int(least), int(most)) for slot, (least, most) in version.limits.items()}
    return StagePolicy(version.instructions, version.default_reply, tuple(version.asks), limits, version.pk)


def is_same(version: PromptVersion, values: Mapping[str, Any]) -> bool:
    """Whether these values would change nothing."""
    return all(values[name] == value for name, value in values_of(version).items())


def same_sentence(version: PromptVersion) -> str:
    return _("Version %(n)s, which is in force, says the same.") % {"n": version.version}


def newer_sentence(version: int) -> str:
    return _("Version %(n)s was saved meanwhile. Compare before you save yours.") % {"n": version}


def values_check(values: Mapping[str, Any]) -> None:
    """Raises Invalid with the fields that are wrong; a limit's stands under `most_<slot>`."""
    wrong: dict[str, Any] = {}
    if not str(values["instructions"]).strip():
        wrong["instructions"] = _("Write what she is told.")
    elif found_hole := _HOLE.search(str(values["instructions"])):
        sentence = _("“%(text)s” is not filled in: all that is known of the client is added by itself.")
        wrong["instructions"] = sentence % {"text": found_hole.group()}
    if found := refusals(str(values["default_reply"]), links=business().links):
        wrong["default_reply"] = [
            _("This reply would be refused: %(why)s.") % {"why": said(GUARD, found[0].code).lower()}
        ]
    if unknown := set(values["asks"]) - set(ASKABLE):
        wrong["asks"] = _("Unknown: %(names)s") % {"names": ", ".join(sorted(unknown))}
    wrong |= {
        f"most_{slot}": problem for slot, span in values["limits"].items() if (problem := _span_problem(slot, span))
    }
    if wrong:
        raise Invalid(_("This version cannot be saved."), fields=wrong)


def _span_problem(slot: str, span: Any) -> str:
    if slot not in MONEY | {"term_months"} or len(span) != 2:
        return _("No such limit.")
    least, most = span
    ceiling = MOST_MONTHS if slot == "term_months" else MAX_CENTS
    if not all(isinstance(value, int) for value in span) or not 0 <= least < most <= ceiling:
        return _("The greatest must be above the least, and believable.")
    return ""


@dataclass(frozen=True)
class DiffLine:
    """A line of a comparison: kept, added, removed, or a gap of lines that are the same."""

    mark: Literal["same", "added", "removed", "gap"]
    text: str


def difference(old: PromptVersion | None, new: PromptVersion) -> list[tuple[str, list[DiffLine]]]:
    """What a version changed, by field; only the fields that differ."""
    if old is None:
        return []
    parts = [
        (_("Instructions"), old.instructions, new.instructions),
        (_("Default reply"), old.default_reply, new.default_reply),
        (_("Also asks for"), asks_text(old), asks_text(new)),
        (_("Plausible values"), limits_text(old), limits_text(new)),
    ]
    return [(label, _lines(before, after)) for label, before, after in parts if before != after]


def asks_text(version: PromptVersion) -> str:
    return "\n".join(said(SLOTS, slot) for slot in version.asks) or "–"


def limits_text(version: PromptVersion) -> str:
    lines = [
        f"{said(SLOTS, slot)}: {shown(slot, span[0])} – {shown(slot, span[1])}" for slot, span in version.limits.items()
    ]
    return "\n".join(sorted(lines)) or "–"


def _lines(before: str, after: str) -> list[DiffLine]:
    marks: dict[str, Literal["same", "added", "removed"]] = {" ": "same", "+": "added", "-": "removed"}
    lines: list[DiffLine] = []
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm=""):
        if line.startswith(("---", "+++")) and not lines:
            continue
        if line.startswith("@@"):
            lines += [DiffLine("gap", "…")] if lines else []
        else:
            lines.append(DiffLine(marks[line[0]], line[1:]))
    return lines


def stages_now() -> list[tuple[str, str, PromptVersion]]:
    """Every stage in which she speaks: code, name, the version in force."""
    newest = {
        row.stage: row
        for row in PromptVersion.objects.order_by("stage", "-version").distinct("stage").select_related("created_by")
    }
    labels = dict(StageChoice.choices)
    return [
        (stage.value, str(labels[stage.value]), newest.get(stage.value) or built_in(stage.value))
        for stage in DEFAULT_POLICIES
    ]
