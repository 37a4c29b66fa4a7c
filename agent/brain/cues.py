"""Words that tell what an amount or a term is about. All patterns read normalised, masked text."""

import re

from agent.brain.number_words import HUNDREDS, TENS

PROPERTY = (
    r"(?:casas?|apartamentos?|aptos?|imove(?:l|is)|terrenos?|lotes?|sobrados?|kitnets?|kitinete|studio|cobertura|"
    r"chacaras?|sitios?|fazendas?|galp(?:ao|oes)|sala(?: comercial)?|predio|ponto comercial|loja|propriedade|"
    r"flat|duplex)"
)
_MODELS = (
    r"corolla|civic|onix|prisma|hb20s?|gol|polo|virtus|voyage|fox|golf|jetta|tcross|t-cross|nivus|saveiro|amarok|"
    r"palio|uno|mobi|argo|cronos|siena|strada|toro|pulse|fastback|renegade|compass|commander|kicks|versa|sentra|"
    r"march|kwid|sandero|logan|duster|captur|fiesta|ka|focus|ecosport|ranger|fusion|hilux|sw4|etios|yaris|fit|city|"
    r"hrv|hr-v|wrv|cruze|spin|cobalt|celta|corsa|s10|tracker|montana|creta|tucson|ix35|azera|sportage|cerato|l200|"
    r"pajero|outlander|cg|titan|biz|bros|xre|(?:yamaha |ys ?|fz ?)fazer|nmax|pcx|fan|bmw|audi|mercedes|byd|dolphin|"
    r"song|haval|tiggo|fusca|opala|chevette|monza|kadett|kombi|vectra|astra|meriva|zafira|doblo|punto|clio|megane|"
    r"oroch|picanto|i30|veloster|elantra|jimny|vitara|asx|frontier|livina|triton|crv|cr-v|accord|rav4|scania|iveco|"
    r"twister|hornet|tenere|ybr|burgman|scooter|peugeot|citroen"
)
_BRANDS = r"fiat|honda|yamaha|suzuki|vw|volkswagen|chevrolet|gm|ford|renault|toyota|nissan|hyundai|kia|jeep|volvo|moto"
VEHICLE = (
    r"(?:carros?|carrinho|carrao|automove(?:l|is)|veiculos?|motos?|motocicleta|caminh(?:ao|oes|onete|onetes)|"
    rf"picape|pickup|camionete|van|onibus|suv|{_MODELS})"
)
RELATIVE = (
    r"(?:marido|esposa|esposo|mulher|mae|pai|irma|irmao|filh[oa]|sogr[oa]|namorad[oa]|noiv[oa]|ti[oa]|prim[oa]|avo|"
    r"cunhad[oa]|amig[oa]|vizinh[oa]|chefe|patrao|companheir[oa]|genro|nora|sobrinh[oa])"
)
APPROX = (
    r"(?:uns|umas|ate|(?:em torno|por volta|perto|na faixa|faixa|acima|abaixo) d[eo]s?|cerca de|mais ou menos|"
    r"(?:um pouco )?(?:mais|menos) de|aproximadamente|quase|no maximo|de|por|em|e|hoje|tipo|ai|so|apenas|"
    r"pelo menos|no minimo|(?:la )?pelos|beirando|os|coisa de|algo como|la|r\$)"
)

_OTHER_TOPIC = (
    r"garantia|preciso|precisando|quero|queria|rendas?|salario|ganho|recebo|entrada|sinal|parcelas?|prestac|dividas?|"
    r"alugue|emprest|credito|pago|devo|financi|saldo|seguro|condominio|iptu|ipva"
)
# role -> cue standing before the amount
LEFT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (
            "income",
            r"\b(?:quem (?:ganha|recebe|tira)|ganh(?:os?|amos|ava|ando)|receb(?:o|emos|endo)|tir(?:o|amos|ando)|"
            r"fatur(?:o|amos|ando)|"
            r"rendas?|rendimentos?|"
            r"salario|holerite|contracheque|aposent(?:ei|ad[oa]) com|"
            r"aposentadoria|pro.?labore|beneficio|soldo|remuneracao|vencimentos?|proventos?|ordenado|honorarios|"
            rf"lucrando|(?:cai|caem)(?: na conta)?(?= (?:{APPROX} )*(?:r\$ ?)?$)|pro-labore|"
            rf"fac(?:o|emos)|entra(?:m|ndo)?(?= (?:{APPROX} )*(?:r\$ ?)?$)|"
            rf"faturamento|(?<!minha )(?<!\ba )(?<!na )(?<!da )(?<!uma )fatura(?= (?:{APPROX} )*(?:r\$ ?)?$)|"
            r"lucro|pensao)\b",
        ),
        (
            "collateral",
            rf"\b(?:val(?:e|em|endo|er|ia|eria|or de mercado)|avali(?:ad[oa]s?|ou|aram|am|acao|o|ei)|fipe|"
            rf"custa(?:m)?|custando|estimad[oa]s?|cotad[oa]|ped(?:em|indo)|(?:olhando|vi|achei|encontrei|"
            rf"gostei de) uma?(?: \w+)? (?:de|por)|"
            rf"(?:de|valor) mercado(?= (?:{APPROX} )*(?:r\$ ?)?$)|"
            rf"(?<!estou )vend(?:o(?! (?:aqui|se|que)\b)|eria|em|er|ido)|preco|valor d[oae]s? (?:meu |"
            rf"minha )?(?:{PROPERTY}|{VEHICLE}|bem))\b",
        ),
        (
            "noun",
            rf"\b(?:{PROPERTY}|{VEHICLE})(?: (?!{_OTHER_TOPIC})[a-z0-9]+){{0,4}}?"
            rf"(?: (?:de|por|ate|(?:no|com) valor (?:aproximado |estimado )?de|na faixa de|em torno de|avaliad[oa] em|"
            r"(?:que (?:eu )?(?:quero|queria|gostei|vi|achei|pretendo)(?: comprar)? )?(?:esta|sai|saiu|ficou|fica|e)))"
            rf"(?= (?:{APPROX} )*(?:r\$ ?)?$)",
        ),
        (
            "credit",
            r"\b(?:quer(?:o|ia|er|erei|emos|endo|iamos)|necessidade|precis(?:ad[oa]|o|ava|aria|ando|amos|ar)|"
            r"gostaria|necessit\w+|"
            r"emprest(?:imo|ad[oa]s?|ar?|a-?me|em|am)|"
            r"credito|consignado|pegar|levantar|cartas?|financi(?:ar|amento|o|am|em)|liber(?:a|ar|am|em|ado|acao)|"
            r"consegu\w+|consigo|valor (?:desejado|solicitado|pretendido|necessario|"
            r"do (?:credito|emprestimo|financiamento)|que (?:eu )?(?:preciso|quero|queria))|"
            r"(?:taxas?|juros|cet) (?:fica |sai |e )?(?:para|pegando|em|sobre)(?: uma?)?(?= $)|"
            r"(?:quanto|qual)\b[^,.;!?\d\n]{0,30}\bparcelas? (?:de|para|em|com)|"
            r"simul\w+|dinheiro|grana|quanto (?:fica|ficaria|da|daria|sai|sairia)|"
            r"de garantia|como garantia|em garantia|"
            r"solicit\w+|pedir|pretendo|desejo|arrum\w+|obter|sacar|contratar|buscando|procurando|atras de|"
            r"fazer um|penso em|"
            r"pens(?:ei|ando|ado|ava) em|fech(?:ei|ou|amos|ado) em|consorcio|tomar|refinanciar|descolar|adiant\w+|"
            r"antecip\w+|captar|almejo|carec\w+|"
            r"interess\w+ em|adquirir|cotar|cotacao|montante|quantia|aporte|saque)\b",
        ),
        (
            "down",
            r"\b(?:entrada|sinal|dar de cara|dou de)\b|"
            rf"(?<!me )(?<!nos )(?<!deve )(?<!deveria )(?<!pode )\b(?:dar|dou|darei)(?= (?:{APPROX} )*(?:r\$ ?)?$)",
        ),
        (
            "installment",
            r"\b(?:parcel(?:a|as|inha|inhas)|prestac(?:ao|oes)|mensalidades?|(?:posso|consigo|da para|"
            r"daria para|conseguiria|"
            r"poderia|queria|quero|aguento|pretendo) pagar|pago (?:ate|no maximo)|desembolsar|bancar|arcar com|"
            r"suporto|aguento|pagar (?:ate|"
            r"no maximo|por mes|mensalmente|uns|"
            r"mais de)|cabe(?:m|ria)?(?: no bolso| no orcamento)?|"
            r"cabendo|comprometer|(?:posso|pode|quero|queria|consigo) passar de)\b",
        ),
        (
            "other",
            r"\b(?:(?:ja tenho|ja fiz|ja peguei|ja pago|tenho outro|tenho mais) (?:um |uma |"
            r"o )?(?:outro )?(?:emprestimo|"
            r"consignado|financiamento|consorcio)(?: (?:de|no valor de))?|alugue(?:l|is)|devo|devia|devendo|"
            r"dividas?|saldo devedor|saldo|falta(?:m|ndo)?|comprei|"
            r"compramos|comprado|pag(?:uei|o|amos|ava)|"
            r"condominio|iptu|ipva|gast(?:o|amos|ei|a|os)|despesas?|contas? d[eoa]|multa|vendi|"
            r"taxa|ofere(?:ceu|ceram|ce)|"
            r"negativad\w+|serasa|spc|cartao|limite|fatura|emprestei|cheque especial|"
            r"juros|bolsa|"
            r"(?:luz|agua|energia|internet|(?<!de )mercado|gasolina|combustivel|escola|faculdade|creche|plano de saude|"
            r"remedios?)"
            rf"(?= (?:{APPROX} )*(?:r\$ ?)?$)|"
            rf"{RELATIVE}(?: \w+){{0,4}} (?:ganha|recebe|tira|fatura|tem|faz|paga|peg(?:ou|a)|fez|conseguiu|"
            rf"emprestou|deve)|"
            r"cobr(?:ou|aram|am|a)|tarifa|seguro|comissao|mais de extra|score|atrasad\w+)\b",
        ),
        ("savings", r"\b(?:guard(?:ad\w+|ei)|junt(?:ad\w+|ei)|poupanca|fgts|aplicad\w+|investid\w+|herdei)\b"),
    )
)

_START = r"^ *,? *(?:reais |conto |contos )?(?:mais ou menos |aproximadamente )?"
_AN_AMOUNT = (
    rf"[: ]+(?:uns |de )?(?:r\$ ?)?(?:\d|(?:{'|'.join([*TENS, *HUNDREDS, 'dez', 'quinze', 'cinco', 'mil'])})\b)"
)
_SAVED = r"(?:(?:guardad\w+|juntad\w+|aplicad\w+|na poupanca|(?:de|do|no) fgts|na mao|em dinheiro|a vista) )?"
# role -> cue standing right after the amount; the first that matches wins
RIGHT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"{_START}(?:{pattern})"))
    for role, pattern in (
        (
            "down",
            rf"{_SAVED}(?:para )?(?:dar )?(?:de|como|na|para|para a) (?:entrada|sinal)\b"
            rf"(?! (?:de|seria|tenho|dou|posso) |{_AN_AMOUNT})",
        ),
        ("down", rf"{_SAVED}(?:entrada|sinal)\b(?! (?:de|e|seria|tenho|dou|posso) |{_AN_AMOUNT})"),
        (
            "installment",
            r"(?:(?:de|por|na|cada|a) )(?:parcela|prestacao|mensalidade)s?\b|por vez\b",
        ),
        (
            "other",
            r"(?:de|do|da|em|no) (?:meu |minha |uma? )?(?:aluguel|dividas?|condominio|juros|multa|iptu|ipva|taxa|"
            r"comissao|bonus|extra|vale|limite|luz|agua|energia|internet|(?<!no )mercado(?! (?:uns |r\$ ?)?\d)|"
            r"gasolina|"
            r"combustivel|escola|faculdade|creche|plano|cartao|desconto|score|saldo devedor|despesas?)\b|(?:de|"
            r"em) conta\b|"
            r"que (?:eu )?(?:ainda )?(?:devo|estou devendo|pago|gasto)\b|em dividas|atrasad\w+|em atraso|de diferenca",
        ),
        ("savings", r"guardad\w+|na poupanca|aplicad\w+|(?:de|do|no|em) (?:meu )?fgts"),
        (
            "income_word",
            r"(?:de|como) (?:renda|salario|aposentadoria|beneficio|lucro|faturamento|pensao|rendimento)\b",
        ),
        (
            "income_word",
            r"(?:liquid|brut|limp|fix)os?\b|(?:na|em) carteira\b|de holerite",
        ),
        (
            "not_monthly",
            r"(?:(?:por|ao?|cada|/|no|na) ?(?:ano|dia|diaria|semana|hora|quinzena|plantao|corrida|servico)|anua(?:l|"
            r"is)|semana(?:l|is))\b",
        ),
        (
            "monthly",
            r"(?:(?:todo|por|ao|cada|a) ?(?:santo )?mes|mensa(?:l|is)|mensalmente|/ ?mes|p/? ?mes|no mes)\b",
        ),
        (
            "credit",
            r"(?:para (?:terminar|acabar|concluir|finalizar) (?:a |o |minha |meu )?(?:obra|casa|reforma|constru\w+)|"
            r"(?<!,)(?<!, )(?:emprestimo|consignado|financiamento)(?! (?:de|em|por|para|no)\b|:)|"
            r"(?:de|em) (?:credito|emprestimo|carta|capital|financiamento)|emprestad[oa]s?)\b",
        ),
        (
            "collateral",
            r"(?:na|pela|de|da|tabela) (?:tabela )?fipe\b|de avaliacao\b|de valor de mercado\b",
        ),
    )
)
_NOUN_AFTER_ENDS = (
    rf"(?= *(?:$|[,.;!?\n]|mas\b|e\b(?!{_AN_AMOUNT})|e (?:r\$ ?)?[a-z\d.,]+(?: mil| mi)? (?:o|a) "
    rf"(?:{PROPERTY}|{VEHICLE}|renda|emprestimo|credito)\b))"
)
# "180 mil o empréstimo", "5 mil a renda", "500 mil a casa": role -> noun said after its amount
NOUN_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf" ?(?:reais )?(?:o|a)(?: meu| minha| valor d[oa])* (?:{nouns}){_NOUN_AFTER_ENDS}"))
    for role, nouns in (
        ("credit", "emprestimo|credito|financiamento|consignado"),
        ("income", "renda|salario|aposentadoria|beneficio"),
        ("installment", "parcela|prestacao|mensalidade"),
        ("down", "entrada"),
        ("collateral", rf"{PROPERTY}|{VEHICLE}"),
    )
)
RIGHT_NOUN = re.compile(
    _START + rf"(?:vale |e |custa )?(?:de|n?o|n?a|pel[oa]|meu|minha|n?ess[ea]|nosso|nossa)(?: meu| minha)? "
    rf"(?:{PROPERTY}|{VEHICLE})\b"
    r"(?! (?:vale|e |esta|custa|foi|quitad|avaliad|tem |na |como|de garantia))"
)
NOUN_BESIDE = re.compile(rf"\b(?:{PROPERTY}|{VEHICLE})(?: |: ?)(?=$)")
NOUN_NEAR = re.compile(rf"\b(?:{PROPERTY}|{VEHICLE})(?: (?!{_OTHER_TOPIC})[a-z0-9\x1f]+){{0,3}}[,:]? ?$")
WORK_ON_IT = re.compile(
    r"\b(?:reform|arrum|consert|constru(?:ir|indo|cao)|pag(?:ar|uei|o)\b|quit(?:ar|ei)|troc|compr|dev(?:o|endo|emos)|"
    r"divid)"
)
TO_US = re.compile(
    r"\bvoces?\b|\bpara (?:mim|a gente|nos)\b|\bme (?:ajud|arrum|emprest|arranj|ve\b|passa\b)|"
    r"\b(?:e|seria|sera) possivel\b|\btem como\b|\b(?:com|usando|dando) (?:o |a )?(?:meu |minha )?\w+ (?:em|de|"
    r"como) garantia\b"
)
GUARANTEE_NOUN = re.compile(
    rf"\b(?:garantia|refinanciamento|parcelas?|prestac\w+|seguro|ipva|iptu|condominio|alugue\w+|rendas?|contas?|"
    rf"despesas?|dividas?|saldo|entrada|sinal|vendi|comprei|troquei) "
    rf"(?:o |a |um |uma |meu |minha )*(?:de|do|da|com)? ?(?:{PROPERTY}|{VEHICLE})\b"
)
PROPERTY_WORD = re.compile(rf"\b{PROPERTY}\b")
VEHICLE_WORD = re.compile(rf"\b{VEHICLE}\b|\bfipe\b")
THING = re.compile(rf"\b(?:{PROPERTY}|{VEHICLE})\b")
# "valor: 80 mil": of the thing named before, else of the credit
NAKED_VALUE = re.compile(rf"\bvalor(?: (?:de|e|seria|total|para))?:? ?(?:{APPROX} )*$")
# instalments somebody owes already
OWED = re.compile(
    r"\b(?:(?:minhas?|tenho)(?: um| uma| as| a)?(?: outra)? (?:parcel\w+|prestac\w+)"
    r"(?! (?:maxim|ideal|pode|tem|nao|seria|de no|de ate|ate))"
    rf"|(?:parcel\w+|prestac\w+) d[oea] (?:meu |minha )?"
    rf"(?:{PROPERTY}|{VEHICLE}|cartao|banco|financiamento|emprestimo))\b"
)
MODEL_BEFORE = re.compile(rf"\b(?:{_MODELS}|{_BRANDS}) $")
PAID = re.compile(r"\bpag(?:o|amos|ava)\b")
ELSEWHERE = re.compile(r"\b(?:simul\w+|proposta|e outr[oa] de|outro banco|outra financeira)\b")
PAYS_MONTHLY = re.compile(r"\b(?:pag|cab|maximo|pass(?:ar|o|a)\b|parcel|prestac)")
NOT_MONTHLY = re.compile(
    rf"\b(?:por|tod[ao]|cada) (?:dia|diaria|semana|quinzena|hora|ano|plantao)(?: (?:eu|da|dao|sai|entra|cai|tiro|"
    rf"faco|ganho|recebo))* (?:{APPROX} )*(?:r\$ ?)?$"
)
YEARLY = re.compile(r"\banua(?:l|is|lmente)\b")
THIRD_PERSON = re.compile(rf"\b{RELATIVE}\b")
TOGETHER = re.compile(
    r"\b(?:juntos?|juntas|juntando|somad[oa]s?|somando|ganhamos|recebemos|tiramos|fazemos|familia\w*|eu e)\b"
)
FIRST_PERSON = re.compile(r"\b(?:eu (?!e\b)|ganho|recebo|tiro|faco|meu salario|minha renda|minha aposentadoria)")
IN_TOTAL = re.compile(
    rf"\b(?:(?:no|num|um|ao) to(?:tal|do)|(?:somando|juntando)(?: tudo)?|tudo junto) (?:(?:da|fica|{APPROX}) )*$"
)
TOTAL_AFTER = re.compile(r"^ ?(?:reais )?(?:(?:no|ao) to(?:tal|do)|somando|tudo junto|juntando)\b")
SAME_AS = re.compile(rf"\b(?:mesm[oa]|igual|que nem)\b[^.;!?]*, ?(?:{APPROX} )*(?:r\$ ?)?$")
TO_PAY_OFF = re.compile(r"\b(?:quitar|pagar|liquidar|acertar)\b")
OF_EACH = re.compile(r" (?:de|a|por)(?: uns| ate| no maximo)? ?")
SENTENCE_END = re.compile(r"[!?;\n]|\.(?!\d)")
ON_TOP = re.compile(r"\bmais (?:uns |umas )?(?:r\$ ?)?$")
HAD = re.compile(r"\b(?:tenho|recebi|ganhei|gast\w+|vend\w+|junt\w+|guard\w+|us\w+|paguei|peguei)\b")
PURPOSE_AFTER = re.compile(
    _START + r"(?:(?:ja |me |que )*(?:resolv|salva|ajuda|basta|dava|daria|chega)\w*|para (?:\w+ )?(?:reform\w+|quitar|"
    r"pagar|investir|constru\w+|abrir|montar|terminar|capital|giro|viajar|trocar))\b"
)
FILLER = re.compile(
    rf"\b(?:{APPROX}|oi|ola|boa|bom|dia|tarde|noite|beleza|seria|acho que|tudo bem|quanto|o|valor|para|aumenta\w*|"
    r"diminui\w*|baix\w+|coloca\w*|bota|poe|pode ser|faz|me|isso|obrigad[oa]|por favor|reais)\b"
)
PLAN = re.compile(r"\b(?:consorcio|carta)\b")
CORRECTION = re.compile(
    r"\b(?:na verdade|quer dizer|quis dizer|digo|ou melhor|melhor|alias|corrig\w+|correcao|o (?:certo|"
    r"correto) e|errei|errado|"
    r"me enganei|engano|confundi|desculpa|perdao|retifico|mudei|muda(?:r)? para|troca(?:r)? para|em vez|ao inves|"
    r"pensando bem|nao e\b[^.;!?]{0,25}\be\b|nao, e|mas (?:agora )?(?:e|sao)|agora e)\b|^nao,? "
)
INSTEAD = re.compile(
    rf"[,;.]? ?(?:mas |e sim |sim |so )?(?:(?:e|sao|era|vale|ganho|recebo|quero|preciso) )?(?:{APPROX} )*(?:r\$ ?)?"
)
DENIED = re.compile(
    r"\b(?:nao|nem)(?: (?:e|sao|de|quero|preciso|preciso de|seria|era|vale|ganho|recebo))?(?: (?:uns|os|r\$))? ?$"
)
# What may follow a short number whose thousands were left out; a noun there would make it a count.
AFTER_SHORT = re.compile(
    r"^ *(?:$|[^a-z\d ]|(?:em|para|de|e|com|por|no|na|mas|a|ao|que|se|reais|mais|ou|liquid\w*|brut\w*|limp\w*|livres?|"
    r"ta|esta|tudo|so|hoje|pode|meu|minha|o|ne|eu|acho|ja|seria|seri\w*|conto|pilas?|paus?|todo|cada|mensa\w*|"
    r"emprest\w*|entrada|financi\w+|quero|queria|preciso|renda|ganho|vale|parcela\w*|prazo|resolv\w+|ajuda\w*|basta|"
    r"da|daria|chega|serve|cobre|paga|ai|la|agora|cert\w+|ok|beleza|obrigad\w|mesmo|redondo|fechado|tranquilo|bom|"
    r"boa|otimo|melhor|fecha\w*|do que|fica\w*|do (?:inss|bpc|loas|beneficio)|quanto|qual|como|quando|entao|viu|sim|"
    r"nao|porque|pois|assim|"
    r"no maximo|no minimo|aproximad\w+|talvez|fipe|quitad\w)\b)"
)
