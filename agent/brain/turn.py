"""One turn of the dialogue by rules: hard decisions, the answer to what is pending, then the next step."""

import re
from collections.abc import Callable
from dataclasses import replace

from agent.brain import beside, replies
from agent.brain.draft import Draft
from agent.brain.offers import fingerprint
from agent.brain.questions import ask
from agent.brain.requirements import ONCE, SOFT
from agent.brain.simulating import after_simulation, longer_term, simulate, unavailable
from agent.brain.stages import Stage
from agent.brain.state import Decision
from agent.brain.text import normalise

# "só mês que vem" puts off everything, "depois" only the question
_PAUSE = re.compile(
    r"\b(?:(?:mes|ano|semana) que vem|proxim[oa] (?:mes|ano|semana)|(?:outro dia|outra hora|outro momento|"
    r"mais para frente)|"
    r"(?:te|lhe) (?:aviso|chamo|procuro|retorno|falo)|vou pensar|preciso pensar|estou (?:ocupad|trabalhando|"
    r"dirigindo|"
    r"no trabalho|em reuniao)\w*)\b"
)
_WRONG_NUMBER = re.compile(
    r"\b(?:foi|era|e|por) engano\b|\b(?:numero|contato|pessoa|conversa|grupo) errad[oa]\b|\bmandei (?:no )?errado\b"
)
_NODDED = re.compile(r"\W*(?:(?:desculp\w+|foi mal|perdao|ok|esta bom|beleza|certo|entendi|tudo bem|combinado|eu)\W*)+")
_ENOUGH = re.compile(
    r"\bso queria saber(?: isso| mesmo)*\W*(?:$|obrigad|valeu)|"
    r"\b(?:por enquanto|por agora|por hoje)(?: e| era)? so(?: isso)?\b|\b(?:e|era) so isso(?: mesmo)?\W*(?:$|"
    r"obrigad|valeu)"
)


def answer(draft: Draft) -> Decision:
    """What Lívia does, in template words. Call it once what the client said has been read."""
    if hard := _hard(draft):
        return hard
    if draft.state.stage == Stage.INTRO:
        draft.greeting = replies.greeting(draft.setting.business, draft.state.slots)
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
    intent, said, told = draft.intent, normalise(draft.text).text, bool(set(draft.fresh) - {"urgency"})
    wrong_number = not draft.fresh and bool(_WRONG_NUMBER.search(said))
    if intent == "not_interested" or wrong_number:
        draft.state = replace(draft.state, pending=None, asked=None, cold=True)
        return draft.say(replies.WRONG_NUMBER if wrong_number else replies.CLOSE)
    # "depois" to one question leaves that question; to the simulation or the offer it is a pause.
    pause = intent == "postpone" and (draft.state.asked is None or bool(_PAUSE.search(said)))
    thanked = intent == "thanks" and draft.before.last_reply.startswith(replies.THANKS)
    if not told and (pause or thanked or intent == "bye" or _ENOUGH.search(said)):
        return draft.say(replies.POSTPONE if pause else replies.BYE)
    if draft.state.cold and not told and _NODDED.fullmatch(said):
        return draft.say(replies.THANKS)
    draft.state = replace(draft.state, cold=draft.state.cold and intent in {"thanks", "bye", "greet", "smalltalk"})
    if draft.state.cold and intent in {"thanks", "greet", "smalltalk"}:
        return draft.say(replies.STILL_HERE if intent == "greet" else replies.THANKS)
    return None


def _advance(draft: Draft) -> Decision:
    if "product" in draft.state.slots and draft.terms is None:
        return unavailable(draft)
    if side := _side_answer(draft):
        draft.parts.append(side)
        draft.greeting = draft.greeting and ("Olá!" if "ou a Lívia" in side else draft.greeting)  # said once is enough
    if draft.ready():
        changed = fingerprint(draft.state.slots, draft.state.adjusted) != draft.state.simulated_for
        return simulate(draft) if changed or draft.intent == "ask_simulation" else after_simulation(draft)
    if draft.state.stage in {Stage.SIMULATION, Stage.CONVERSION} and "product" in draft.fresh:
        draft.move(Stage.QUALIFICATION)
    return ask(draft)


def _side_answer(draft: Draft) -> str:
    """The answer to what the client asked beside the point, or a word for what they told."""
    business, slots, products = draft.setting.business, draft.state.slots, draft.setting.products
    if words := beside.doubts(draft.text, business, draft.before.last_reply):
        draft.answered = True
        return words
    fixed = {
        "ask_rate": lambda: replies.rate_answer(draft.terms, products),
        "ask_docs": lambda: replies.docs_answer(slots.get("product")),
        "objection_expensive": lambda: replies.EXPENSIVE,
    }
    if draft.intent in fixed:
        return fixed[draft.intent]()
    asking = "?" in draft.text and any(char.isalnum() for char in draft.text)
    if words := (business.answer(draft.text) if asking else "") or beside.questions(draft.text, business, slots):
        draft.answered = True
        return words
    if draft.fresh or draft.intent != "other":
        return _reaction(draft)
    return replies.UNKNOWN if asking else beside.word(draft.text, slots, products)


def _reaction(draft: Draft) -> str:
    """A word for what was told, or back to a nicety."""
    if draft.fresh:
        again = "name" in draft.before.slots
        spoken = draft.greeting or draft.asides
        return (
            "" if spoken else replies.acknowledge(draft.state.slots, draft.fresh, draft.before.last_reply, again=again)
        )
    if draft.intent in {"deny", "postpone"} and draft.before.asked in SOFT | ONCE:
        return beside.NEVER_MIND
    if draft.intent == "thanks":
        return replies.THANKS
    chatty = draft.intent == "smalltalk" or (draft.intent == "greet" and "?" in draft.text and not draft.greeting)
    return beside.chat(draft.text) if chatty else ""
