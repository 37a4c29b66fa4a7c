"""What Lívia answers beside the question that is open: who she is, whether it is safe, how a product works."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from agent.brain.business import BusinessInfo
from agent.brain.choices import find_product
from agent.brain.text import normalise

ROBOT = (
    "Sou a Lívia, assistente virtual da *{business}*: um sistema automático, não uma pessoa. 😊 "
    "Se quiser falar com alguém da equipe, é só escrever *consultor*."
)
SAFE = (
    "Faz bem em perguntar! Por aqui ninguém cobra nada antes de o crédito ser liberado, e nunca pedimos senha nem "
    "código. Somos a *{business}*{place}. Se preferir falar com uma pessoa, é só escrever *consultor*."
)
SAFE_AGAIN = "Pode confiar: nada é cobrado antes de o crédito ser liberado, nem taxa nem depósito."
WHO = "Eu sou a Lívia, assistente virtual da *{business}*. 😊"
WHERE = "Nosso endereço: {address}. Por aqui você também resolve tudo pelo WhatsApp."
WHERE_UNKNOWN = "O atendimento da *{business}* é por aqui mesmo, pelo WhatsApp."
HOURS = "Os consultores atendem {hours}; eu respondo por aqui a qualquer hora. 😊"
HISTORY = (
    "Dá para simular, sim. A aprovação depende da análise de crédito, que olha também o seu histórico, "
    "e o consultor avalia as opções com você."
)
RELEASE = "O prazo depende da análise e dos documentos. O consultor te diz certinho no seu caso."
STEPS = (
    "Funciona assim: eu faço algumas perguntas rápidas, te mostro uma simulação e, se você gostar, "
    "um consultor segue com você."
)
PLEDGES = "Temos empréstimo com garantia de imóvel e com garantia de veículo. 😊"
OTHER_PLACE = "Aqui a gente cuida de crédito e financiamentos. 😊"
SORRY = "Desculpe por isso! Agora estou aqui com você."
SURE = "Claro, eu te ajudo com isso!"
NEVER_MIND = "Sem problema!"
SLOWLY = "Sem problema, vamos com calma!"
TOO_YOUNG = (
    "Obrigada por me contar! Para contratar crédito é preciso ser maior de idade, então por enquanto não consigo te "
    "ajudar com isso. Quando chegar a hora, é só me chamar. 😊"
)
TOO_YOUNG_AGAIN = "Entendo! Mas o crédito é só para maiores de idade. Se um adulto quiser simular, é só me dizer."
NO_SECRETS = (
    "Por segurança, não envie por aqui senha, número de cartão nem dados de conta: eu não preciso deles. "
    "Se puder, apague essa mensagem."
)
IN_REAIS = "Por aqui os valores são sempre em reais, tá?"
FEES = (
    "O CET da simulação reúne os custos do crédito. Se houver alguma tarifa à parte, como avaliação ou registro, "
    "o consultor te mostra direitinho."
)
PROMISE = "A aprovação depende da análise de crédito. Com a simulação você já vê como ficaria."
EARLY = "Pode, sim: dá para quitar antes, com redução proporcional dos juros."
SAVINGS = "Em alguns financiamentos dá para usar o FGTS. O consultor confirma no seu caso."
WELL = "Tudo ótimo por aqui, obrigada por perguntar! 😊"
KIND = "Que gentileza, obrigada! 😊"
SAME_TO_YOU = "Para você também! 😊"
HARDSHIP = "Entendo, obrigada por me contar."
INDEED = "Pois é! 😊"

_EXPLAINED = {
    "home_equity": "No empréstimo com garantia de imóvel, você usa um imóvel seu como garantia e continua morando "
    "nele. Por isso os juros costumam ser mais baixos e o prazo, mais longo.",
    "real_estate_financing": "No financiamento imobiliário, você dá uma entrada e paga o resto do imóvel em parcelas. "
    "O próprio imóvel fica como garantia até o fim.",
    "auto_equity": "No empréstimo com garantia de veículo, o carro fica como garantia e você continua usando. "
    "Por isso os juros costumam ser mais baixos que os do empréstimo pessoal.",
    "consorcio": "No consórcio, um grupo paga parcelas mensais sem juros, só com taxas, e você recebe a carta de "
    "crédito quando é contemplado, por sorteio ou lance.",
    "personal_loan": "No empréstimo pessoal, você não precisa dar um bem em garantia. Por isso os juros são mais altos "
    "e o prazo, mais curto.",
    "payroll_loan": "No consignado, a parcela é descontada direto do salário ou do benefício. É para aposentados, "
    "pensionistas, servidores e algumas empresas.",
}

_ROBOT = re.compile(
    r"\b(?:robos?|bots?|chat ?gpt|inteligencia artificial)\b|\b(?:mensagem|resposta|atendimento) automatic[oa]\b|"
    r"\b(?:voce|isso|ai|livia|aqui) e (?:um |uma )?(?:ia|maquina|human[oa]|pessoa|gente|real|de verdade)\b"
    r"(?! (?:fisica|juridica))|\bfalando com (?:um |uma )?(?:ia|maquina|pessoa|human[oa]|gente)\b|"
    r"\bpessoa de verdade\b|"
    r"^\W*e (?:uma )?pessoa (?:que|mesmo|real)\b"
)
_SAFE = re.compile(
    r"\b(?:golpe|golpista\w*|fraude|confiave(?:l|is)|confianca|confiar|idone[oa]|pilantragem|enganacao|"
    r"(?:e|isso e|aqui e|esta|site|sera) (?:mesmo )?segur[oa](?! de|s)|e serio|e de verdade|empresa (?:existe|e real|"
    r"e seria|de verdade)|cnpj de voces|(?:qual|tem) (?:o )?cnpj)\b|"
    r"\b(?:pag\w*|cobra\w*|deposit\w*|transfer\w*|taxa|pix|custo)\b[^.!?\n]{0,30}\b(?:antes(?! d[eo] (?:prazo|"
    r"vencimento|"
    r"tempo|fim|final|terminar|acabar|mes))|adiantad[oa]|antecipad[oa]|para (?:liberar|simular|analisar))\b|"
    r"\b(?:tem que|precisa|preciso|vou ter que|tenho que) (?:pagar|depositar|transferir|"
    r"dar)\b[^.!?\n]{0,20}\b(?:alg|nada|"
    r"taxa|antes|para voces)|\b(?:e|sai) (?:de )?(?:graca|gratis|gratuit[oa])\b|\btem (?:algum )?custo\b|"
    r"\bcobram? (?:alg|por|para|alguma)|\b(?:pede[mr]?|querem|mandar?|enviar) [^.!?\n]{0,15}(?:dinheiro|pix|"
    r"deposito)\b"
)
_OTHER_PLACE = re.compile(
    r"\b(?:e|seria|fala) d[aoe] (?:farmacia|pizzaria|loja|oficina|salao|clinica|mercado|restaurante|academia|"
    r"prefeitura|"
    r"hospital|consultorio|padaria|escola|igreja|posto|pet ?shop|hotel|uber|ifood|shopee|mercado livre|correios?)\b"
)
_SORRY = re.compile(
    r"\b(?:demor(?:am|ou|ando)|ninguem (?:responde|atende)|porcaria|pessimo|pessima|descaso|horrivel|"
    r"falta de respeito|"
    r"ja falei|ja disse|quantas vezes)\b"
)
_SURE = re.compile(
    r"\b(?:quero|queria|preciso|precisando|gostaria|procurando|interesse|saber)\b[^.!?\n]{0,30}\b(?:emprestimo|"
    r"credito|"
    r"dinheiro|financiamento|ajuda|simular|simulacao)\b"
)
_PLEDGE = re.compile(r"\b(?:emprestimo|credito|dinheiro) com (?:uma |alguma )?garantia\b")
_LOST = re.compile(r"\b(?:perdid[oa]|nao entendi|nao estou entendendo|confus[oa]|complicad[oa])\b")
_NOT_KNOWN = re.compile(r"\b(?:nao (?:sei|lembro|faco (?:ideia|nocao)|tenho (?:ideia|certeza|nocao)))\b")
_TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (topic, re.compile(pattern))
    for topic, pattern in (
        (
            "who",
            r"\b(?:quem e voce|com quem (?:eu )?(?:falo|estou falando)|qual (?:e )?(?:o )?(?:seu|teu) nome|"
            r"como voce se chama|quem (?:esta )?fala(?:ndo)?(?: ai)?|que empresa|qual (?:e a |a )?empresa|"
            r"de onde (?:voces sao|e voce|voce e|fala))\b|\be o (?:seu|teu)(?: nome)?\W*$",
        ),
        (
            "where",
            r"\b(?:(?:ficam?|estao|sao|atendem) (?:de )?onde|onde (?:voces )?(?:fica|ficam|estao|atendem)|"
            r"onde (?:e|fica) a (?:empresa|loja|sede)|"
            r"endereco (?:de voces|da (?:empresa|loja)|fisico)|qual (?:e )?o endereco|tem (?:loja|sede|"
            r"escritorio))\b",
        ),
        (
            "hours",
            r"\b(?:qual (?:e )?o horario|que horas? (?:voces )?(?:abre|fecha|atende|funciona)\w*|ate que horas|"
            r"horario de (?:atendimento|funcionamento)|(?:atende|funciona|abre)m? (?:no |de |aos? )?(?:sabado|"
            r"domingo|"
            r"feriado|noite|fim de semana)\w*)\b",
        ),
        (
            "early",
            r"\b(?:quit\w+|pag\w+|adiant\w+|antecip\w+|amortiz\w+)\b[^.!?\n]{0,25}\b(?:antes(?: d[eo] (?:prazo|"
            r"tempo|fim|final|"
            r"vencimento|terminar|acabar))?|parcelas|divida)\b|\bamortizar\b",
        ),
        ("savings", r"\bfgts\b"),
        (
            "history",
            r"\b(?:negativad[oa]|nome (?:esta )?sujo|restric(?:ao|oes)|score (?:esta )?(?:baixo|ruim)|(?:no|pelo|"
            r"consulta\w*(?: o| no)?|"
            r"tem) (?:spc|serasa))\b",
        ),
        (
            "promise",
            r"\b(?:garant\w+|certeza|assegura\w*)\b[^.!?\n]{0,20}\b(?:aprov\w+|conseg\w+|credito|emprestimo|"
            r"dinheiro|sai)\b|"
            r"\baprov\w+ (?:e )?(?:garantid\w+|cert[oa]|facil|imediat\w+|automatic\w+|"
            r"na hora|todo mundo|qualquer|sempre)\b|"
            r"\b(?:vou|vai|consigo|posso) ser aprovad\w+|\b(?:sou|estou|fui|e) (?:ja )?(?:pre )?aprovad\w+|"
            r"\b(?:voces )?aprovam?\b(?! em| quanto)",
        ),
        (
            "release",
            r"\b(?:quanto tempo|quantos dias|quando|em quanto tempo|demora)\b[^.!?\n]{0,30}\b(?:cai|sai|"
            r"libera\w*|recebo|"
            r"dinheiro|demora|leva|aprova\w*|resposta|na conta)\b|\bdemora (?:muito|quanto)\b",
        ),
    )
)
_HELP = re.compile(
    r"\W*(?:(?:oi|ola|por favor|voces?|alguem|pode[mr]?|me|preciso de|quero|uma|socorro)\W+)*(?:ajud(?:a|e|ar|em)|help|"
    r"menu|opcoes|inicio)(?: (?:me|aqui|por favor|ai))*\W*"
)
_FEES = re.compile(
    r"\b(?:taxas?|tarifas?|custos?) (?:de|da|do|para|com) (?:a |o )?(?:avaliacao|cadastro|abertura|vistoria|registro|"
    r"cartorio|analise|contratacao|documentacao|laudo)\b"
)
_EXPLAIN = re.compile(
    r"\b(?:o que (?:e|seria|significa|vem a ser)|que (?:que )?e (?:isso|esse|essa)|como (?:e que |que )?"
    r"(?:isso |ess[ea] |o |a )?(?:[a-z]+ )?funciona\w*|(?:me )?explica\w*|entender (?:melhor|como)|nao (?:sei|"
    r"entendi) "
    r"(?:o que e|como funciona)|saber (?:mais )?(?:sobre|o que e|como)|diferenca|como (?:eu )?(?:faco|fazer|"
    r"comeco|comecar)(?: para)?(?: comecar| contratar| "
    r"pedir| fazer)?)\b"
)
_WELL = re.compile(
    r"\btudo (?:bem|bom|certo|joia|otimo)\b|\bcomo (?:voce |que voce )?(?:vai|esta|anda)|\be (?:voce|contigo)\b"
)
_KIND = re.compile(r"\b(?:simpatic|gentil|educad|fof[oa]|querida|te amo|um amor|atencios|legal)\w*")
_WISHES = re.compile(
    r"\b(?:bom|boa|feliz|otim[oa]) (?:fim|final|domingo|sabado|feriado|trabalho|natal|ano|pascoa|semana|dia)"
)
_HARDSHIP = re.compile(
    r"\b(?:desempregad\w+|demitid\w+|mandad[oa] embora|desesperad\w+|desespero|faleceu|morreu|viuv[oa]|luto|"
    r"doen(?:te|ca)|cancer|internad\w+|hospital|acidente|despej\w+|depress\w+|perdi (?:o |a |meu |minha )?"
    r"(?:emprego|trabalho|renda|pai|mae|filh[oa]|marido|esposa|mulher|casa|tudo))\b"
)
_LAUGHTER = re.compile(r"(?:k{2,}|(?:rs)+r?|(?:h[aeu]){2,}h?|[^\w])+")


def doubts(text: str, business: BusinessInfo, last_reply: str = "") -> str:
    """Whether she is a person, whether it is a fraud, what she is for: answered before anything else."""
    said = normalise(text).text
    if _SAFE.search(said):
        if SAFE.split("!")[0] in last_reply:
            return SAFE_AGAIN
        place = f", {business.address}" if business.address else ""
        return SAFE.format(business=business.name, place=place)
    if _ROBOT.search(said):
        return ROBOT.format(business=business.name)
    return STEPS if _HELP.fullmatch(said) else ""


def questions(text: str, business: BusinessInfo, slots: Mapping[str, Any]) -> str:
    """The other things people ask; empty if it is none of them."""
    said = normalise(text).text
    if _OTHER_PLACE.search(said):
        return OTHER_PLACE
    where = WHERE if business.address else WHERE_UNKNOWN
    answers = {
        "who": WHO.format(business=business.name),
        "where": where.format(address=business.address, business=business.name),
        "hours": HOURS.format(hours=business.hours) if business.hours else "",
        "history": HISTORY,
        "release": RELEASE,
        "promise": PROMISE,
        "early": EARLY,
        "savings": SAVINGS,
    }
    asking = "?" in said or _EXPLAIN.search(said)
    found = next((topic for topic, pattern in _TOPICS if pattern.search(said)), None)
    if found in {"who", "where", "hours"} or (found and asking):
        return answers[str(found)]
    if not _EXPLAIN.search(said):
        return ""
    if re.search(r"\b(?:faco|fazer|comec\w+|contratar)\b", said) and not find_product(said, "product"):
        return STEPS
    parts = re.split(r"\b(?:e|ou|para)\b", said[said.index("diferenca") :]) if "diferenca" in said else [said]
    named = dict.fromkeys(filter(None, (find_product(part, "product") for part in parts)))
    explained = [
        _EXPLAINED[product] for product in list(named)[:2] or [str(slots.get("product"))] if product in _EXPLAINED
    ]
    return " ".join(explained) or STEPS


def word(text: str, slots: Mapping[str, Any], products: Collection[str]) -> str:
    """A kind word where nothing was told and nothing asked."""
    said = normalise(text).text
    if _SORRY.search(said):
        return SORRY
    if "product" not in slots and _PLEDGE.search(said) and {"home_equity", "auto_equity"} <= set(products):
        return PLEDGES
    if _LOST.search(said):
        return SLOWLY
    if _NOT_KNOWN.search(said):
        return NEVER_MIND
    return SURE if _SURE.search(said) else ""


def fees(text: str) -> str:
    """A charge beside the interest."""
    return FEES if _FEES.search(normalise(text).text) else ""


def hardship(text: str) -> str:
    """What is hard to tell is not cheered."""
    return HARDSHIP if _HARDSHIP.search(normalise(text).text) else ""


def chat(text: str) -> str:
    """A word back to small talk; laughter needs none."""
    said = normalise(text).text
    if _LAUGHTER.fullmatch(said):
        return ""
    if _WELL.search(said):
        return WELL
    if _KIND.search(said):
        return KIND
    return SAME_TO_YOU if _WISHES.search(said) else INDEED
