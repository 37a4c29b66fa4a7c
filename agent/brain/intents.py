"""What the client wants with a message, by rules. The first matching intent of INTENTS wins."""

import re

from agent.brain.opt_out import is_opt_out

_HUMAN_WHO = (
    r"(?:atendente|humano|pessoa|consultora?|gerente|especialista|vendedora?|alguem|corretora?|funcionari[oa]|"
    r"responsavel|operadora?|"
    r"supervisora?|assessora?|gente (?:de verdade|real)|ser humano)"
)
_HUMAN = re.compile(
    rf"\b(?:fal(?:ar|o|e|e?m)|convers(?:ar|a)|atendid[oa]|atendimento|trat(?:ar|o)|resolver|contato|ajuda|"
    rf"me (?:atend\w+|lig\w+|explic\w+)|chat)\b[a-z ]{{0,22}}?\b(?:com|por|para|de|"
    rf"d[oa])\b[a-z ]{{0,14}}?\b{_HUMAN_WHO}\b"
    rf"|\b(?:me )?(?:pass\w+|transfer\w+|encaminh\w+|direcion\w+|cham\w+|coloca\w*|conect\w+|bota|"
    rf"liga\w*)\b[a-z ]{{0,18}}?\b(?:um|uma|o|a|algum|alguma|seu|sua|para|com|outra|"
    rf"outro)? ?{_HUMAN_WHO}\b(?!s? (?:fisica|juridica))"
    rf"|\b(?:tem|ha|existe|cade|quero|queria|preciso|prefiro|gostaria|posso|pode ser|"
    rf"tem como)\b[a-z ]{{0,16}}?\b(?:um |uma |algum |alguma |o |a |de )(?:outr[oa] )?(?:atendente|humano|"
    rf"consultora?|gerente|especialista|vendedora?|pessoa (?:real|de verdade|humana)|atendimento humano|"
    rf"ser humano|alguem (?:real|de verdade))\b"
    rf"|\b(?:quero|queria|preciso de|prefiro|somente|so com|so falo com) (?:um |uma )?(?:gente|pessoa|humano|"
    rf"alguem|atendimento humano|ser humano)\b(?! (?:que|da|para) (?:minha )?familia)"
    r"|\b(?:alguem|uma pessoa|um humano|gente|um consultor|um atendente|o consultor|a consultora|"
    r"o gerente) (?:pode|poderia|consegue|podia|de verdade|real)(?: me)?\b[a-z ]{0,12}(?:atender|ligar|ajudar|"
    r"falar|explicar|chamar|entrar|retornar|aqui|me)?"
    r"|\b(?:nao (?:quero|gosto de|vou)|odeio|cansei de|chega de)\b[a-z ]{0,14}\b(?:robo|maquina|bot|ia|"
    r"inteligencia artificial|gravacao)\b"
    rf"|^(?:atendente|humano|consultora?|pessoa|gerente|um humano|uma pessoa|falar com (?:atendente|humano)|"
    rf"atendimento humano)(?: por favor)?$"
    r"|\b(?:podem?|poderia[m]?|consegue[m]?|queria que|quero que|da para) (?:voces? )?me lig(?:ar|uem|ue|"
    r"assem?)\b|^me liga\b(?! n?o? ?(?:meu )?(?:numero|no))"
    r"|\bconversar por (?:telefone|ligacao)\b|\bfalar por (?:telefone|ligacao)\b|\btem (?:gente|alguem|"
    r"pessoa)(?: de verdade| real)? (?:ai|para atender|atendendo)\b"
)
_ABUSE = re.compile(
    r"\b(?:idiotas?|imbeci(?:l|s)|burr[oa]s?|otari[oa]s?|babacas?|vagabund[oa]s?|safad[oa]s?|lad(?:rao|roes|"
    r"ra)|ladroe?s|bandid[oa]s?|golpistas?|caloteir[oa]s?|"
    r"fdp|filh[oa]s? d[ae] puta|puta (?:que|merda)|pqp|vsf|vtnc|tnc|vai (?:se|te|tomar|a merda|pro inferno|"
    r"para o inferno|para a puta|catar)|"
    r"caralh\w*|porra|merda|bosta|cuzao|cuzoes|arrombad[oa]s?|desgraca(?:d[oa]s?)?|retardad[oa]s?|"
    r"estupid[oa]s?|ridicul[oa]s?|lixo|nojent[oa]s?|"
    r"palhac[oa]s?|cretin[oa]s?|escrot[oa]s?|corn[oa]|trouxas?|canalhas?|picaretas?|estelionatari[oa]s?|"
    r"pilantras?|inuti(?:l|s)|vigaristas?|trambiqueir[oa]s?|"
    r"vao se (?:foder|ferrar|danar)|se foder|foda-se|bando de|palhacada|so (?:sabem|querem) (?:roubar|"
    r"enganar)|corja|quadrilha)\b"
)
_NOT_ABUSE = re.compile(
    r"\b(?:casa|apartamento|vida|situacao|emprego|dinheiro|banco|divida|juros|taxa|dia|transito|chuva|"
    r"meu (?:carro|ex|chefe|marido)|"
    r"cai (?:n[oa]|em)|medo de|e golpe|tenho|fui|outra? (?:empresa|banco|financeira)|esse bando|carro (?:e|"
    r"esta)) (?:uma? |de |um |e |esta |tao |muito |que )*$|"
    r"\bfui (?:muito )?(?:burr|trouxa|otari)"
)
_EXPENSIVE = re.compile(
    r"\b(?:muito|bem|meio|tao|super|um pouco|bastante|achei|esta|e|mais|ficou|saiu|fica) (?:muito |bem |meio |"
    r"um pouco )?(?:car[oa]s?|salgad[oa]s?|puxad[oa]s?|pesad[oa]s?|alt[oa]s?|altissim[oa]s?|"
    r"abusiv[oa]s?)\b(?! (?:de casa|valor))"
    r"|^(?:que )?(?:car[oa]|carissim[oa]|caro demais|salgado|puxado)\b|\b(?:car[oa]|alt[oa]|salgad[oa]|"
    r"pesad[oa]|puxad[oa]) demais\b|\bcarissim[oa]s?\b|\bsem condic\w+ de pagar\b|"
    r"\bnao tenho dinheiro para (?:isso|pagar)\b|\b(?:e|esta) de matar\b|\bque (?:caro|absurdo|roubo|facada|"
    r"parcela alta)\b"
    r"|\b(?:juros?|taxas?|parcelas?|prestac\w+|valor(?:es)?|cet) (?:(?:esta|estao|e|sao|ficou|ficaram|muito|"
    r"bem|mais|tao|meio|la|de|voces|parece|um|uma) )*(?:alt\w+|abusiv\w+|absurd\w+|car[oa]s?|pesad\w+|"
    r"salgad\w+|puxad\w+|exorbitante\w*|la em cima|nas alturas)\b"
    r"|\b(?:parcela|prestacao|valor|isso|essa|esse|juros)\b[^.!?\n]{0,25}\bnao (?:da|cabe|consigo pagar|"
    r"tenho condic\w+|rola|encaixa|serve)\b|\bnao (?:cabe|tenho como pagar|tenho condic\w+|dou conta|"
    r"consigo pagar|aguento)\b(?! (?:nao|sim))"
    r"|\b(?:outro|outra|no|na|em outro) (?:banco|empresa|financeira|lugar|nubank|caixa|itau|bradesco|"
    r"santander)\b[^.!?\n]{0,25}\b(?:mais barat|menor|melhor|menos)|\b(?:vi|achei|consigo|tem) (?:mais barato|"
    r"taxa menor|juros menor\w*)\b"
    r"|\b(?:fora do meu (?:orcamento|bolso)|acima do (?:que|meu)|pesa no bolso|nao compensa|nao vale a pena|"
    r"e um roubo|assalto|facada|muito dinheiro|agiota(?:gem)?)\b|\b(?:da para|tem como|faz|"
    r"consegue) (?:um )?(?:desconto|baixar|diminuir|melhorar|abaixar|reduzir)\b"
)
_NOT_INTERESTED = re.compile(
    r"\b(?:nao|sem|perdi o|nenhum) (?:tenho |tem |estou )?(?:mais )?(?:o |muito |nenhum )?(?:interess(?:e|"
    r"ad[oa])|tenho interesse)\b|\bnao (?:me )?interess\w+|\bdesinteress\w+"
    r"|\bnao (?:quero|preciso|vou querer|estou precisando|estou querendo|necessito)(?:,? (?:mais|nao|nada|"
    r"disso|isso|agora|de nada|de emprestimo|de credito|o emprestimo|fazer|emprestimo|continuar|seguir|"
    r"prosseguir|contratar|financiar))*(?:,? (?:muito )?(?:obrigad[oa]|valeu|grat[oa]))?[.! ,]*$"
    r"|\bnao quero (?:mais |fazer |nenhum |saber (?:mais )?de )*(?:emprestimo|credito|financiamento|consorcio|"
    r"simulac\w+|proposta|continuar|seguir)\b(?![^.]{0,10}\b(?:mas|quero|prefiro|so)\b)"
    r"|\b(?:ja|acabei|decidi) (?:eu )?(?:fech\w+|contrat\w+|consegui\w*|resolvi\w*|peguei|fiz|arrum\w+|"
    r"acert\w+|assin\w+)\b(?=[^.?]{0,40}\b(?:outr[oa]|banco|com|em|caixa|itau|bradesco|santander|concorren\w+|"
    r"emprestimo|lugar|negocio|isso|problema|situacao)\b|[.! ]*$)"
    r"|\b(?:desisti|desisto|mudei de ideia|deixa (?:para la|quieto|isso)|esquece|deixe para la|dispenso|"
    r"to fora|estou fora|passo essa|vou passar|deixar passar|nao rola|nao e para mim|nao serve para mim|"
    r"nao obrigad[oa]|"
    r"agora nao tenho interesse)\b"
    r"|^(?:nao,? )?(?:muito )?obrigad[oa],? (?:mas )?nao\b|^nao,? (?:muito )?(?:obrigad[oa]|valeu|"
    r"grat[oa])[.! ]*$|\bnao vou (?:fazer|querer|contratar|fechar|continuar|seguir)\b"
)
_POSTPONE = re.compile(
    r"\b(?:depois|mais tarde|outra hora|outro dia|mais para frente|amanha|semana que vem|mes que vem|"
    r"em outro momento|logo mais|daqui a pouco)\b(?=[^?]*$)"
    r"|\bagora nao\b|\bagora (?:estou )?(?:ocupad|trabalhando|no trabalho|dirigindo|sem tempo|em reuniao)|"
    r"\bnao posso (?:falar|agora)|\bvou (?:pensar|ver|analisar|conversar|falar|consultar|avaliar|pesquisar|"
    r"dar uma (?:olhada|pensada))\b|\bpreciso (?:pensar|conversar|ver com|falar com (?:meu|minha))\b|"
    r"\bdeixa eu (?:ver|pensar|falar|analisar|conversar)\b|\b(?:te|lhe) (?:aviso|falo|retorno|respondo|chamo|"
    r"mando)\b|\bqualquer coisa (?:eu )?(?:te )?(?:chamo|falo|volto)\b|\bainda nao (?:sei|decidi|"
    r"tenho certeza)\b"
)
_DOC = (
    r"(?:document\w+|holerites?|contracheques?|comprovantes?|extratos?|escritura|matricula|rg|cnh|certidao|"
    r"certidoes|papel(?:ada|ai?s)?|iptu|crlv|imposto de renda|carteira de trabalho)"
)
_ASK_DOCS = re.compile(
    rf"\b(?:quais|qual|que|quantos|precisa\w*|preciso|necessari\w+|exig\w+|pede[m]?|tem que|o que|lista|"
    rf"relacao|tenho que|devo|basta|serve|aceita\w*|quero saber)\b[^.!\n]{{0,45}}\b{_DOC}\b"
    rf"|\b{_DOC}\b[^.!\n]{{0,30}}(?:\?|\b(?:precisa\w*|preciso|necessari\w+|exig\w+|pede[m]?|voces? (?:pedem|"
    rf"precisam)|tenho que|sao|mando|enviar|levar)\b)|\b(?:o que|oque|que) (?:eu )?(?:preciso|precisa|"
    rf"tenho que|e preciso|e necessario) (?:mandar|enviar|levar|apresentar|ter em maos|entregar|separar)\b|"
    rf"^documentos?\??$|\bcomo (?:eu )?comprovo (?:a )?renda\b"
)
_RATE = r"(?:juros?|taxas?|cet|custo efetivo)"
_ASK_RATE = re.compile(
    rf"\b(?:qual|quais|quanto|quantos|como (?:e|sao|fica|ficam|funcionam?)|que|me (?:fala|diz|informa|passa)|"
    rf"quero saber|gostaria de saber|queria saber|saber|e)\b[^.!\n]{{0,35}}\b{_RATE}\b|"
    rf"\b{_RATE}\b[^.!\n]{{0,40}}\?|\b{_RATE} (?:de voces|e (?:de )?quanto|quanto|esta (?:em )?quanto|"
    rf"cobrad\w+|mensal|anual|ao mes|atual)\b"
    r"|\b(?:quantos?|qual(?: o)?)\b[^.!\n]{0,15}(?:%|\bpor cento\b|\bporcentagem\b|\bpercentual\b)|"
    r"\bcobra\w*\b[^.!\n]{0,20}(?:%|\bpor cento\b|\bjuro)|^(?:e )?(?:a |os? )?(?:juros?|taxas?)\??$|"
    r"\btem juros\b|\b(?:taxa|juros) (?:fix|pos|pre)\w+|\b(?:taxa|juros) a partir de quanto\b"
)
_ASK_SIM = re.compile(
    r"\bsimul(?:a|e|ar|acao|acoes|em|acaozinha|ador|e?i)\b|\b(?:quanto|qto) (?:vai |iria |fica(?:ria)?|"
    r"da(?:ria)?|sai(?:ria)?|seria|custa(?:ria)?|e|pago|pagaria|eu (?:pago|pagaria|vou pagar)|vou pagar|"
    r"ficaria|ficam?)\b[^.!\n]{0,25}\b(?:parcel\w+|prestac\w+|por mes|mensal\w*|cada|no total|ao final|em \d+|"
    r"\d+ ?x|vezes)"
    r"|\bqua(?:l|nto) (?:o |e o |e a |seria o |seria a |fica a |fica o |ficaria a |a |"
    r"sera a )?(?:valor )?(?:d[aoe]s? )?(?:parcelas?|prestac\w+|mensalidades?)\b|\bcalcul(?:a|e|ar|o|em)\b|"
    r"\bfa(?:z|ca) as contas\b|"
    r"\bquanto (?:fica|ficaria|da|daria|sai|sairia)\b(?! (?:o |os |a |de )?(?:juro|taxa))|"
    r"\bquanto (?:eu )?(?:consigo|posso) (?:pegar|de credito|financiar|emprestad\w+)|\bparcela (?:de|"
    r"para) [^.!\n]{1,25}\?|\bme (?:faz|faca|manda|mande|passa) (?:as |umas |uma |a )?(?:parcelas|condic\w+|"
    r"proposta|cotacao|orcamento)\b|\b(?:fazer|quero|ver) (?:uma |um )?(?:cotacao|orcamento)\b"
)
_SMALLTALK = re.compile(
    r"\b(?:como (?:voce |vai |voces? |que voce )?(?:esta|vai|anda|tem passado|passou)(?: voce| hoje| ai|"
    r" a vida)?|tudo (?:bem|bom|certo|joia|otimo)(?: (?:com voce|ai|contigo))?)\b ?\?|\bcomo (?:voce|"
    r"vc) (?:esta|vai)\b|\bcomo (?:esta|vai)(?: voce)?\b ?\??$"
    r"|\b(?:que|esta|muito|fazendo|faz) (?:um |muito |esse |o )?(?:frio|calor|chuva|sol|quente|friozinho|"
    r"calorao|chovendo|tempo(?: (?:feio|louco|bom))?)\b|\bchovendo\b|\b(?:viu|assistiu|ganhou|"
    r"perdeu)\b[^.]{0,15}\b(?:jogo|novela|flamengo|corinthians|palmeiras|brasil)\b|\b(?:flamengo|corinthians|"
    r"palmeiras|futebol|brasileirao)\b"
    r"|\b(?:voce|vc) e (?:um |uma )?(?:robo|humana?|real|pessoa|de verdade|maquina|ia|gente|bot|casad\w+|"
    r"solteir\w+|bonit\w+|muito (?:simpatic|legal|gentil|educad)\w+|simpatic\w+|legal|um amor)\b|"
    r"\b(?:qual (?:e )?(?:o )?(?:seu|teu) nome|quem e voce|quantos anos voce tem|voce mora onde|"
    r"onde voce mora|com quem (?:eu )?(?:falo|estou falando))\b"
    r"|^(?:k{2,}|(?:ha|he|rs|hue){1,}[hars]*|[\s😂🤣😊🙂]+)$|\b(?:bom (?:fim de semana|domingo|sabado|feriado|"
    r"trabalho|natal)|feliz (?:natal|ano novo|pascoa|aniversario)|bom final de semana)\b|"
    r"\b(?:me )?conta uma piada\b|\bte amo\b|\bsextou\b|\bque dia (?:lindo|corrido|cansativo)\b|"
    r"\bestou (?:cansad|entediad)[oa]\b"
)
_THANKS = re.compile(
    r"\b(?:obrigad[oa]s?|obrigadinh[oa]|obrigadao|valeu+|agradec\w+|grat[oa]|gratidao|thanks|brigad\w+|"
    r"deus (?:lhe |te )?(?:pague|abencoe))\b"
)
_BYE = re.compile(
    r"\b(?:tchau\w*|ate (?:logo|mais|amanha|breve|depois|segunda|a proxima|la|outra|ja)|adeus|fui|falou|"
    r"abracos?|um abraco|abs|beijos?|ate)\b[^?]*$|\b(?:boa noite|bom descanso),? (?:ate|tchau)\b"
)
_AFFIRM = re.compile(
    r"^(?:(?:ah?|ta|ok|entao|bom|oi|opa),? )*(?:sim+|(?:acho|creio|penso) que sim|boa(?=\W*$|,)|s|si|claro|"
    r"com certeza|certeza|certo|certinho|certissimo|"
    r"correto|exato|exatamente|isso(?: mesmo| ai)?|pode(?: ser| sim| fazer| mandar| continuar| seguir|"
    r" simular| prosseguir| ir| confirmar)?|podemos|beleza|blz|ok(?:ay|ei|)?|okey|"
    r"ta (?:bom|certo|ok|otimo)|esta (?:bom|certo|ok|otimo|correto|sim|tudo certo)|estao?(?: sim| correto\w*|"
    r" certo\w*)|esta(?=\W*$|,)|fechado|fechou|bora|vamos(?: la| sim| em frente)|uhum+|aham+|hum ?hum|"
    r"positivo|confirmo|"
    r"confirmado|perfeito|otimo|otima|"
    r"show(?: de bola)?|joia|combinado|demorou|manda(?: ver| bala| ai)|aceito|topo|concordo|tudo certo|"
    r"tudo ok|tudo correto|(?:quero|gostaria|tenho|e|ja|foi|sou|manda|faz|faca|vamos|segue)(?:,? sim)?(?=\W*$|"
    r",)|e isso(?: mesmo| ai)?|faz favor|por favor|por gentileza|continua|continue|prossiga|pode crer|"
    r"de acordo|dale|fechamos|legal|maravilha|massa|top|yes|partiu|"
    r"pois (?:e|nao)|logico|obvio|evidente|👍+|✅+|👌+|🙏+)(?!\w)(?!.*\b(?:mas|porem|so que|nao)\b)"
)
_DENY = re.compile(
    r"^(?:(?:ah?|ta|ok|entao|bom|oi|opa|infelizmente),? )*(?:(?:claro|logico|obvio|certeza) que nao|"
    r"por enquanto nao|na+o+|nao|n|nops?|nunca|jamais|negativo|nem|"
    r"nada(?: disso)?|errado|incorreto|ainda nao|agora nao|de jeito nenhum|nem pensar|👎+|nananinanao|"
    r"nem um pouco|esta errado|ta errado|esta incorreto)\b|\b(?:acho|creio|penso) que nao\b|\bnao,? (?:esta|"
    r"ta) (?:certo|correto|errado)\b|^\W*(?:esta|tem) (?:tudo )?errad"
)
_GREET = re.compile(
    r"^(?:(?:o+i+e*|o+la+|opa+|e ?ai|eai|ei|hey|hello|hi|salve|alo+|bom dia+|boa tarde+|boa noite+|"
    r"bo[am] ?(?:dia|tarde|noite)|bdia|tudo (?:bem|bom|certo|joia|tranquilo)|como vai|beleza|saudacoes|livia|"
    r"gente|pessoal|moca|com voces?|td|amig[oa]|por favor|e|prezad[oa]s?|meu bem|"
    r"querid[oa])[\s,.!?😀😊👋🙂🌞☀️]*)+$"
)
_QUESTION = re.compile(
    r"\?|^\W*(?:qual|quais|quanto|quantos|quando|como|onde|por ?que|sera|tem|voces?|o que|existe|posso|"
    r"preciso|da para)\b"
)

INTENTS = (
    "opt_out", "ask_human", "abuse", "not_interested", "objection_expensive", "ask_docs", "ask_simulation", "ask_rate",
    "deny", "postpone", "affirm", "bye", "thanks", "smalltalk", "greet", "other",
)  # fmt: skip
_TESTS = (
    ("not_interested", _NOT_INTERESTED),
    ("objection_expensive", _EXPENSIVE),
    ("ask_docs", _ASK_DOCS),
    ("ask_rate", _ASK_RATE),
    ("ask_simulation", _ASK_SIM),
)
_SOCIAL = (("bye", _BYE), ("thanks", _THANKS), ("smalltalk", _SMALLTALK), ("greet", _GREET))
_AGENT = re.compile(r"^(?:(?:oi|ola|entao),? )?livia,? ")


def classify_intent(text: str, *, yes_no: bool = False) -> str:
    """Intent of a normalised text; `yes_no` tells that a yes/no question is pending."""
    bare = _AGENT.sub("", text.strip())
    core = re.sub(r"[^\w\s%?,.👍👎✅👌🙏]", " ", bare).strip(" .,")
    if is_opt_out(core):
        return "opt_out"
    if _HUMAN.search(core) and not re.search(
        r"\bnao (?:quero|precisa|preciso)\b[a-z ]{0,12}(?:falar|consultor|atendente|humano|"
        r"pessoa)(?! com (?:um |uma )?(?:robo|maquina|bot|ia)\b)",
        core,
    ):
        return "ask_human"
    if (match := _ABUSE.search(core)) and not _NOT_ABUSE.search(core[: match.start()]):
        return "abuse"
    if not (yes_no and re.fullmatch(r"(?:agora )?nao(?: quero)?[,. ]*", core)):
        for intent, pattern in _TESTS:
            if pattern.search(core):
                return intent
    return _answer(core, yes_no) or _social(core) or "other"


def _answer(core: str, yes_no: bool) -> str | None:
    postponed = _POSTPONE.search(core)
    if postponed and not (_BYE.search(core) and not yes_no and "ate" in core):
        return "postpone"
    if _DENY.search(core):
        return "deny"
    if _AFFIRM.search(core) and (yes_no or len(core.split()) <= 4) and not core.endswith("?"):
        return "affirm" if yes_no or not _GREET.fullmatch(core) else "greet"
    return None


def _social(core: str) -> str | None:
    if _GREET.fullmatch(core):
        return "smalltalk" if re.search(r"\bcomo (?:vai|esta)|\bcom voces?\W*$", core) else "greet"
    question = _QUESTION.search(core)
    for intent, pattern in _SOCIAL:
        if pattern.search(core) and not (question and intent in {"bye", "thanks"} and len(core.split()) > 4):
            if intent in {"thanks", "bye"} and re.search(r"\d", core):
                continue
            return intent
    return None
