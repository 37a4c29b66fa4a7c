"""One turn of the dialogue by rules: hard decisions, the answer to what is pending, then the next step."""

from collections.abc import Callable
from dataclasses import replace

from agent.brain import replies
from agent.brain.draft import Draft
from agent.brain.offers import fingerprint
from agent.brain.questions import ask
from agent.brain.simulating import after_simulation, longer_term, simulate, unavailable
from agent.brain.stages import Stage
from agent.brain.state import Decision


def answer(draft: Draft) -> Decision:
    """What Lívia does, in template words. Call it once what the client said has been read."""
    if hard := _hard(draft):
        return hard
    if draft.state.stage == Stage.INTRO:
        slots = draft.state.slots if "name" not in draft.fresh else {}
        draft.greeting = replies.greeting(draft.setting.business, slots)
        draft.move(Stage.QUALIFICATION)
    if draft.state.pending and not draft.adjusts and (done := _pending(draft)):
        return done
    return _soft(draft) or _advance(draft)


def _hard(draft: Draft) -> Decision | None:
    """Decisions no stage can overrule."""
    if draft.intent == "opt_out":
        return draft.end(Stage.OPTED_OUT, replies.OPT_OUT, "opt_out", "opt_out")
    if draft.intent == "ask_human":
        return draft.hand_over("asked", "asked_person")
    if draft.intent == "abuse":
        if draft.state.warnings:
            return draft.hand_over("abuse", "abuse")
        draft.state = replace(draft.state, warnings=1)
        if draft.state.stage == Stage.INTRO:
            draft.move(Stage.QUALIFICATION)
        return draft.say(replies.CALM)
    return None


def _pending(draft: Draft) -> Decision | None:
    """The client's answer to the yes/no question, if it is one."""
    handler: dict[str, Callable[[Draft], Decision | None]] = {
        "transfer": _on_transfer,
        "offer": _on_offer,
        "offer_person": _on_offer_person,
    }
    pending = draft.state.pending
    return handler[pending](draft) if pending in handler else None


def _on_transfer(draft: Draft) -> Decision | None:
    if draft.intent == "affirm":
        return draft.hand_over("qualified", "qualified")
    if draft.intent == "deny":
        draft.state = replace(draft.state, pending=None)
        return draft.say(replies.ASK_CHANGE)
    return longer_term(draft) if draft.intent == "objection_expensive" else None


def _on_offer(draft: Draft) -> Decision | None:
    if draft.intent == "affirm":
        draft.state = replace(draft.state, pending=None)
        return simulate(draft, accepted=True)
    if draft.intent == "deny":
        declined = fingerprint(draft.state.slots, {})
        draft.state = replace(draft.state, pending="offer_person", adjusted={}, simulated_for=declined)
        return draft.say(replies.OFFER_AGAIN)
    return None


def _on_offer_person(draft: Draft) -> Decision | None:
    if draft.intent == "affirm":
        return draft.hand_over("misses", "asked_person" if draft.ready() else "too_many_misses")
    if draft.intent == "deny":
        draft.state = replace(draft.state, pending=None)
        return draft.say(replies.ASK_CHANGE) if draft.ready() else ask(draft, again=True)
    return None


def _soft(draft: Draft) -> Decision | None:
    """Endings and pauses the client asks for."""
    intent = draft.intent
    if intent == "not_interested":
        draft.state = replace(draft.state, pending=None, asked=None, cold=True)
        return draft.say(replies.CLOSE)
    # "depois" to one question leaves that question; to the simulation or the offer it is a pause.
    if not draft.fresh and (intent == "bye" or (intent == "postpone" and draft.state.asked is None)):
        return draft.say(replies.BYE if intent == "bye" else replies.POSTPONE)
    draft.state = replace(draft.state, cold=draft.state.cold and intent in {"thanks", "bye", "greet", "smalltalk"})
    if draft.state.cold and intent in {"thanks", "greet", "smalltalk"}:
        return draft.say(replies.THANKS)
    return None


def _advance(draft: Draft) -> Decision:
    if "product" in draft.state.slots and draft.terms is None:
        return unavailable(draft)
    if side := _side_answer(draft):
        draft.parts.append(side)
    if draft.ready():
        changed = fingerprint(draft.state.slots, draft.state.adjusted) != draft.state.simulated_for
        return simulate(draft) if changed or draft.intent == "ask_simulation" else after_simulation(draft)
    if draft.state.stage in {Stage.SIMULATION, Stage.CONVERSION} and "product" in draft.fresh:
        draft.move(Stage.QUALIFICATION)
    return ask(draft)


def _side_answer(draft: Draft) -> str:
    """The answer to what the client asked beside the point, or a word for what they told."""
    fixed = {
        "ask_rate": lambda: replies.rate_answer(draft.terms, draft.setting.products),
        "ask_docs": lambda: replies.docs_answer(draft.state.slots.get("product")),
        "objection_expensive": lambda: replies.EXPENSIVE,
    }
    if draft.intent in fixed:
        return fixed[draft.intent]()
    if draft.fresh:
        spoken = draft.greeting or draft.asides
        return "" if spoken else replies.acknowledge(draft.state.slots, draft.fresh)
    if draft.intent == "thanks":
        return replies.THANKS
    if draft.intent == "smalltalk":
        return replies.WHO if "quem" in draft.text else replies.SMALLTALK
    if "?" in draft.text and draft.intent in {"other", "greet"}:
        return draft.setting.business.answer(draft.text) or replies.UNKNOWN
    return ""
