"""When a client asks for a human being."""

import re

_ROLE = (
    r"(?:atendente|humano|consultora?|gerente|especialista|vendedora?|corretora?|funcionari[oa]|responsavel|"
    r"operadora?|supervisora?|assessora?|analista|agente)"
)
_SOMEONE = r"(?:alguem|pessoa|gente|ser humano|atendimento humano|equipe)"
_WHO = rf"(?:{_ROLE}|{_SOMEONE})"
_A = r"(?:um |uma |o |a |algum |alguma |seu |sua |com |para |outr[oa] |logo |o seu |a sua )*"
_MACHINE = r"(?:robos?|maquinas?|bots?|ia|inteligencia artificial|gravacao|computador|assistente virtual)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # "falar com uma pessoa", "ser atendido por alguém", "chat com o consultor"
        rf"\b(?:fal(?:ar|o|e|em|ando)|convers(?:ar|a|o)|atendid[oa]|atendimento|trat(?:ar|o)|resolver|contato|ajuda|"
        rf"negoci(?:ar|o)|me (?:atend|lig|explic)\w+|chat)\b[a-z ]{{0,22}}?\b(?:com|por|para|de|d[oa])\b"
        rf"[a-z ]{{0,14}}?\b{_WHO}\b(?! (?:boa|que nem|fisica|juridica))",
        # "me passa pro consultor", "chama o gerente", "pede pro vendedor me ligar"
        rf"\b(?:me )?(?:pass|transfer|encaminh|direcion|cham|coloc|conect|redirecion)(?:a|e|ar|o|am|em|aria|er|ir)?\b"
        rf"[a-z ]{{0,18}}?\b{_A}(?:{_ROLE}|alguem|pessoa|gente|humano)\b(?!s? (?:fisica|juridica))",
        rf"\b(?:bota|liga\w*|ped(?:e|ir|a)|peca|fala) (?:para )?{_A}(?:{_ROLE}|alguem|uma pessoa)\b",
        rf"\bmanda (?:um |uma |o |a |algum |alguma )(?:{_ROLE}|alguem|pessoa)\b",
        # "tem algum consultor?", "quero um especialista"
        r"\b(?:tem|ha|existe|cade|quero|queria|preciso|prefiro|gostaria|posso|pode ser|tem como|me ve)\b"
        r"[a-z ]{0,16}?\b(?:um |uma |algum |alguma |o |a |de )(?:outr[oa] )?"
        r"(?:atendente|humano|consultora?|gerente|especialista|vendedora?|pessoa (?:real|de verdade|humana)|"
        r"atendimento humano|ser humano|alguem (?:real|de verdade))\b",
        rf"\b(?:quero|queria|preciso de|prefiro) {_ROLE}\b",
        r"\btem (?:alguem|gente|uma pessoa)(?: ai)? para (?:me )?(?:explicar|ajudar|atender|falar|tirar)",
        r"\b(?:quero|queria|preciso de|prefiro|somente|so com|so falo com) (?:um |uma )?(?:gente|pessoa|humano|alguem|"
        r"atendimento humano|ser humano)\b(?! (?:que|da|para) (?:minha )?familia)",
        r"\b(?:alguem|uma pessoa|um humano|gente|(?:um|o|a|uma) (?:consultora?|atendente|gerente|vendedora?)|voces) "
        r"(?:pode|poderia|consegue|podia|podem|poderiam|de verdade|real)(?: por favor)? "
        r"(?:me )?(?:atender|ligar|ajudar aqui|ajudar|falar comigo|chamar|retornar|entrar em contato)\b",
        r"\b(?:alguem|pessoa|gente|humano) (?:de verdade|real|de carne e osso)\b(?! \?)",
        rf"\b(?:nao (?:quero|gosto de|vou|falo com|confio em|aguento)|odeio|detesto|cansei de|(?:cansad[oa]|"
        rf"chei[oa]) de|"
        rf"chega de)\b[a-z ]{{0,24}}\b"
        rf"{_MACHINE}\b",
        rf"^(?:quero |queria )?(?:o |a |um |uma )?(?:{_ROLE}|pessoa|ser humano|atendimento humano|"
        rf"falar com (?:atendente|"
        rf"humano))(?: (?:por favor|ja|agora))?$",
        r"\btem (?:algum |um |uma |alguma )?(?:consultora?|atendente|gerente|vendedora?|humano)(?: (?:online|"
        r"disponivel|ai|livre|"
        r"agora|aqui))*(?: ?\?|$)",
        # a call back
        r"\b(?:podem?|poderiam?|consegue[m]?|queria que|quero que|da para|teria como|tem como) (?:alguem |voces? )?"
        r"(?:me (?:dar uma ligada|retornar|dar um toque|lig(?:ar|uem|ue|assem?))|ligar para mim)\b",
        r"^(?:por favor,? )?(?:me (?:liga|ligue|liguem|retorna|da uma ligada)|lig(?:a|ue) (?:aqui )?para mim)\b"
        r"(?! (?:no|n?o? ?(?:meu )?numero)\b(?! (?:fim|final|comeco|inicio|sabado|domingo|feriado|horario)))",
        r"\b(?:conversar|falar|resolver|atendimento|explicar?) (?:isso )?por (?:telefone|ligacao)\b",
        r"\b(?:tem como|da para|teria como) ligar(?= ?\?|$|,)|\bme ligam?(?: \?|\?|$)|\bpor telefone (?:e|fica|"
        r"seria) melhor\b|\bprefiro (?:por )?(?:telefone|ligacao)\b",
        r"\bprefiro que (?:voces |alguem )?me lig\w+|\bprefiro (?:ser )?atendid[oa] por\b",
        r"\b(?:aguardo|espero|quero|prefiro) (?:uma |a )?ligacao\b",
        r"\btem (?:gente|alguem|(?:um |uma )?pessoa|humano)(?: de verdade| real)? (?:ai|para atender|atendendo|"
        r"por tras|do outro lado)\b",
        r"\b(?:tem|qual|passa|manda)\b[a-z ]{0,12}\btelefone (?:d[eao] (?:voces|consultor\w*|atendente|gerente)|para "
        r"(?:eu )?(?:falar|ligar))",
    )
)
# However it is put: a wish, a verb of talking and somebody, in one clause.
_WISH = re.compile(
    r"\b(?:quer(?:o|ia|emos)|gostaria|precis(?:o|ava|amos)|posso|podem?|poderiam?|prefiro|tem|teria|ha|consegue[m]?|"
    r"da para|"
    r"por favor|favor|queria|solicito|aguardo|desejo|peco|pede|ped(?:ir|e)|vou querer|tem como)\b"
)
_TALK = re.compile(
    r"\b(?:fal(?:ar|e|em)|convers(?:ar|e)|atend(?:er|ido|ida|a|imento|endo|esse)|lig(?:ar|ue|asse|uem)|explic(?:ar|a|"
    r"asse|ando)|"
    r"ajud(?:ar|a|asse)|retorn(?:ar|e|asse|o)|trat(?:ar|e)|negociar|cham(?:ar|e|asse)|contat(?:ar|e|o)|contato|"
    r"orient(?:ar|e|a)|"
    r"respond(?:er|a)|tir(?:ar|e) (?:minhas |as |umas |uma )?duvidas?|entrar em contato|resolver)\b"
)
_SOMEBODY = re.compile(
    rf"\b(?:{_ROLE}|alguem|(?:uma |outra |alguma )pessoa|gente de verdade|ser humano|(?:o |com o )dono|d[ao] equipe)\b"
    r"(?! (?:fisica|juridica|d[oa] (?:imovel|casa|carro|terreno|apartamento|veiculo)))"
)
_CLAUSE = re.compile(r"[^,.!?\n]+")
_REFUSED = re.compile(
    rf"\bnao (?:quero|precisa|preciso)\b[a-z ]{{0,12}}(?:falar|ligar?|ligacao|consultor|atendente|humano|pessoa)"
    rf"(?! com (?:um |uma )?{_MACHINE}\b)"
)
_OWN = re.compile(
    r"\bajudar (?:alguem|uma pessoa|outra pessoa)\b|\bsem (?:ter que |precisar )?(?:falar|conversar|ligar)\b|"
    rf"\bnome d[eoa] (?:outr[oa] |uma? )?{_WHO}\b|\b(?:meu|minha|nosso|nossa) {_WHO}\b|\b{_WHO} (?:d[oa]|"
    rf"n[oa]) (?:meu |outro )?(?:banco|caixa|itau|bradesco|"
    rf"santander|imobiliaria)\b"
)


def wants_person(core: str) -> bool:
    """ "Não quero falar com robô" is a wish for a person, "não quero falar com consultor" or "meu gerente" is none."""
    if speaks_of_another(core):
        return False
    if any(pattern.search(core) for pattern in _PATTERNS):
        return True
    clauses = (clause.group() for clause in _CLAUSE.finditer(core))
    return any(all(part.search(clause) for part in (_WISH, _TALK, _SOMEBODY)) for clause in clauses)


def speaks_of_another(core: str) -> bool:
    """A person refused, the client's own one, or one of another firm."""
    return bool(_REFUSED.search(core) or _OWN.search(core))
