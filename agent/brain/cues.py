"""Words that tell what an amount or a term is about. All patterns read normalised, masked text."""

import re

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
    r"pajero|outlander|cg|titan|biz|bros|xre|fazer|nmax|pcx|fan|bmw|audi|mercedes|byd|dolphin|song|haval|tiggo"
)
VEHICLE = (
    r"(?:carros?|carrinho|carrao|automove(?:l|is)|veiculos?|motos?|motocicleta|caminh(?:ao|oes|onete|onetes)|"
    rf"picape|pickup|camionete|van|onibus|suv|{_MODELS})"
)
RELATIVE = (
    r"(?:marido|esposa|esposo|mulher|mae|pai|irma|irmao|filh[oa]|sogr[oa]|namorad[oa]|noiv[oa]|ti[oa]|prim[oa]|avo|"
    r"cunhad[oa]|amig[oa]|vizinh[oa]|chefe|patrao|companheir[oa]|genro|nora|sobrinh[oa])"
)
APPROX = (
    r"(?:uns|umas|ate|em torno de|por volta de|cerca de|mais ou menos|aproximadamente|quase|no maximo|de|por|em|e|"
    r"hoje|tipo|ai|so|apenas|pelo menos|no minimo|na faixa de|faixa de|la|r\$)"
)

# role -> cue standing before the amount
LEFT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (
            "income",
            r"\b(?:ganh(?:o|amos|ava|ando)|receb(?:o|emos|endo)|tir(?:o|amos|ando)|fatur(?:o|amos|ando)|"
            r"rendas?|rendimentos?|"
            r"salario|holerite|contracheque|aposentadoria|pro.?labore|beneficio|soldo|remuneracao|vencimentos?|"
            rf"fac(?:o|emos)(?= (?:{APPROX} )*(?:r\$ ?)?\d)|faco|entra(?:m)?(?= (?:{APPROX} )*(?:r\$ ?)?\d)|"
            rf"faturamento|"
            r"lucro|pensao)\b",
        ),
        (
            "collateral",
            rf"\b(?:val(?:e|em|endo|ia|eria|or de mercado)|avali(?:ad[oa]s?|ou|aram|am|acao|o|ei)|fipe|"
            rf"custa(?:m)?|custando|"
            rf"vend(?:o|eria|em|er|ido)|preco|valor d[oae]s? (?:meu |minha )?(?:{PROPERTY}|{VEHICLE}|bem))\b",
        ),
        (
            "noun",
            rf"\b(?:{PROPERTY}|{VEHICLE})(?: (?!garantia|preciso|quero|queria|renda|salario)[a-z0-9]+){{0,3}}?"
            rf"(?: (?:de|por|no valor de|na faixa de|em torno de|avaliad[oa] em))(?= (?:{APPROX} )*(?:r\$ ?)?$)",
        ),
        (
            "credit",
            r"\b(?:quer(?:o|ia|emos|endo|iamos)|precis(?:o|ava|aria|ando|amos|ar)|gostaria|necessito|"
            r"emprest(?:imo|ad[oa]s?|ar?|a-?me|em|am)|"
            r"credito|pegar|levantar|cartas?|financi(?:ar|amento|o|am|em)|liber(?:a|ar|am|em|ado|acao)|"
            r"consegu\w+|consigo|simul\w+|dinheiro|grana|quanto (?:fica|ficaria|da|daria|sai|sairia)|"
            r"de garantia|como garantia|em garantia|"
            r"solicit\w+|pedir|pretendo|desejo|arrumar|obter|sacar|contratar|buscando|procurando|atras de|"
            r"fazer um|penso em|"
            r"pens(?:ei|ando) em|consorcio|tomar|refinanciar)\b",
        ),
        ("down", r"\b(?:entrada|sinal|dar de cara|dou de)\b"),
        (
            "installment",
            r"\b(?:parcel(?:a|as|inha|inhas)|prestac(?:ao|oes)|mensalidades?|(?:posso|consigo|da para|"
            r"daria para|conseguiria|"
            r"poderia|queria|quero|aguento|pretendo) pagar|pagar (?:ate|no maximo|por mes|mensalmente|uns|"
            r"mais de)|cabe(?:m|ria)?(?: no bolso| no orcamento)?|"
            r"cabendo|comprometer)\b",
        ),
        (
            "other",
            r"\b(?:alugue(?:l|is)|devo|devia|devendo|dividas?|saldo devedor|saldo|falta(?:m|ndo)?|comprei|"
            r"compramos|comprado|pag(?:uei|o|amos|ava)|"
            r"condominio|iptu|ipva|gast(?:o|amos|ei|a|os)|despesas?|guardad\w+|poupanca|contas? d[eoa]|multa|"
            r"taxa|ofere(?:ceu|ceram|ce)|"
            r"negativad\w+|serasa|spc|cartao|limite|fatura|fgts|aplicad\w+|herdei|emprestei|cheque especial|"
            r"juros|bolsa|"
            r"cobr(?:ou|aram|am|a)|tarifa|seguro|comissao|mais de extra|score|atrasad\w+)\b",
        ),
    )
)

_START = r"^ *,? *(?:reais |conto |contos )?(?:mais ou menos |aproximadamente )?"
# role -> cue standing right after the amount; the first that matches wins
RIGHT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(_START + pattern))
    for role, pattern in (
        (
            "down",
            r"(?:(?:de|como|na|para|pra|para a|para dar de) )?(?:entrada|sinal)\b(?! (?:de|e|seria) )",
        ),
        (
            "installment",
            r"(?:(?:de|por|na|cada|a) )(?:parcela|prestacao|mensalidade)s?\b|por vez\b",
        ),
        (
            "other",
            r"(?:de|do|da|em|no) (?:meu |minha |uma? )?(?:aluguel|dividas?|condominio|fgts|juros|multa|iptu|ipva|taxa|"
            r"comissao|bonus|extra|vale|limite|cartao|desconto|score|saldo devedor|despesas?|conta)\b|"
            r"guardad\w+|em dividas|"
            r"na poupanca|aplicad\w+|atrasad\w+|em atraso|de diferenca",
        ),
        (
            "income_word",
            r"(?:de|como) (?:renda|salario|aposentadoria|beneficio|lucro|faturamento|pensao|rendimento)\b",
        ),
        (
            "income_word",
            r"(?:liquid|brut|limp|fix)os?\b|(?:na|em) carteira\b|de holerite",
        ),
        (
            "monthly",
            r"(?:(?:todo|por|ao|cada|a) ?(?:santo )?mes|mensa(?:l|is)|mensalmente|/ ?mes|p/? ?mes|no mes)\b",
        ),
        (
            "credit",
            r"(?:(?:de|em) (?:credito|emprestimo|carta|capital|financiamento)|emprestad[oa]s?|na mao)\b",
        ),
        (
            "collateral",
            r"(?:na|pela|de|da|tabela) (?:tabela )?fipe\b|de avaliacao\b|de valor de mercado\b",
        ),
    )
)
RIGHT_NOUN = re.compile(
    _START + rf"(?:vale |e |custa )?(?:o|a|meu|minha|esse|essa|nosso|nossa)(?: meu| minha)? (?:{PROPERTY}|{VEHICLE})\b"
    r"(?! (?:vale|e |esta|custa|foi|quitad|avaliad|tem |na |como|de garantia))"
)
GUARANTEE_NOUN = re.compile(rf"\b(?:garantia|refinanciamento) (?:de|do|da|com)? ?(?:{PROPERTY}|{VEHICLE})\b")
PLAN = re.compile(r"\b(?:consorcio|carta)\b")
CORRECTION = re.compile(
    r"\b(?:na verdade|quer dizer|quis dizer|digo|ou melhor|melhor|alias|corrig\w+|correcao|o (?:certo|"
    r"correto) e|errei|errado|"
    r"me enganei|engano|confundi|desculpa|perdao|retifico|mudei|muda(?:r)? para|troca(?:r)? para|em vez|ao inves|"
    r"pensando bem|nao e\b[^.;!?]{0,25}\be\b|nao, e|mas (?:agora )?(?:e|sao)|agora e)\b|^nao,? "
)
DENIED = re.compile(r"\b(?:nao|nem)(?: (?:e|sao|de|quero|preciso|preciso de|seria|era))?(?: (?:uns|os|r\$))? ?$")
TERM_TRAP_BEFORE = re.compile(
    r"(?:\b(?:tenho|tinha|tem|tera|com meus|fiz|faco|fazer|completo|completei|idade|ha|faz|fazem|a|falta(?:m|"
    r"ndo)?|restam?|"
    r"daqui a|daqui|ultim[oa]s|paguei|atrasad[oa]s?|atraso|devo|devendo|mais de|quase|ja|em menos de|"
    r"dentro de|sao|pagas|paguei ja|"
    r"aposento em|aposentar em|carencia de|pagas?|meus|cerca de|idade de|espera de)"
    r"(?: (?:uns|umas|cerca de|quase|mais de|so|apenas|ainda|ja|mais|uns bons|as|os|de|d[eo]is ou)){0,2} )$"
)
TERM_TRAP_AFTER = re.compile(
    r"^ *(?:de (?:idade|casa|empresa|servico|contribuicao|trabalho|uso|construcao|construida|carteira|"
    r"experiencia|profissao|mercado|"
    r"casad[oa]|atraso|vida|registro|funcao|cnpj|abert\w+|carencia|aluguel|garantia)|atras\b|que (?:trabalho|"
    r"moro|estou|tenho|sou)|"
    r"atrasad[oa]s?|em atraso|(?:ja )?pagas?\b|para (?:terminar|acabar|quitar|eu me)|trabalhando|morando|registrad|"
    r"por (?:semana|mes|dia|ano)|ao (?:dia|mes|ano)|mais (?:car|bar|velh|nov)|anteriores|depois|neste|nesse|"
    r"nessa|na mesma)"
)
TERM_TRAP_TENURE = re.compile(
    r"\b(?:moro|trabalho|financiei|parcelei|peguei|casad[oa]|empresa|registrad[oa]|atuo|aberta|construida|"
    r"idade)\b[^.,;!?\n]*$"
)
# What may follow a short number whose thousands were left out; a noun there would make it a count.
AFTER_SHORT = re.compile(
    r"^ *(?:$|[^a-z\d ]|(?:em|para|de|e|com|por|no|na|mas|a|ao|que|reais|mais|ou|liquid|brut|limp|ta|esta|tudo|so|hoje|"
    r"pode|meu|minha|o|ne|eu|acho|ja|seria|seri|conto|pila|todo|cada|mensa|emprest|entrada)\b)"
)
