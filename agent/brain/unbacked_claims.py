"""Claims, pressure and figures that nobody backs; see `unbacked`."""

from agent.brain.hedges import HEDGE, NUMBER, STILL

_OTHERS = (
    r"(?:itau|bradesco|santander|nubank|caixa|banco do brasil|bb|banco inter|inter|c6|picpay|mercado pago|creditas|"
    r"outr[oa]s? (?:bancos?|financeiras?|empresas?|lugar(?:es)?|instituic\w+|consultori\w+)|bancos?|financeiras?|"
    r"concorr\w+|(?:seu|teu) banco)"
)
_COMPARED = (
    r"(?:mais (?:car[oa]|barat[oa]|alt[oa]|baix[oa]|lent[oa]|rapid[oa]|burocra\w+|facil|dificil|demorad[oa]|juros)|"
    r"melhor(?:es)?|pior(?:es)?|cobra\w*|explora\w*|enrola\w*|engana\w*|nega\w*|demora\w*|"
    r"nao (?:faz\w*|aprova\w*|aceita\w*|consegue\w*|oferece\w*|chega\w*)|tao (?:boa|baixa|bom)|menor(?:es)?|"
    r"maior(?:es)?|perde\w*|compete\w*|burocra\w+|ladr\w+|abusiv\w+|fuja)"
)
_AUTHORITY = (
    r"(?:banco central|bacen|\bbc\b|procon|febraban|governo|inss|susep|\bcvm\b|receita federal|caixa|fgc|anbima|"
    r"serasa|justica|abac|ministerio|policia|iso \d+|reclame ?aqui|google|b3)"
)
_BACKED = (
    r"(?:autoriz\w+|credenci\w+|regul\w+|homolog\w+|parcei\w+|conveni\w+|fiscaliz\w+|reconhec\w+|certific\w+|"
    r"registrad\w+|aprovad[oa]s? pel\w+|nota (?:maxima|dez|10|\d)|selo|aval\b|supervision\w+|garantid[oa]s?|"
    r"correspondente|licen\w+|premia\w+|indicad\w+|estrelas|excelente|lider\w*|subsid\w+)"
)

# code, what is spoken of (everything must be found in one sentence), what excuses it
CLAIMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "claim",
        (
            rf"\b{_OTHERS}\b",
            rf"\b{_COMPARED}\b",
        ),
        rf"{STILL}|\bvoce (?:disse|contou|paga|pagava)\b|\bvale comparar\b|\bcompare\b|\bpode comparar\b|"
        rf"\bnao (?:sei|posso)\b|\bsolicit",
    ),
    (
        "claim",
        (
            rf"{_AUTHORITY}",
            rf"\b{_BACKED}\b",
        ),
        rf"{HEDGE}|{STILL}|\bconsult\w+|\bservidor\w*|\bmargem\b|\bbeneficio",
    ),
    (
        "claim",
        (
            r"\b(?:lider(?:es)?\b|numero (?:1|um)\b|n[ºo°]? ?1 (?:do|em|no)|primeir[oa] lugar|"
            r"referencia (?:em|no|do)|premiad\w+|(?:ha |temos |tem |com )?(?:mais de )?(?:\d+|vinte|trinta|dez|"
            r"quinze|cinquenta) anos (?:de (?:mercado|experiencia|historia|estrada|tradicao|atuacao|casa|confianca)|"
            r"no (?:mercado|ramo)|atuando|em atividade|ajudando)|(?:milhares|milhoes|centenas|dezenas|\d+|dez|cem|"
            r"mil) (?:de |mil )*(?:clientes|familias|pessoas|contratos|brasileiros|pedidos)|"
            r"(?:ja )?(?:ajudamos|atendemos|realizamos|financiamos|emprestamos) (?:mais|milh|cent|dez|\d)|"
            r"(?:menor|melhor|mais (?:baix[oa]|barat[oa]|rapid[oa]|confiavel|segur[oa]|vantajos[oa]))\w* (?:taxa |"
            r"juros |opcao |empresa |condicao |financeira |negocio )?(?:d[oae]s? (?:mercado|brasil|pais|regiao|"
            r"cidade|todas|todos|mundo|momento)|que existe|que voce vai (?:achar|encontrar)|possivel|disponivel)|"
            r"imbativ\w+|incomparav\w+|insuperav\w+|ninguem (?:faz|oferece|tem|cobre|bate|consegue) (?:igual|melhor|"
            r"isso|essa|uma|tao|menos|o que)|cobrimos (?:qualquer|a|toda))",
        ),
        HEDGE,
    ),
    (
        "claim",
        (
            r"\b(?:acaba|termina|expira|encerra\w*|vence|valid[oa]s?|vale|fecha|aument\w+|sobe\w*|subir\w*|"
            r"muda)\b[^.!?]{0,30}\b(?:hoje|amanha|agora|meia.noite|logo|em breve|sexta|segunda|domingo|fim do dia|"
            r"fim do mes|semana|horas?|minutos?|enquanto durar)\b|\bate (?:meia.noite|o fim do dia|"
            r"sexta)\b[^.!?]{0,20}\b(?:condic|taxa|ofert)|\b(?:restam?|sobr\w+|faltam?|tem|temos|ha) (?:apenas |so |"
            r"somente |poucas |poucos |\d+ |duas |uma |tres |as |os )+(?:ultim\w+ )?(?:vagas?|cotas?|lugar\w*|"
            r"unidades?|senhas)\b|\bultim[oa]s? (?:dia|cota|vaga|oportunidade|chance|hora|lugar)\w*|\bcorr[ae]\b|"
            r"\baproveit[ae]\b|\btempo limitado\b|\bvagas? limitad|\b(?:nao |para nao )?(?:perca|perder|perde|"
            r"perdera|deixe passar|deixar passar|fique de fora|ficar de fora)\b[^.!?]{0,30}\b(?:ofert\w+|condic\w+|"
            r"oportunidade|chance|vaga|desconto|taxa|essa|esse|tempo|vez)\b|\boportunidade (?:unica|rara|imperdivel)|"
            r"\bcondic\w+ (?:especia(?:l|is)|exclusiv\w+|unica|imperdivel)|\bexclusiv[oa] para (?:voce|quem)|"
            r"\bso para voce\b|\bdecid\w+ (?:logo|agora|ja|hoje)|\b(?:responda|feche|fechar|assine|confirme|decida|"
            r"contrate|garanta)\b[^.!?]{0,15}\b(?:agora|ja|hoje|logo|imediat\w+)\b|\bantes que\b|\bfila de espera|"
            r"\boutro cliente\b|\boutras? pessoas? (?:interessad|de olho|na frente|querendo)|\bpor tempo\b|"
            r"\bblack friday\b|\bbrinde\b|\bcashback\b|\bbonus\b|\bpremio\b|\bsorteamos\b",
        ),
        r"\bsem pressa\b|\bcontempla|\bquanto\b[^.!?]{0,25}\bvale\b|\bvale (?:o|a|seu|sua|hoje)\b",
    ),
    (
        "no_check",
        (
            r"\b(?:negativad\w+|nome sujo|restric\w+|score|spc|serasa|divida(?:s)? (?:ativa|em aberto)|protest\w+|"
            r"nome (?:esta )?(?:sujo|negativado)|comprov\w+ (?:de )?renda|nome)\b",
            r"\b(?:nao (?:importa|atrapalha|influencia|interfere|impede|pesa|conta|faz diferenca|e problema|"
            r"tem problema|olha\w*|ve\w*|liga\w*|consulta\w*|precisa|exig\w+|e obstaculo|muda nada)|sem problema|"
            r"tanto faz|conseguimos|damos um jeito|a gente (?:resolve|faz|consegue|limpa)|limpamos|tiramos|"
            r"aumentamos|dispens\w+|ignor\w+|mesmo assim|independente\w*|irrelevante|indiferente)\b",
        ),
        rf"{HEDGE}|\bnao (?:e|seria) verdade|\bnao precisa (?:me )?(?:contar|dizer|mandar|enviar)|\bdecora|\bcompleto",
    ),
    (
        "claim",
        (
            r"\b(?:de graca|gratis|gratuit[oa]|custo zero|sem custo(?:s)?|nenhum custo|isent[oa]|"
            r"nao (?:ha|tem|existe) custo|sem (?:nenhuma )?tarifa|por nossa conta|a gente paga|cortesia|"
            r"sem pagar nada)\b",
        ),
        r"\b(?:simul\w+|conversa\w*|tirar duvidas?|compromisso|antes|antecipad\w+|sem custo algum para simular)\b",
    ),
    (
        "figure",
        (
            r"\b(?:economiz\w+|poup\w+|reduz\w*|cai\w*|cair|baix\w+|diminu\w+|abat\w+|desconto|paga|sobra\w*|juros|"
            r"taxa|parcela|prestacao|menos|custa)\b",
            r"\b(?:(?:pela|a|na|quase|metade) metade|metade d\w+|um terco|dois tercos|um quarto|o dobro|o triplo|"
            r"dez vezes|duas vezes (?:menos|mais|menor)|tres vezes (?:menos|mais|menor)|quase nada|uma merreca|"
            r"ponto percentual|pontos percentuais|p\.? ?p\b)",
        ),
        rf"{STILL}|\bcomo metade\b|\bvoce (?:disse|contou)\b",
    ),
    (
        "no_interest",
        (
            r"\b(?:carencia|primeira parcela so|comeca a pagar so|so (?:comeca a )?paga\w* (?:daqui|depois|em|no)|"
            r"pula\w* parcela|sem pagar por)\b",
            r"\b(?:meses|mes|ano|dias|natal|carnaval|janeiro|fevereiro|marco|nada|custo)\b",
        ),
        rf"{HEDGE}|consultor|alguns casos",
    ),
    (
        "claim",
        (
            r"\b(?:itau|bradesco|santander|nubank|caixa|banco do brasil|banco inter|c6|picpay|mercado pago|creditas|"
            r"(?<!as )(?<!instituicoes )financeiras|outr[oa]s? (?:bancos?|financeiras?|empresas?|lugar(?:es)?)|"
            r"bancos|concorr\w+|nenhum banco|agiotas?|(?:as |essas |outras )financeiras)\b",
        ),
        rf"{HEDGE}|{STILL}|\bvoce (?:disse|contou|falou|paga|tem|quer)\b|\b(?:compar\w+|seu banco|servidor\w*|"
        rf"consult\w+|solicit\w+|recebe\w*|quitar|quitacao|divida|portabilidade|entendi|anot\w+|certo)\b",
    ),
    (
        "claim",
        (
            r"\b(?:nossos clientes|clientes (?:nossos|pagam|conseguem|satisfeit\w+|felizes)|nossos? resultados?|"
            r"inadimplencia|(?:a )?gente (?:nunca|sempre) (?:falh\w+|consegu\w+|entreg\w+|resolv\w+)|eleit[oa]|"
            r"reconhecid[oa]|selo|famos[oa]s?|depoimentos?|recomendad[oa]s?|(?:unica|unicos?) (?:que|d[oa]|empresa)|"
            r"(?:aqui|conosco|com a gente) (?:e diferente|voce (?:ganha|economiza|paga menos)|"
            r"nao tem (?:burocracia|enrolacao))|sem burocracia)\b",
        ),
        rf"{HEDGE}|{STILL}",
    ),
    (
        "claim",
        (
            r"\b(?:acaband\w+|esgot\w+|terminand\w+|se fosse voce|no seu lugar|"
            r"talvez (?:eu )?nao (?:consiga|tenha|de|exista)|(?:seguro|segura|seguramos|mantenho|mantem|"
            r"seguram?) (?:ess[ae]|est[ae]|o|a) (?:taxa|valor|condicao|proposta|preco|oferta)|pressa (?:e|ajuda)|"
            r"tempo esta (?:passando|acabando)|(?:taxa|juros|preco|selic|condicao)\w* (?:vai|vao|deve\w*|"
            r"pode) (?:subir|aumentar|mudar|acabar)|reajust\w+|quem (?:decide|fecha|assina) (?:rapido|primeiro|hoje|"
            r"logo)|vale a pena (?:fechar|assinar)|melhor (?:hora|momento|fechar|assinar|garantir))\b",
        ),
        rf"{STILL}|\bconsorcio\b[^.!?]*\breajust|\bsem pressa\b|\bnao (?:tenha|precisa)\b",
    ),
    (
        "figure",
        (
            rf"\b(?:{NUMBER}|zero|onze|doze) (?:virgula|ponto) (?:{NUMBER}|zero|meio|noventa|oitenta|setenta|"
            rf"sessenta|cinquenta|quarenta)\b(?! ?(?:mil|milh))",
        ),
        r"$^",
    ),
    (
        "figure",
        (r"\b(?:um|dois|tres|quatro|cinco|meio|zero|e mei[oa]|\d) ?(?:pontos? )?(?:ao (?:mes|ano)|a\.? ?m\b)",),
        r"\bpor cento\b|%|\bmil\b|\breais\b",
    ),
    (
        "claim",
        (
            r"\b(?:ja era|agora ou nunca|na fila|na frente|sua vaga|a vaga|enquanto (?:convers\w+|fal\w+|ainda|"
            r"da tempo|tem)|(?:so )?consigo (?:manter|segurar|reservar|guardar|fazer isso hoje)|"
            r"unica (?:vez|chance|hora)|ultim[oa] (?:vez|momento)|nao (?:vai|volta) (?:se repetir|durar|voltar|"
            r"existir)|por pouco tempo|por pouco|contad[oa]s|limitad[oa]s?|relampago|"
            r"so (?:hoje|agora|esta semana|esse mes|nesse mes)|nao espere|nao demore|antes tarde|"
            r"perde (?:a|o|essa|esse))\b",
        ),
        rf"{STILL}|\bdisse\b",
    ),
    (
        "no_check",
        (
            r"\bnao (?:puxa\w*|pesquisa\w*|levanta\w*|checa\w*|confere\w*|investiga\w*|busca\w*|mexe\w*|passa\w*|"
            r"depende\w*|precisa|usa\w*)\b[^.!?]{0,30}\b(?:cpf|nome|score|historico|spc|serasa|limpo|renda|"
            r"analise)\b|\b(?:nome|score|cpf)\b[^.!?]{0,20}\bnao precisa\b|\bmesmo com (?:o )?(?:nome|score|cpf|"
            r"restric\w+|divida\w*|protest\w+)\b|\bqualquer (?:score|historico)\b",
        ),
        r"\b(?:dizer|informar|mandar|enviar|contar|completo|consultor)\b",
    ),
    (
        "claim",
        (
            r"\b(?:(?:mais|melhor|bem) (?:bem )?(?:avaliad|ranquead|conhecid|querid|procurad|recomendad)\w+|"
            r"ninguem\b[^.!?]{0,20}\b(?:cobre|bate|chega|iguala|oferece|faz)|"
            r"nao (?:deixe|deixa|perca|espere|demore|pense)\b[^.!?]{0,20}\b(?:depois|tempo|muito|amanha|passar)|"
            r"pode nao (?:ter|haver|dar|existir)|do setor|do ramo)\b",
        ),
        rf"{STILL}|\bsem pressa\b",
    ),
    (
        "no_check",
        (
            r"\bnegativad\w+\b[^.!?]{0,25}\b(?:tambem|pega|consegue|passa|tem vez|aceit\w+)\b|"
            r"\b(?:aqui )?(?:nao (?:tem|ha|existe|rola)|sem|zero|dispens\w+) (?:consulta|pesquisa|verificacao|"
            r"checagem|burocracia)\w*\b",
        ),
        rf"{HEDGE}|\bnao faz\w*",
    ),
    (
        "claim",
        (
            r"\b(?:reclame ?aqui|google|trustpilot)\b|\bdecid\w+ (?:ate|antes)|"
            r"\b(?:feche|responda|assine|confirme) (?:ate|antes)\b",
        ),
        rf"{STILL}",
    ),
    (
        "no_check",
        (
            r"\bninguem\b[^.!?]{0,15}\b(?:olha\w*|consulta\w*|ve|ver|puxa\w*|checa\w*|pergunta\w*|"
            r"verifica\w*)\b[^.!?]{0,20}\b(?:serasa|spc|cpf|nome|score|renda|historico)\b",
        ),
        r"$^",
    ),
    (
        "claim",
        (
            r"\b(?:taxa|juros|preco|condicao|selic)\b[^.!?]{0,20}\b(?:aument\w+|sobe\w*|subir\w*|acaba\w*|"
            r"vai mudar)\b",
        ),
        rf"{STILL}|\bprazo\b|{HEDGE}",
    ),
)
