"""The step of a turn that asks: the next slot, in other words the second time, a person the third."""

import re
from dataclasses import replace

from agent.brain import replies
from agent.brain.draft import Draft
from agent.brain.requirements import COMMON, NAME_GIVEN_UP, NAME_LATER, ONCE, SOFT
from agent.brain.simulating import PERSON, offer_person, simulate
from agent.brain.state import Decision
from agent.brain.text import normalise

_ROW = "row"  # among what was asked for: the same question in a row, whatever was said in between
_MOST_IN_A_ROW = 4
_IN_WAGES = re.compile(r"\bsalarios?(?: minimos?)?\b")
IN_REAIS = "E quanto dá isso em reais, mais ou menos?"
_SIDEWAYS = frozenset({"ask_rate", "ask_docs", "objection_expensive", "smalltalk", "thanks", "ask_simulation", "greet"})


def missed(draft: Draft) -> bool:
    """True if the last question was neither answered nor sidestepped by a question of the client."""
    asked = draft.state.asked
    if asked is None or asked in draft.state.slots or draft.fresh:
        return False
    sideways = (
        draft.answered
        or draft.intent in _SIDEWAYS
        or "?" in draft.text
        or replies.ANSWERS_IN_PORTUGUESE in draft.asides
    )
    return not sideways and any(char.isalnum() for char in draft.text)


def ask(draft: Draft, *, again: bool = False) -> Decision:
    """The next question, or the simulation when nothing is missing."""
    unanswered = missed(draft)
    if draft.state.asked == "name" and "name" not in draft.state.slots:
        _put_off_name(draft)
    elif unanswered and draft.state.asked in SOFT | ONCE:
        draft.count(draft.state.asked, at_least=2 if draft.intent in {"deny", "postpone"} else 0)
    slot = next(iter(draft.missing()), None)
    if slot is None:
        return simulate(draft)
    if not draft.setting.products:
        return offer_person(draft, replies.UNAVAILABLE)
    draft.unanswered = draft.state.asked if unanswered else None
    unanswered = draft.unanswered == slot
    times = draft.state.times_asked.get(slot, 0)
    if unanswered and times >= 2 and not again:
        rather_later = times > 2 and draft.intent in {"deny", "postpone"}  # who wants no person either is left in peace
        if rather_later:
            draft.state = replace(draft.state, asked=None)
        return draft.say(replies.POSTPONE) if rather_later else offer_person(draft)
    again = again or slot == draft.state.asked
    if _goes_round(draft, slot):
        return offer_person(draft)
    turn_to(draft, slot, unanswered=unanswered)
    draft.state = replace(draft.state, pending=None)
    if slot == "name" and draft.state.times_asked["name"] > NAME_LATER:
        return draft.say(replies.NAME_AT_LAST, ordinary=True)
    before = None if unanswered else draft.before.last_reply  # not missed: something else was told or asked
    words = _question(draft, slot, again=again, before=before)
    return draft.say(words, ordinary=True)


def _goes_round(draft: Draft, slot: str) -> bool:
    """The client says nothing new, time after time; a person may help better than the same question."""
    row = draft.state.times_asked.get(_ROW, 0) + 1 if slot == draft.before.asked and not draft.fresh else 0
    counted = {**draft.state.times_asked, _ROW: row}
    if draft.fresh:
        counted.pop(PERSON, None)
    draft.state = replace(draft.state, times_asked={name: times for name, times in counted.items() if times})
    return row >= _MOST_IN_A_ROW


def _question(draft: Draft, slot: str, *, again: bool, before: str | None) -> str:
    told = slot == "monthly_income" == draft.before.asked and _IN_WAGES.search(normalise(draft.text).text)
    if told and not draft.before.last_reply.endswith(IN_REAIS):
        return IN_REAIS
    words = replies.question(slot, draft.state.slots, draft.setting.products, again=again, last_reply=before)
    pension = draft.state.slots.get("product") == "payroll_loan" or draft.state.slots.get("occupation") == "retired"
    return words.replace("5 mil por mês", replies.PENSION) if pension and slot == "monthly_income" else words


def _put_off_name(draft: Draft) -> None:
    """Who tells something else goes on with that and is asked again at the end; who refuses is not."""
    times = draft.state.times_asked.get("name", 0)
    if draft.fresh:
        times = max(times, NAME_LATER)
    elif draft.intent in {"deny", "postpone"} or (times >= NAME_LATER and draft.missing() == ("name",)):
        times = NAME_GIVEN_UP
    draft.state = replace(draft.state, times_asked={**draft.state.times_asked, "name": times})


def turn_to(draft: Draft, slot: str, *, unanswered: bool) -> None:
    """Ask for `slot` now; a question put again only because the client spoke of something else is not counted, unless
    it is for the name: nobody is asked for it over and over."""
    draft.unasked = draft.state
    if slot != draft.state.asked or unanswered or slot == "name":
        draft.count(slot)
    draft.state = replace(draft.state, asked=slot)


def turn_to_instead(draft: Draft, slot: str) -> bool:
    """A model asked for another slot that is missing; not for one that was asked for in vain before."""
    if draft.unasked is None or slot not in askable(draft) or draft.unasked.times_asked.get(slot, 0) >= 2:
        return False
    draft.state = replace(draft.state, asked=draft.unasked.asked, times_asked=draft.unasked.times_asked)
    turn_to(draft, slot, unanswered=draft.unanswered == slot)
    return True


def askable(draft: Draft) -> frozenset[str]:
    """What may be asked now; before a product is chosen, also what every product needs."""
    wanted = set(draft.missing())
    if "product" not in draft.state.slots:
        wanted |= COMMON - set(draft.state.slots)
    return frozenset(wanted)
