"""One turn of the dialogue by rules: hard decisions, the answer to what is pending, then the next step."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from agent.brain import beside, replies
from agent.brain.draft import Draft
from agent.brain.gates import asks_about_data, explains_age, in_distress, is_minor, wants_silence
from agent.brain.handover import DATA_REQUEST, DISTRESS
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
    r"mais para frente|mais tarde)|agora nao,? (?:mas )?(?:depois|mais tarde|outra hora)|"
    r"depois (?:eu )?(?:vejo|volto|continuo|retorno|decido|resolvo|olho|te (?:chamo|procuro|aviso|respondo))|"
    r"(?:volto|continuo|resolvo|retorno|continuamos|conversamos|falamos) (?:isso )?(?:depois|amanha)|"
    r"amanha (?:eu )?(?:volto|continuo|respondo|resolvo|vejo|falo)|"
    r"deixa (?:isso )?para (?:depois|amanha)|"
    r"(?:te|lhe) (?:aviso|chamo|procuro|retorno|falo)|vou pensar|preciso pensar|estou (?:ocupad|trabalhando|"
    r"dirigindo|"
    r"no trabalho|em reuniao)\w*)\b"
)
_NOT_NOW = re.compile(r"\W*agora (?:eu )?nao(?: (?:posso|da|consigo|quero|obrigad[oa]))?\W*")
# Of the name alone: "depois eu digo"
_TO_TELL = re.compile(
    r"\b(?:digo|dizer|conto|informo|informar|passo|nome)\b|\bdepois (?:eu )?(?:te )?falo(?: isso)?\W*$"
)
# "pode passar": for the consultant that was offered
_PASS_ON = re.compile(
    r"(?:(?:sim|claro|ok|beleza|isso|quero|esta bom|tudo bem),? )*(?:pode|podem|por favor) (?:me )?pass(?:ar?|e)"
    r"(?: (?:sim|la|entao|por favor|para (?:o |a |um |uma )?(?:ele|ela|consultor\w*|atendente|pessoa|equipe)))*\W*"
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
    if in_distress(draft.text):
        return _comfort(draft)
    if asks_about_data(draft.text):
        return _about_data(draft)
    if draft.intent == "opt_out":
        return draft.end(Stage.OPTED_OUT, replies.OPT_OUT, "opt_out", "opt_out")
    if draft.intent == "ask_human" or (not draft.state.pending and _PASS_ON.fullmatch(normalise(draft.text).text)):
        return draft.hand_over("asked", "asked_person")
    if draft.intent == "abuse":
        if draft.state.warnings:
            return draft.hand_over("abuse", "abuse")
        draft.state = replace(draft.state, warnings=1)
        if draft.state.stage == Stage.INTRO:
            draft.move(Stage.QUALIFICATION)
        return draft.say(replies.CALM)
    return None


def _comfort(draft: Draft) -> Decision:
    """Fixed words, with figures no guard knows."""
    draft.intent = "other"
    decision = draft.end(Stage.HANDED_OVER, DISTRESS, "handoff", "distress")
    return replace(decision, path=("gate", "template"))


def _about_data(draft: Draft) -> Decision:
    """A person looks after it; whoever wants silence too gets it."""
    if draft.intent == "opt_out" and wants_silence(draft.text):
        return draft.end(Stage.OPTED_OUT, f"{replies.OPT_OUT} {DATA_REQUEST}", "opt_out", "data_request")
    draft.intent = "other"
    return draft.hand_over("data", "data_request")


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
        draft.state = replace(draft.state, pending=None, slots=_within_term(draft))
        return simulate(draft, accepted=True)
    if draft.intent == "deny":
        declined = fingerprint(draft.state.slots, {})
        draft.state = replace(draft.state, pending="offer_person", adjusted={}, simulated_for=declined)
        return draft.say(replies.OFFER_AGAIN)
    return None


def _within_term(draft: Draft) -> Mapping[str, Any]:
    """A term the product does not have gives way to the accepted one; a wished amount stays known as the wish."""
    slots, accepted = draft.state.slots, draft.state.adjusted.get("term_months")
    terms = draft.terms
    wished = slots.get("term_months")
    if terms is None or wished is None or accepted is None or terms.min_term <= wished <= terms.max_term:
        return slots
    return {**slots, "term_months": accepted}


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
    if _too_young(draft):
        draft.state = replace(draft.state, pending=None, asked=None, cold=True)
        again = draft.before.last_reply.endswith(beside.TOO_YOUNG)
        return draft.say(beside.TOO_YOUNG_AGAIN if again else beside.TOO_YOUNG)
    wrong_number = not draft.fresh and bool(_WRONG_NUMBER.search(said))
    if intent == "not_interested" or wrong_number:
        draft.state = replace(draft.state, pending=None, asked=None, cold=True)
        return draft.say(replies.WRONG_NUMBER if wrong_number else replies.CLOSE)
    # "depois" to one question leaves that question; to the simulation or the offer it is a pause.
    asked = draft.state.asked
    if asked == "name":
        leaves = not _TO_TELL.search(said)
    else:
        leaves = bool(asked is None or _PAUSE.search(said) or (asked not in SOFT | ONCE and _NOT_NOW.fullmatch(said)))
    pause = intent == "postpone" and leaves
    thanked = intent == "thanks" and draft.before.last_reply.startswith(replies.THANKS)
    if not told and (pause or thanked or intent == "bye" or _ENOUGH.search(said)):
        return draft.say(replies.POSTPONE if pause else replies.BYE)
    if draft.state.cold and not told and _NODDED.fullmatch(said):
        return draft.say(replies.THANKS)
    draft.state = replace(draft.state, cold=draft.state.cold and intent in {"thanks", "bye", "greet", "smalltalk"})
    if draft.state.cold and intent in {"thanks", "greet", "smalltalk"}:
        return draft.say(replies.STILL_HERE if intent == "greet" else replies.THANKS)
    return None


def _too_young(draft: Draft) -> bool:
    """Whoever said so and insists stays so, until somebody grown up speaks."""
    told = draft.before.last_reply.endswith((beside.TOO_YOUNG, beside.TOO_YOUNG_AGAIN))
    insists = told and draft.intent not in {"thanks", "bye"} and not explains_age(draft.text)
    return insists or (draft.before.asked != "term_months" and is_minor(draft.text))


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
    if draft.intent == "ask_rate" and (words := beside.fees(draft.text)):
        return business.answer(draft.text) or words
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
    foreign = replies.ANSWERS_IN_PORTUGUESE in draft.asides
    return replies.UNKNOWN if asking and not foreign else beside.word(draft.text, slots, products)


def _reaction(draft: Draft) -> str:
    """A word for what was told, or back to a nicety."""
    if draft.fresh:
        again = "name" in draft.before.slots
        spoken = draft.greeting or draft.asides
        if spoken:
            return ""
        if words := beside.hardship(draft.text):
            return words
        last, calm = draft.before.last_reply, draft.ready()
        return replies.acknowledge(draft.state.slots, draft.fresh, last, again=again, calm=calm)
    if draft.intent in {"deny", "postpone"} and draft.before.asked in SOFT | ONCE:
        return beside.NEVER_MIND
    if draft.intent == "thanks":
        return replies.THANKS
    chatty = draft.intent == "smalltalk" or (draft.intent == "greet" and "?" in draft.text and not draft.greeting)
    return beside.chat(draft.text) if chatty else ""
