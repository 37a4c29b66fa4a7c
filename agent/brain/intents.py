"""What the client wants with a message, by rules. The first matching intent of INTENTS wins."""

import re

from agent.brain.abuse import is_abuse
from agent.brain.courtesies import BYE, CAME_BY, GREET, SMALLTALK, THANKS, any_of
from agent.brain.opt_out import is_opt_out
from agent.brain.person import wants_person
from agent.brain.trimmings import core_of, plain
from agent.brain.yes_no import owned, yes_or_no

_EXPENSIVE = any_of(
    r"\b(?:muito|bem|meio|tao|super|um pouco|bastante|achei|esta|e|mais|ficou|saiu|fica) (?:muito |bem |meio |"
    r"um pouco )?(?:car[oa]s?|salgad[oa]s?|puxad[oa]s?|pesad[oa]s?|alt[oa]s?|altissim[oa]s?|"
    r"abusiv[oa]s?)\b(?! (?:de casa|valor))",
    r"^(?:que )?(?:absurd[oa]|car[oa]|carinh[oa]|carissim[oa]|caro demais|salgado|puxado)\b",
    r"\b(?:car[oa]|alt[oa]|salgad[oa]|pesad[oa]|puxad[oa]) demais\b",
    r"\bcarissim[oa]s?\b",
    r"\bachei (?:um pouco |meio |bem )?carinh[oa]\b",
    r"\bmuit[oa]s? (?:juros?|taxas?)\b",
    r"\bhora da morte\b",
    r"\bos olhos da cara\b",
    r"\bsem condic\w+ de pagar\b",
    r"\bque (?:juros?|taxa|parcela|valor)\w* (?:e|sao) (?:ess|iss|est)\w+",
    r"\b(?:taxas?|juros?|parcelas?|condic\w+) (?:bem |muito )?(?:melhor|menor)(?:es)? (?:n[oa]|em|com) (?!voces)",
    r"\bnao tenho dinheiro para (?:isso|pagar)\b",
    r"\bvai me (?:apertar|quebrar|enforcar|sufocar)\b|\bfaz(?:er|em)?(?: isso)? por menos\b",
    r"\bpag\w+ (?:quase |mais de )?(?:o dobro|o triplo|(?:duas|tres|2|3) (?:vezes|casas|carros))\b",
    r"\b(?:o dobro|o triplo) d[oe] (?:que|valor) (?:eu )?(?:peguei|pedi|pego|pegar|emprestado)\b",
    r"\b(?:pago|pagava|pagaria) menos\b|\bpesou\b|\bnem vendendo\b",
    r"\b(?:meu |minha )?(?:salario|renda|bolso|orcamento) nao (?:aguenta|comporta|da|permite|suporta)\b",
    r"\b(?:outro|outra|no|na|o|a) (?:banco|empresa|financeira|lugar|nubank|caixa|itau|bradesco|santander|cooperativa|"
    r"sicredi|inter)\b[^.!?\n]{0,25}\b(?:mais (?:barat\w+|em conta)|menor(?:es)?)\b",
    r"\b(?:e|esta) de matar\b",
    r"\bque (?:caro|absurdo|roubo|facada|parcela alta)\b",
    r"\b(?:juros?|taxas?|parcelas?|prestac\w+|valor(?:es)?|cet) (?:(?:esta|estao|e|sao|ficou|ficaram|muito|bem|"
    r"mais|tao|meio|la|de|voces|parece|um|uma) )*(?:alt\w+|abusiv\w+|absurd\w+|car[oa]s?|pesad\w+|salgad\w+|"
    r"puxad\w+|exorbitante\w*|la em cima|nas alturas)\b",
    r"\b(?:parcela|prestacao|valor|isso|essa|esse|juros)\b[^.!?\n]{0,25}\bnao (?:da|cabe|consigo pagar|"
    r"tenho condic\w+|rola|encaixa|serve)\b",
    r"\bnao (?:da|cabe|rola) (?:para mim|no meu bolso)[^.!?\n]{0,20}\b(?:parcela|prestacao|valor|juros|isso)\b",
    r"\bnao (?:cabe|tenho como pagar|tenho condic\w+|dou conta|consigo pagar|aguento)\b(?! (?:nao|sim))",
    r"\b(?:fica|ficou|esta|e|acho|vai ser) (?:bem |muito |meio |tao )?(?:dificil|complicad[oa]|impossivel|"
    r"inviavel)(?: de| para)?(?: eu| mim)?(?: conseguir)? pagar\b",
    r"\b(?:tem|conheco|vi) (?:um |outro )?(?:banco|gente|lugar|empresa|quem)[^.!?\n]{0,20}\bmenos\b",
    r"\b(?:outro|outra|no|na|em outro) (?:banco|empresa|financeira|lugar|nubank|caixa|itau|bradesco|"
    r"santander)\b[^.!?\n]{0,25}\b(?:mais barat|menor|melhor|menos)",
    r"\b(?:vi|achei|consigo|tem) (?:mais barato|taxa menor|juros menor\w*)\b",
    r"\b(?:fora do meu (?:orcamento|bolso)|acima do (?:que|meu)|pesa no bolso|nao compensa|nao vale a pena|"
    r"e um roubo|assalto|facada|muito dinheiro|agiota(?:gem)?)\b",
    r"\b(?:da para|tem como|faz|consegue) (?:um )?(?:desconto|baixar|diminuir|melhorar|abaixar|reduzir)\b",
)
_POLITE = (
    r"(?:,? (?:muito )?(?:obrigad[oa]|valeu|grat[oa]|agradec\w+)(?:,? (?:pel[oa]|por|de) [a-z ]{2,25}| mesmo| viu)?|"
    r",? (?:moc[oa]|querid[oa]|amig[oa]|viu|ta)){0,3}"
)
_NOT_INTERESTED = any_of(
    r"\bja (?:me (?:resolvi|virei|ajeitei|arrumei)|(?:estou|esta|foi|ficou) (?:tudo )?resolvid[oa]|"
    r"dei (?:um|outro|meu) jeito)\b",
    r"\b(?:arrumei|consegui|arranjei|peguei) (?:o |esse |um )?(?:dinheiro|emprestimo|valor|credito|"
    r"emprestado)(?: emprestado)? "
    r"(?:com|em|n[oa]|d[oa]|por) [a-z]+",
    r"\bnao (?:e|era) (?:bem )?(?:isso|o|esse tipo de \w+|o tipo de \w+|isto) ?que (?:eu )?(?:estou |"
    r"estava )?(?:procur|busc)\w+",
    r"\bnao vou (?:(?:mais|nem) )?(?:mexer|me meter|entrar) (?:com|n)(?:isso|disso|nisso|iss[oa]|divida|emprestimo)?\b",
    r"\bnao (?:quero|vou|posso|pretendo) (?:mais )?(?:me )?(?:meter|endividar|enfiar|entrar|fazer|pegar|mexer)(?: em|"
    r" com| n[ao])?"
    r"(?: mais| outr[ao]| nov[ao])? (?:dividas?|emprestimos?)\b|\bnao (?:quero|vou) (?:mais )?me endividar\b",
    r"^(?:nao,? )?(?:era|foi|estava|e|so|somente|apenas) [a-z ]{0,10}(?:curios[oa]|curiosidade)\b(?! (?:de|"
    r"para) saber)",
    r"\bnao (?:preciso|quero|pretendo|vou)[^.?!\n]{0,30}\b(?:so|apenas)(?: estava| estou| era|"
    r" foi)?(?: por)? curios\w+",
    r"\b(?:nao|sem|perdi o|nenhum) (?:tenho |tem |estou )?(?:mais )?(?:o |muito |nenhum )?(?:interess(?:e|ad[oa])|"
    r"tenho interesse)\b",
    r"\b(?:resolvi|decidi|prefiro|optei por|acho (?:melhor|que)|melhor) nao (?:vou )?(?:mais )?(?:fazer|seguir|"
    r"pegar|contratar|continuar|querer|ir adiante)\b",
    r"(?<!nao )\b(?:consegui|arrumei|peguei|resolvi|arranjei) (?:com|em|n[oa]|por) (?:o |a |um |uma |meu |minha |"
    r"outr[oa] )?[a-z]+(?=\W*$|[,.] ?(?:muito )?(?:obrigad|valeu|ja|grat|nao))",
    r"\bnao (?:me )?interess\w+",
    r"\bdesinteress\w+",
    r"\bnao (?:quero|preciso|careco|vou querer|estou precisando|estou querendo|necessito)(?:,? (?:mais|nao|nada|disso|"
    r"isso|agora|de nada|de emprestimo|de credito|o emprestimo|fazer|emprestimo|continuar|seguir|prosseguir|"
    rf"contratar|financiar))*{_POLITE}[.! ,]*$",
    r"\bnao quero (?:mais |fazer |nenhum |saber (?:mais )?de )*(?:emprestimo|credito|financiamento|consorcio|"
    r"simul\w+|proposta|continuar|seguir)\b(?![^.]{0,10}\b(?:mas|quero|prefiro|so)\b)",
    r"\b(?:ja|acabei|decidi) (?:eu )?(?:fech\w+|contrat\w+|consegui\w*|resolvi\w*|peguei|fiz|arrum\w+|acert\w+|"
    r"assin\w+)\b(?= resolver|,? (?:muito )?(?:obrigad|valeu|grat|agradec)|[^.?]{0,40}\b(?:outr[oa]|banco|com|em|"
    r"caixa|itau|bradesco|santander|concorren\w+|emprestimo|"
    r"dinheiro|valor|credito|grana|lugar|negocio|isso|problema|situacao)\b|[.! ]*$)",
    r"\b(?:desisti(?:mos)?|desisto|mud(?:ei|amos) de ideia|deix(?:a|e|o|ar)(?: isso| isto)? (?:para la|quieto)|"
    r"deixa isso|esquece|dispenso|to fora|larguei (?:de )?mao|"
    r"estou fora|passo essa|vou passar|deixar passar|nao rola|nao e para mim|nao serve para mim|nao obrigad[oa]|"
    r"agora nao tenho interesse)\b",
    r"\bfechei (?:com|no|na|em) (?:o |a |outr|um |uma )?[a-z]+",
    r"^(?:nao,? )?(?:muito )?obrigad[oa],? (?:mas )?nao\b",
    r"^nao,? (?:muito )?(?:obrigad[oa]|valeu|grat[oa])[.! ]*$",
    r"\bnao quero (?:mais )?saber\b",
    r"\bnao (?:e|esta) (?:d[oe] |n[oa] )?(?:meu|minha) interesse\b",
    r"\bnao vou (?:mais )?(?:fazer|querer|precisar|contratar|fechar|continuar|seguir)\b",
)
_DOC = (
    r"(?:document\w+|holerites?|contracheques?|comprovantes?|extratos?|escritura|matricula|rg|cnh|certidao|"
    r"certidoes|papel(?:ada)?|papeis|iptu|crlv|imposto de renda|carteira de (?:trabalho|motorista)|"
    r"declaracao (?:d[eo] )?(?:ir|irpf|imposto|renda)|conta de (?:luz|agua|telefone)|passaporte|habilitacao|laudo)"
)
_ASK_DOCS = re.compile(
    rf"\b(?:quais|qual|que|quantos|precisa\w*|preciso|necessari\w+|exig\w+|pede[m]?|tem que|o que|lista|"
    rf"relacao|tenho que|devo|basta|serve|aceita\w*|quero saber)\b[^.!\n]{{0,45}}\b{_DOC}\b"
    rf"|\b{_DOC}\b[^.!\n]{{0,30}}(?:\?|\b(?:precisa\w*|preciso|necessari\w+|exig\w+|pede[m]?|voces? (?:pedem|"
    rf"precisam)|tenho que|sao|mando|enviar|levar)\b)|\b(?:o que|oque|que) (?:eu )?(?:preciso|precisa|"
    rf"tenho que|e preciso|e necessario) (?:mandar|enviar|levar|apresentar|ter em maos|entregar|separar)\b|"
    rf"\b{_DOC}\b[^.!\n]{{0,30}}\b(?:serve[m]?|vale[m]?|basta[m]?|pode ser|aceita[m]?)\b(?! (?:\d|uns|mais))|"
    rf"^documentos?\??$|\b(?:preciso|precisa|tenho que|devo|tem que) (?:mandar|enviar|levar|apresentar|separar|"
    rf"entregar) (?:o )?que\b|\bcomo (?:eu )?comprovo (?:a )?renda\b"
)
_RATE = r"(?:juros?|taxas?|cet|custo efetivo)"
_ASK_RATE = re.compile(
    rf"\b(?:qual|quais|quanto|quantos|como (?:e|sao|fica|ficam|funcionam?)|que|me (?:fala|diz|informa|passa)|"
    rf"quero saber|gostaria de saber|queria saber|saber|e)\b[^.!\n]{{0,35}}\b{_RATE}\b|"
    rf"\b{_RATE}\b[^.!\n]{{0,40}}\?|\b{_RATE} (?:de voces|e (?:de )?quanto|quanto|esta (?:em )?quanto|"
    rf"cobrad\w+|mensal|anual|ao mes|atual)\b"
    r"|\b(?:quantos?|qual(?: o)?)\b[^.!\n]{0,15}(?:%|\bpor cento\b|\bporcentagem\b|\bpercentual\b)|"
    r"\b(?:e|da|fica|seria) (?:mais|menos) (?:de|que) [^.!\n]{0,12}(?:%|\bpor cento\b)|"
    r"\bcobra\w*\b[^.!\n]{0,20}(?:%|\bpor cento\b|\bjuro)|^(?:e )?(?:a |os? )?(?:juros?|taxas?)\??$|"
    rf"\b{_RATE}\b[^.!?\n]{{0,25}}\bquant[oa]s?\b|"
    r"\btem juros\b|\b(?:taxa|juros) (?:fix|pos|pre)\w+|\b(?:taxa|juros) a partir de quanto\b"
)
_WHETHER_HIGH = re.compile(
    rf"\bcobra\w* (?:muit\w+|{_RATE} (?:muito )?(?:alt|car)\w*)[^.!\n]{{0,25}}\?|\b{_RATE} (?:e|sao|esta|estao) "
    rf"(?:muito )?(?:alt|car)[oa]s? ?\?|\btem {_RATE} (?:muito )?(?:alt|abusiv)\w+[^.!\n]{{0,12}}\?"
)
_ASK_SIM = any_of(
    r"\bsimul(?:a|e|ar|acao|acoes|em|acaozinha|ador|e?i)\b",
    r"\b(?:quanto|qto) (?:vai |iria |fica(?:ria)?|da(?:ria)?|sai(?:ria)?|seria|custa(?:ria)?|e|pago|pagaria|"
    r"eu (?:pago|pagaria|vou pagar)|vou pagar|ficaria|ficam?)\b[^.!\n]{0,25}\b(?:parcel\w+|prestac\w+|por mes|"
    r"mensal\w*|cada|no total|ao final|em \d+|\d+ ?x|vezes)",
    r"\b(?:fica|ficaria|sai|sairia) quanto\b(?! (?:o |a |de )?(?:juro|taxa))",
    r"\bqual (?:vai ser|vai ficar|ficaria|seria|sera) (?:o |a )?(?:valor (?:mensal|final|total|por mes)|mensalidade|"
    r"parcela)",
    r"\bda quanto (?:por mes|de parcela|a parcela|mensal)\b",
    r"\bqua(?:l|nto) (?:o |e o |e a |seria o |seria a |fica a |fica o |ficaria a |a |"
    r"sera a )?(?:valor )?(?:d[aoe]s? )?(?:parcelas?|prestac\w+|mensalidades?)\b",
    r"\bcalcul(?:a|e|ar|o|em)\b",
    r"\bfa(?:z|ca|zer) (?:as |umas? |a )?contas?\b(?! (?:n[oa]|em|de|com) )",
    r"\b(?:ver|saber|passa\w*|mand\w+|mostr\w+|diz|fala|informa) (?:(?:mim|eu|para|qual|quais|e|sao|so|logo|"
    r"por favor) )*"
    r"(?:as? |os? )?(?:valor(?:es)? )?(?:d[aeo]s? )?(?:parcelas?|prestac\w+|mensalidades?)\b",
    r"\b(?:manda|mande|passa|passe|mostra|me ve) (?:os|uns) valores\b|\buma base de quanto\b",
    r"\bvalor(?:es)? (?:aproximad\w+ |mais ou menos )?d[aeo]s? (?:parcelas?|prestac\w+)\b(?=[^.!\n]*\?|$)",
    r"\bquanto (?:que )?(?:fica|ficaria|da|daria|sai|sairia)\b(?! (?:o |os |a |de )?(?:juro|taxa))",
    r"\bquanto (?:eu )?(?:consigo|posso) (?:pegar|de credito|financiar|emprestad\w+)",
    r"\bparcela (?:de|para) [^.!\n]{1,25}\?",
    r"\bme (?:faz|faca|manda|mande|passa) (?:as |umas |uma |a )?(?:parcelas|condic\w+|proposta|cotacao|orcamento)\b",
    r"\b(?:fazer|quero|ver) (?:uma |um )?(?:cotacao|orcamento)\b",
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
    ("ask_rate", _WHETHER_HIGH),
    ("not_interested", _NOT_INTERESTED),
    ("objection_expensive", _EXPENSIVE),
    ("ask_docs", _ASK_DOCS),
    ("ask_rate", _ASK_RATE),
    ("ask_simulation", _ASK_SIM),
)
_SOCIAL = (("bye", BYE), ("thanks", THANKS), ("smalltalk", SMALLTALK), ("greet", GREET))
# "Posso simular?" "pode fazer a simulação": an answer, not a new wish.
_GO_AHEAD = re.compile(
    r"(?:(?P<no>nao (?:quero|precisa|preciso)(?: mais)?)|(?:(?:sim|ok|opa|claro),? )?(?:sim|pode|quero|claro|bora|"
    r"vamos|"
    r"manda|faz|por favor),?)(?: (?:sim|fazer|faz|ver|simular|simula|simulacao|calcular|calcula|mandar|manda|a|uma|"
    r"essa|de|"
    r"la|ai|por favor|as contas|continuar|seguir))*"
)
_LAUGHTER = re.compile(r"(?:k{2,}|(?:rs)+|[ ,.!])+")


def classify_intent(text: str, *, yes_no: bool = False, owning: bool = False) -> str:
    """Intent of a normalised text; `yes_no` tells that a yes/no question is pending, `owning` that it is about whose
    the collateral is or whether it is paid."""
    whole, core = plain(text), core_of(text)
    if is_opt_out(core):
        return "opt_out"
    if wants_person(core):
        return "ask_human"
    if is_abuse(core):
        return "abuse"
    if owning and (said := owned(core)):
        return said
    return _wish(core, yes_no) or _answer(core, whole, yes_no) or _social(whole) or _social(core) or "other"


def _wish(core: str, yes_no: bool) -> str | None:
    if yes_no and (plain := _GO_AHEAD.fullmatch(core)):
        return "deny" if plain["no"] else "affirm"
    if yes_no and re.fullmatch(
        r"(?:agora nao(?: quero)?|(?:hoje )?nao(?:,? moca)?(?:(?:,? nao)? (?:quero|preciso|precisa|"
        r"carece))?(?:,? (?:nao|moca))*)[,. ]*",
        core,
    ):
        return None
    return next((intent for intent, pattern in _TESTS if pattern.search(core)), None)


def _answer(core: str, whole: str, yes_no: bool) -> str | None:
    said = yes_or_no(core, yes_no)
    if said != "affirm" or yes_no:
        return said
    greeted = GREET.fullmatch(whole) or GREET.fullmatch(core)
    return None if greeted or THANKS.search(core) or BYE.search(core) else said


def _social(core: str) -> str | None:
    if GREET.fullmatch(core) and not _LAUGHTER.fullmatch(core):
        return "smalltalk" if re.search(r"\bcomo (?:vai|esta)|\bcom voces?\W*$", core) else "greet"
    if CAME_BY.search(core):
        return "greet"
    question = _QUESTION.search(core)
    for intent, pattern in _SOCIAL:
        if pattern.search(core) and not (question and intent in {"bye", "thanks"} and len(core.split()) > 4):
            if intent in {"thanks", "bye"} and re.search(r"\d", core):
                continue
            return intent
    return None
