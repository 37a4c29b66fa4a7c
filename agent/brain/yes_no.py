"""Yes, no and later: read against the question that is pending."""

import re

from agent.brain.text import words

_POSTPONE = re.compile(
    r"(?<!para )(?<!para a )(?<!para o )\b(?:depois|mais tarde|outra hora|outro dia|mais para frente|amanha|"
    r"semana que vem|mes que vem|ano que vem|"
    r"em outro momento|logo mais|daqui a pouco|quando (?:eu )?(?:puder|der|chegar|sair|tiver tempo))\b(?=[^?]*$)"
    r"|\bagora nao\b|\bagora (?:estou )?(?:ocupad|trabalhando|no trabalho|dirigindo|sem tempo|em reuniao)|"
    r"\bestou (?:ocupad[oa]|trabalhando|no trabalho|dirigindo|sem tempo|em reuniao|no transito)\b|"
    r"\bnao (?:posso|consigo) (?:falar|agora|responder)|\bvou (?:pensar|ver|analisar|conversar|falar|consultar|"
    r"avaliar|pesquisar|dar uma (?:olhada|pensada))\b|\bpreciso (?:de (?:um |mais )?tempo|pensar|conversar|ver com|"
    r"falar com (?:meu|"
    r"minha))\b|\bdeixa eu (?:ver|pensar|falar|analisar|conversar)\b|\b(?:te|lhe) (?:aviso|falo|retorno|respondo|"
    r"chamo|mando)\b|\bqualquer coisa (?:eu )?(?:te )?(?:chamo|falo|volto)\b|\bainda nao (?:sei|decidi|"
    r"tenho certeza)\b|\b(?:deixa|deixar|fica|ficar|melhor|so|vamos deixar) (?:isso )?para (?:a |o |"
    r"outr[oa] )?(?:amanha|depois|segunda|semana|mes|ano|dia|hora|proxim|mais)\b|\bja (?:ja )?(?:volto|respondo|falo)\b"
)
_LEAD_IN = (
    r"^(?:(?:ah?|ai|ta|ok|entao|bom|bem|oi|opa|uai|ue|ora|oxe|oxente|pois|vixe|eita|rapaz|nossa|que|bah|tche|uai so|"
    r"arretado|mano|cara|vei|"
    r"guri[a]?|mulher|hum|livia|moca?|eba|"
    r"oba|show|sim|👍+|✅+|👌+)"
    r"[,.!]* )*"
)
_YES = (
    r"sim+|si+|(?:acho|creio|penso) que sim|boa(?=\W*$|,)|s|claro|com (?:toda )?(?:certeza|ctz)|ctz|certeza|certo|"
    r"certinho|certissimo|correto|corretissimo|exato|exatamente|isso(?: mesmo| ai|)|issoo*|"
    r"pode(?! (?:parar|deixar|esperar|esquecer|cancelar|ser que))(?: ser| sim| fazer| mandar| continuar| seguir|"
    r" simular| prosseguir| ir| confirmar| passar| chamar| ver)*|"
    r"podemos|beleza|blz|ok+(?:ay|ei|)?|okey|"
    r"ta (?:bom|certo|ok|otimo|joia)|esta (?:bom|certo|ok|otimo|correto|sim|joia|tudo (?:certo|ok|correto))|"
    r"estao?(?: sim| correto\w*| certo\w*)|esta(?=\W*$|,)|ta(?=\W*$|,)|fechado|fechou|bora|"
    r"vamos?(?: la| sim| em frente| nessa| ver)?|uhum+|aham+|arram|"
    r"hum ?hum|uhu+|positivo|confirmo|confirmad[oa]|conferem?|"
    r"perfeit[oa]|otim[oa]|show(?: de bola)?|joia|combinado|"
    r"demorou|manda(?: ver| bala| ai| brasa)?|aceito|topo|concordo|tudo (?:certo|ok|correto|certinho|sim)|"
    r"(?:quero|gostaria|tenho|e|ja|foi|sou|faz|faca|vamos|segue|desejo|preciso|simula|consigo)"
    r"(?:,? (?:sim|ai|la))?(?=\W*$|,)|"
    r"e isso(?: mesmo| ai)?|faz(?:er)? favor|por favor|por gentileza|continua|continue|prossiga|pode crer|de acordo|"
    r"dale|fechamos|legal|maravilha|massa|top|yes|yep|partiu|agora mesmo|quero (?:muito|ver|simular|continuar|seguir)|"
    r"simbora|vai(?: la| sim| fundo)?(?=\W*$|,)|tudinho (?:certo|ok)|certin|ja e(?=\W*$)|tmj|firmeza|fmz|suave|"
    r"de boa|pd(?: ser)?|"
    r"demoro|so se for agora|(?:estou|to) dentro|segue o (?:baile|jogo)|toca (?:o barco|ficha|a bola)|bateu tudo|"
    r"(?:tudo |esta |ta )*n(?:os|as) conform(?:es|idades)|vai que vai|mal nao faz|nao custa(?: nada)?|"
    r"e meu(?: mesmo)?(?=\W*$)|"
    r"fa(?:ca|z) por obsequio|"
    r"bele|boto fe|com (?:prazer|gosto)|ta bem|esta bem|tudo bem|seria otimo|adoraria|por mim (?:ok|tudo bem|sim|"
    r"pode)|yeah|"
    r"sem (?:grilo|galho|crise|estresse|neura|medo)|(?:esta )?(?:tudo )?nos (?:trinques|eixos)|tudo (?:beleza|"
    r"em ordem)|"
    r"okidoki|oki|ahan+|anham|hu?m ?ru?m|sem problemas?|faco questao|"
    r"pois (?:e|nao)|logico|obvio|evidente\w*|sem duvida|mas e claro|tranquilo|suave|(?:👍|✅|👌)+|🙏+(?=\W*$)"
)
_AFFIRM = re.compile(rf"{_LEAD_IN}(?:{_YES})(?!\w)(?!.*\b(?:mas|porem|so que|nao|nem)\b(?! (?:e claro|quero sim)))")
_NO = (
    r"(?:claro|logico|obvio|certeza) que nao|(?:por (?:enquanto|hora|ora)|hoje|ainda) nao|"
    r"(?:precisa|carece|quero|posso|tenho|vou|da) nao|"
    r"(?:na+o+|nao|n)(?! (?:sei|lembro|entendi|tenho (?:certeza|ideia)|faco ideia|e que|vejo a hora|"
    r"(?:quero|posso|vou) (?:perder|deixar (?:passar|escapar)|ficar (?:sem|de fora)))\b)|nops?|nao+p|nunca|jamais|"
    r"negativo|nem|"
    r"nada(?: disso| a ver)?|errad[oa]|incorret[oa]|ainda nao(?! (?:sei|decidi))|agora nao|de jeito nenhum|"
    r"de forma alguma|"
    r"nem pensar|de jeito maneira|nem (?:a pau|morta?|ferrando|que a vaca)|sem chance|fora de (?:questao|cogitacao)|"
    r"deix(?:a|e|o) para (?:a )?proxima|👎+|nananinanao|nem um pouco|esta errad[oa]|ta errad[oa]|"
    r"esta incorret[oa]|no(?=\W*$)|dispenso"
)
_DENY = re.compile(
    rf"^(?:(?:ah?|ai|ta|ok|entao|bom|bem|oi|opa|uai|infelizmente|olha|livia),? )*(?:{_NO})(?!\w)"
    r"|\b(?:acho|creio|penso) que nao\b|\bnao,? (?:esta|ta|estao) (?:certo|correto|errado|certos)\b"
    r"|^\W*(?:esta|tem|ta)(?: \w+){0,2} errad|\b(?:prefiro|melhor)(?: que)? nao\b|\bnao (?:confere|bate)m?\b"
)
# "Não vejo problema", "por que não?": a no that is none.
_NOTHING_AGAINST = re.compile(
    r"\bnao (?:vejo|tem|ha|tenho|teria) (?:nenhum |mal |qualquer |algum )?(?:problemas?|nada demais|impedimento|mal|"
    r"por ?que nao)\b|"
    r"\b(?:nao (?:tenho|ha|tem) )?nada contra\b|\b(?:e )?por ?que nao\b(?=\W*$| ne\b)|\bnao me (?:oponho|importo|"
    r"incomodo)\b|\bmal nao (?:faz|tem)\b|\bnao (?:acho|acharia|seria) (?:nada )?(?:ruim|ma ideia)\b|"
    r"\bnada mal\b|\bnao custa (?:nada|ver|tentar)\b|\bnao seria (?:nada )?mal\b"
)
_MINE = re.compile(
    r"\b(?:ja )?(?:quitei|quitamos)\b|\bquitad\w+\b|\b(?:ja )?(?:paguei|pagamos) (?:tudo|el[ea]|tod[oa]|inteir[oa]|"
    r"a vista)\b|"
    r"\b(?:terminei|acabei|terminamos|acabamos) de (?:pagar|quitar)\b|\bnao (?:devo|tem|deve|resta|"
    r"falta)\w* (?:mais )?nada\b|"
    r"\b(?:esta|ta|ja (?:foi|esta)|e|tod[oa]|tudo) pag[oa]\b|\b(?:sem|nao (?:tem|ha)) (?:mais |"
    r"nenhuma )*dividas?\b|\bheranca\b|\bpag(?:uei|amos) (?:a|as) ultimas?\b|\bherd(?:ei|amos|ad[oa])\b|"
    r"\bcomprei a vista\b|"
    r"\bfoi a vista\b|"
    r"\b(?:n?o )?(?:meu|nosso) (?:proprio )?nome\b|^e (?:meu|nosso)\b|^meu (?:mesmo|sim)\b|"
    r"\bregistrad[oa] (?:certinho|direitinho)"
)
_NOT_MINE = re.compile(
    r"\bainda (?:devo|pago|falta\w*|tem|nao|estou|e financ|esta)\b|\b(?:faltam?|"
    r"restam?)\b[^.?!]{0,20}\b(?:quitar|pagar|"
    r"parcel\w+|"
    r"prestac\w+|meses|anos|pouco)|\b(?:estou|to|sigo) pagando\b|\bpagando ainda\b|\bsaldo devedor\b|"
    r"\bso (?:ano|mes|em|daqui|falta)\b[^.!?\n]{0,25}\b(?:termin|acab|quit|pag)|\b(?:e|esta|"
    r"ta) (?:ainda )?(?:financiad|alienad)"
    r"[oa]\b|\bno nome d[eoa]\b|^(?:e )?d[oa] (?:meu|minha) |\bquase quitad|\bfalt\w+ (?:quitar|pagar)\b|"
    r"\bnao (?:esta|e|foi|ta)?[a-z ]{0,12}(?:quitad|quitei|paguei tudo|no meu nome)|\bdevo (?:ainda|umas?|uns|\d)"
)
_WRONG = re.compile(r"\b(?:esta|ta|veio|ficou|tem) (?:\w+ )?errad[oa]s?\b")
_NO_FAULT = re.compile(r"\b(?:nao tem|sem|nenhum) (?:nenhum )?(?:erro|nada errado|o que mudar|reparo)")
_STAY = re.compile(
    r"\b(?:prefiro|quero|melhor|vamos) (?:continuar|seguir|ficar)? ?(?:com voce|por aqui|aqui mesmo|por whatsapp)\b"
)
_BYE_UNTIL = re.compile(r"\b(?:tchau|ate|falou|abraco)\b")


# A short answer made of such words only is a yes or a no, in whatever order they come.
_YES_WORDS = words(
    """
    dentro 100% mostra mostre valendo esses essas mesmos afirmativo conformes continuamos continuar continua sim s
    si claro certeza quero queria gostaria adoraria desejo aceito concordo topo pode podem podemos ok okay bora
    vamos vamo manda mande faz faca isso exato exatamente correto correta corretos corretas certo certa certos
    certas certinho certinhos confere conferido conferem confirmo confirmado beleza joia perfeito otimo show fechado
    fechou combinado positivo uhum aham logico obvio dale demorou partiu legal maravilha massa top yes yep blz bele
    firmeza tranquilo simbora confirmada confirmadissimo certissimo quitado quitada quitadinho
    """
)
_NO_WORDS = words("nao n nops nunca jamais negativo errado errada errados incorreto incorreta nem nada")
_PADDING = words(
    """
    eu e a o os as que ai aqui la me ja entao para mim por favor gentileza mesmo agora hoje uai opa oi ola ta esta
    estao voce voces livia senhor senhora moca moco muito demais tambem so com toda todo todos todas de da do ver
    fazer simular simulacao seguir continuar prosseguir passar chamar ser dados tudo tudinho bem bom boa sao foi tem
    ate agorinha logo momento ainda enquanto melhor isso ne viu eh eita ah ahh hum meu minha meus minhas uma um essa
    esse obrigado obrigada calcular conta contas gente precisa preciso quero enviar mandar confirmar obvio rapidinho
    ora estou nos pois oxe vixe
    """
)
_DOUBLED = re.compile(r"([a-z])\1+$")


def _by_words(core: str) -> str | None:
    said = [word if word in _YES_WORDS | _NO_WORDS | _PADDING else _DOUBLED.sub(r"\1", word) for word in core.split()]
    said = [word.strip(",.") for word in said]
    if not said or len(said) > 7 or any(word not in _YES_WORDS | _NO_WORDS | _PADDING for word in said):
        return None
    if any(word in _NO_WORDS for word in said):
        return "deny"
    return "affirm" if any(word in _YES_WORDS for word in said) else None


_BUT = re.compile(r"\?|\b(?:nao|nem|mas(?! (?:rapid|logo|e claro|so ))|porem|so que|depois|amanha|se)\b")
_CONSENT = re.compile(
    r"\bpode (?:sim|mandar|fazer|simular|seguir|continuar|passar|ver|calcular|tocar)\b|\b(?:manda ver|simbora|"
    r"bora|quero sim|"
    r"vamos nessa|faz sim|manda sim)\b"
)


def owned(core: str) -> str | None:
    """ "affirm" or "deny" told as a fact of the collateral: "já quitei", "tá no meu nome", "falta um ano"."""
    if core.endswith("?"):
        return None
    if _NOT_MINE.search(core):
        return "deny"
    return "affirm" if _MINE.search(core) else None


def yes_or_no(core: str, pending: bool) -> str | None:
    """ "affirm", "deny", "postpone" or None; without a pending question only a short yes counts."""
    if _POSTPONE.search(core) and not (_BYE_UNTIL.search(core) and not pending):
        return "postpone"
    if pending and _NO_FAULT.search(core):
        return "affirm"
    if _NOTHING_AGAINST.search(core):
        return "affirm" if pending else None
    if _DENY.search(core) or (pending and (_STAY.search(core) or _WRONG.search(core))):
        return "deny"
    if pending and _CONSENT.search(core) and len(core.split()) <= 7 and not _BUT.search(core):
        return "affirm"
    if _AFFIRM.search(core) and (pending or len(core.split()) <= 4) and not core.endswith("?"):
        return "affirm"
    return _by_words(core) if pending and not core.endswith("?") else None
