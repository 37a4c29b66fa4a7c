"""The steps of a turn from complete slots on: simulate, offer what would fit, ask whether to go on."""

import re
from collections.abc import Mapping
from dataclasses import replace

from agent.brain import replies
from agent.brain.calculator import MAX_MONEY, greatest_credit
from agent.brain.draft import Draft
from agent.brain.offers import attempt, fingerprint, request_of, rounded
from agent.brain.requirements import effective
from agent.brain.stages import Stage
from agent.brain.state import Decision
from agent.brain.text import normalise

PERSON = "person"  # among what was asked for: a person, offered and not answered
_MOST = re.compile(
    r"\bquanto\b[^.!?\n]{0,20}\b(?:consigo|posso|poderia|conseguiria|da para|seria possivel)\b|"
    r"\b(?:o|no|qual|valor|ate) (?:e )?(?:o )?maximo\b|\bmaximo (?:que )?(?:eu )?(?:consigo|posso|da)\b|"
    r"\bate quanto\b"
)


def simulate(draft: Draft, *, accepted: bool = False) -> Decision:
    terms = draft.terms
    if terms is None:
        return unavailable(draft)
    if not accepted and (most := _greatest(draft)):
        return most
    draft.move(Stage.SIMULATION)
    # What follows from price and down payment is written down with the simulation.
    draft.state = replace(draft.state, asked=None, slots=effective(draft.state.slots))
    request = request_of(draft.state.slots, draft.state.adjusted, draft.setting.today)
    tried = attempt(terms, request)
    done_for = fingerprint(draft.state.slots, draft.state.adjusted)
    if tried.result is None:
        draft.refused = tried.refused
        draft.state = replace(draft.state, simulated_for=done_for)
        if tried.best is None or accepted:
            return offer_person(draft, tried.refusal or replies.NO_OFFER)
        best = rounded(terms, tried.best, request.credit_amount)
        _offer(draft, {"credit_amount": best.credit_amount, "term_months": best.term_months})
        return draft.say(tried.refusal + " " + replies.offer(best.credit_amount, best.term_months))
    draft.move(Stage.CONVERSION)
    draft.simulation, draft.shown = tried.result, replies.simulation_message(terms, tried.result)
    draft.state = replace(draft.state, simulated_for=done_for, pending="transfer")
    shown_before = draft.before.stage == Stage.CONVERSION
    return draft.say(
        replies.VARIANTS[replies.ASK_TRANSFER] if shown_before else replies.ASK_TRANSFER, outcome="simulated"
    )


def _greatest(draft: Draft) -> Decision | None:
    """ "Quanto eu consigo então?", after an offer or a simulation: the most that passes over the same time."""
    shown = draft.before.pending in {"offer", "transfer"} and not draft.fresh
    if draft.terms is None or not shown or not _MOST.search(normalise(draft.text).text):
        return None
    request = request_of(draft.state.slots, draft.state.adjusted, draft.setting.today)
    credit = greatest_credit(draft.terms, request)
    if not 0 < credit < MAX_MONEY:
        return None
    draft.move(Stage.SIMULATION)
    best = rounded(draft.terms, replace(request, credit_amount=credit), credit + 1)
    draft.parts = [part for part in draft.parts if part != replies.UNKNOWN]
    _offer(draft, {"credit_amount": best.credit_amount, "term_months": best.term_months})
    return draft.say(replies.offer(best.credit_amount, best.term_months))


def unavailable(draft: Draft) -> Decision:
    """The product is no longer offered: what is, or a person."""
    slots = {slot: value for slot, value in draft.state.slots.items() if slot != "product"}
    if draft.state.stage != Stage.QUALIFICATION:
        draft.move(Stage.QUALIFICATION)
    draft.state = replace(draft.state, slots=slots, adjusted={}, pending=None, asked="product")
    if not draft.setting.products or draft.state.times_asked.get("product", 0) >= 2:
        return offer_person(draft, replies.UNAVAILABLE)
    draft.count("product")
    draft.parts.append(replies.UNAVAILABLE)
    return draft.say(replies.product_question(draft.setting.products))


def _offer(draft: Draft, adjusted: Mapping[str, int]) -> None:
    """Adjusted figures stand until the client says yes or no; nothing is simulated meanwhile."""
    offered_for = fingerprint(draft.state.slots, adjusted)
    draft.state = replace(draft.state, pending="offer", adjusted=adjusted, simulated_for=offered_for)


def offer_person(draft: Draft, why: str = "") -> Decision:
    ignored = draft.before.pending == "offer_person" and not (draft.fresh or draft.answered or "?" in draft.text)
    if ignored and draft.state.times_asked.get(PERSON, 0) >= 2:  # offered twice in vain: somebody should look
        return draft.hand_over("misses", "too_many_misses")
    times = draft.state.times_asked.get(PERSON, 0) + 1 if ignored else 1
    offered = {**draft.state.times_asked, PERSON: times}
    draft.state = replace(draft.state, pending="offer_person", times_asked=offered)
    return draft.say(f"{why} {replies.OFFER_PERSON}" if why else replies.OFFER_PERSON)


def longer_term(draft: Draft) -> Decision | None:
    """Too dear: the same credit over half as long again, if the product allows."""
    terms = draft.terms
    values = {**effective(draft.state.slots), **draft.state.adjusted}
    if terms is None or values["term_months"] >= terms.max_term:
        return None
    term = min(terms.max_term, (values["term_months"] * 3 // 2 + 11) // 12 * 12)
    draft.move(Stage.SIMULATION)
    _offer(draft, {"credit_amount": values["credit_amount"], "term_months": term})
    draft.parts.append(replies.EXPENSIVE)
    return draft.say(replies.offer(values["credit_amount"], term))


def after_simulation(draft: Draft) -> Decision:
    """Nothing changed: the open question again, in other words if needed."""
    if most := _greatest(draft):
        return most
    adjusted = draft.state.adjusted
    again = {
        "transfer": replies.ASK_TRANSFER,
        "offer": replies.offer(adjusted["credit_amount"], adjusted["term_months"]) if adjusted else replies.OFFER_AGAIN,
    }
    pending = draft.state.pending or ("transfer" if draft.state.stage == Stage.CONVERSION else "offer_person")
    draft.state = replace(draft.state, pending=pending, asked=None)
    if pending not in again:
        return offer_person(draft)
    return draft.say(again[pending], ordinary=True)
