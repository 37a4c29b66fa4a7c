"""The words of a turn: a model's where they pass, the templates otherwise, and never nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.brain import replies
from agent.brain.asking import is_question, sentences, slot_asked, slots_asked
from agent.brain.draft import Draft, bubbles
from agent.brain.guard import AllowedFigures, ModelWords, Violation, check, check_model, contacts_in
from agent.brain.known import (
    Known,
    known_business,
    known_examples,
    known_offer,
    known_products,
    known_simulation,
    known_slots,
    known_texts,
    provenance,
)
from agent.brain.model_reply import ModelReply
from agent.brain.numbers import figures_in
from agent.brain.policies import policy_of
from agent.brain.prompting import told
from agent.brain.questions import turn_to_instead
from agent.brain.requirements import effective
from agent.brain.simulating import offer_person
from agent.brain.stages import Stage
from agent.brain.state import Decision
from agent.brain.text import fold, normalise

_PERSON_WANTED = re.compile(
    r"\b(?:pessoas?|consultor[ae]?s?|atendentes?|human[oa]s?|gerentes?|alguem|especialistas?|corretor[a]?|"
    r"vendedor[a]?|"
    r"gente de verdade|ser humano|supervisor[a]?|funcionari[oa]|ligar|liga|telefonar|ligacao)\b"
)
# "não quero consultor", "meu corretor disse", "sou vendedora": no person is asked for.
_NOT_WANTED = re.compile(
    r"\b(?:(?:nao (?:quero|precisa|preciso)|sem)\b[^.!?\n]{0,20}|(?:meu|minha|sou|trabalho como) )$"
)
# Asks for nothing but a nod; the question that follows is the one to be answered.
_GOING_ON = re.compile(
    r"\W*(?:(?:entao|e ai|bom|certo|ok|pronto|legal)[,!. ]+)*(?:vamos|podemos|posso|bora|pode ser|"
    r"quer)(?: (?:entao|nos|ja|"
    r"agora|a gente))* ?(?:la|nessa|seguir|continuar|prosseguir|avancar|comecar|em frente|"
    r"adiante)(?: (?:em frente|adiante|"
    r"entao|juntos|agora|com (?:isso|o (?:seu )?(?:pedido|atendimento))|a conversa|o atendimento))*\W*"
)
_LISTED = re.compile(r"\b(?:imovel|imobiliario|veiculo|carro|consorcio|pessoal|consignado)\b")
_HELLO = re.compile(r"^\W*(?:(?:oi+|ola|opa|bom dia|boa tarde|boa noite|tudo bem|seja bem.?vind[oa])[\s,!.?]*)+")


@dataclass(frozen=True)
class _Voice:
    """What the words of this turn may quote."""

    model: AllowedFigures
    template: AllowedFigures


def spoken(
    draft: Draft,
    decision: Decision,
    proposal: ModelReply | None,
    *,
    known: Sequence[Known] = (),
    names: Sequence[str] = (),
) -> Decision:
    """The decision in the words that will be said, each reply guarded, its figures traced."""
    voice = _voice(draft, known)
    hits: list[Violation] = []
    said = None
    if proposal is not None:
        if proposal.handoff or proposal.intent == "ask_human":
            decision = _handoff(draft, decision, wished=proposal.handoff)
        if decision.ordinary:
            said = _in_own_words(draft, decision, proposal, voice, names, hits)
    if said is None:
        said = _in_template_words(draft, decision, voice, hits)
    figures = [figure for reply in said.replies for figure in provenance(reply, voice.template.knowns)]
    return replace(said, guard_hits=(*said.guard_hits, *(hit.as_dict() for hit in hits)), figures=tuple(figures))


def _handoff(draft: Draft, decision: Decision, *, wished: bool) -> Decision:
    """A model's wish for a person is granted where the client's words name one, otherwise offered."""
    text = normalise(draft.text).text
    match = _PERSON_WANTED.search(text)
    if match and not _NOT_WANTED.search(text[: match.start()]):
        return draft.hand_over("asked", "asked_person")
    if not wished or draft.state.pending or draft.before.stage == Stage.INTRO:
        return decision
    if draft.unasked is not None:
        draft.state = replace(draft.state, times_asked=draft.unasked.times_asked)
    return offer_person(draft)


def _in_own_words(
    draft: Draft,
    decision: Decision,
    proposal: ModelReply,
    voice: _Voice,
    names: Sequence[str],
    hits: list[Violation],
) -> Decision | None:
    """The model's words, with the rules' question where they ask nothing of use; None if they must not be said."""
    words = _tidy(proposal.reply)
    if found := check_model(words, voice.model, _held_against(draft, words, names), last_reply=draft.before.last_reply):
        hits += found
        return None
    if not _holds_facts(draft, words):
        return None
    words, asks = _fitted(draft, words)
    if not words:
        return None
    greeting = draft.greeting
    if greeting and "livia" in normalise(words).text:
        greeting = ""
    elif greeting or draft.asides:
        words = _without_hello(words, greeting)
    said = bubbles([greeting, *draft.asides, words if asks else f"{words} {draft.question}".strip()])
    if found := [hit for reply in said for hit in check(reply, voice.template, last_reply=draft.before.last_reply)]:
        hits += found
        return None
    path = ("rules", "model", "repaired") if proposal.repaired else ("rules", "model")
    return replace(draft.decision(said), path=path, model_used=True, intent=decision.intent)


def _held_against(draft: Draft, words: str, names: Sequence[str]) -> ModelWords:
    slots = effective(draft.state.slots)
    return ModelWords(
        asked=slots_asked(words),
        slots=frozenset(slots),
        people=frozenset(fold(part) for name in (*names, str(slots.get("name", ""))) for part in name.split()),
        instructions=told(policy_of(draft.state.stage, draft.setting.policies)),
        said=f"{draft.text}\n{slots.get('city', '')}",
        business="\n".join(draft.setting.business.texts()),
        plan=slots.get("product") in {"consorcio", None},
    )


def _fitted(draft: Draft, words: str) -> tuple[str, bool]:
    """The words and whether they end in a question that moves on. Any other question is left out: the client could not
    tell which one to answer, nor could the rules."""
    asked = slot_asked(words)
    if asked and draft.unasked is not None and len(set(slots_asked(words))) == 1:
        example_due = asked == draft.unanswered and not re.search(r"\bexemplo\b|\btipo\b|\bcomo\b", words)
        if not example_due and turn_to_instead(draft, asked):
            return _with_one_question(words), True
    kept: list[str] = []
    left_out = False
    for sentence in sentences(words):
        smiley = not re.search(r"\w", sentence)  # belongs to the sentence before it
        if not smiley:
            left_out = (is_question(sentence) and not _GOING_ON.fullmatch(normalise(sentence).text)) or (
                draft.state.asked == "product" and _is_list(sentence)
            )
        if not left_out:
            kept.append(sentence)
    while kept and re.search(r"[:,]\s*$", kept[-1]):  # led to what was left out
        kept.pop()
    return "".join(kept).strip(), False


def _is_list(sentence: str) -> bool:
    """Names what the list that follows names again."""
    return len(set(_LISTED.findall(normalise(sentence).text))) > 2 or bool(re.match(r"\W*\d[.)] ", sentence))


def _holds_facts(draft: Draft, words: str) -> bool:
    """Figures and configured answers that the rules found stand, where the model's words lack them."""
    told = [part for part in draft.parts if part not in {replies.UNKNOWN, replies.EXPENSIVE}]
    configured = draft.setting.business.answer(draft.text) if "?" in draft.text else ""
    figures = {(figure.kind, figure.value) for figure in figures_in(words)}
    for part in told:
        own = {(figure.kind, figure.value) for figure in figures_in(part)}
        if own and not own & figures:
            return False
        if draft.intent == "ask_docs" or part == configured:
            content = set(re.findall(r"[a-z]{5,}", fold(part)))
            if content and 2 * len(content & set(re.findall(r"[a-z]{5,}", fold(words)))) < len(content):
                return False
    return True


def _with_one_question(words: str) -> str:
    """The question about the slot, after small talk at most: "Tudo bem? Qual é a sua renda?" """
    kept: list[str] = []
    asked = False
    for sentence in sentences(words):
        about = bool(slots_asked(sentence))
        if is_question(sentence) and not about and (asked or _PERSON_WANTED.search(normalise(sentence).text)):
            continue
        asked = asked or about
        kept.append(sentence)
    return "".join(kept).strip()


def _in_template_words(draft: Draft, decision: Decision, voice: _Voice, hits: list[Violation]) -> Decision:
    """The templates; without what was added beside the point if that is refused; at last the stage's default."""
    last = draft.before.last_reply
    found = [hit for reply in decision.replies for hit in check(reply, voice.template, last_reply=last)]
    if not found:
        return decision
    hits += found
    bare = (draft.shown, draft.question) if draft.shown else (draft.question,)
    if not any(check(reply, voice.template, last_reply=last) for reply in bare):
        return replace(decision, replies=bare, state=replace(decision.state, last_reply=bare[-1]))
    policy = policy_of(draft.before.stage, draft.setting.policies)
    words = policy.default_reply
    if not words or check(words, voice.template):
        words = replies.DEFAULT
    return replace(
        decision,
        replies=(words,),
        state=replace(decision.state, last_reply=words),
        path=(*(step for step in decision.path if step != "template"), "default"),
        default=True,
    )


def _voice(draft: Draft, known: Sequence[Known]) -> _Voice:
    products = draft.setting.products
    chosen = [draft.terms] if draft.terms else list(products.values())
    knowns = [
        *known,
        *known_products(chosen),
        *known_business(draft.setting.business),
        *known_offer(draft.state.adjusted if draft.state.pending == "offer" else {}),
        *(known_simulation(draft.simulation) if draft.simulation else ()),
        *(known_simulation(draft.refused, "refused") if draft.refused else ()),
        *known_slots(effective(draft.state.slots)),
        *known_texts([draft.text]),
    ]
    links = frozenset(draft.setting.business.links)
    contacts = contacts_in((*draft.setting.business.texts(), *links))
    own = [*knowns, *known_products(products.values()), *known_examples()]
    return _Voice(AllowedFigures(tuple(knowns), links, contacts), AllowedFigures(tuple(own), links, contacts))


def _tidy(words: str) -> str:
    """Without the placeholder of a surname and what WhatsApp shows differently: Markdown's bold, quotes around the
    whole, escaped line ends."""
    words = re.sub(r" ?\[SOBRENOME(?:_\d+)?\]", "", words.replace("\\n", "\n")).replace("**", "*").strip()
    if len(words) > 1 and words[0] == words[-1] == '"':
        words = words[1:-1].strip()
    return re.sub(r"\n{3,}", "\n\n", words)


def _without_hello(words: str, greeting: str) -> str:
    """Without hello, the name after it where it was just said, and the smiley that stood there."""
    match = _HELLO.match(fold(words))
    rest = words[match.end() :] if match else words
    called = re.match(r"\W*(\w+)[!,.]+", rest)
    if match and called and fold(called.group(1)) in re.findall(r"\w+", fold(greeting)):
        rest = rest[called.end() :]
    rest = re.sub(r"^[^\w*_\"'(]+", "", rest)
    return rest[:1].upper() + rest[1:]
