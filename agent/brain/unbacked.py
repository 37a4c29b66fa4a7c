"""What a model may not state on its own: promises, dates, fees, claims and pressure that no rule and no manager backs.

Wider than `forbidden`: a subject is enough, unless the sentence holds what excuses it. A sentence refused here without
need costs a template in its place; one let through costs the client."""

import re

_SURE = (
    r"(?:garant(?:id[oa]s?|o|e|em|imos|ir|iremos)\b|garantia (?:total|de que|de aprov\w+)|certeza|certinh[oa] que|sem erro|sem falha|sem risco|sem medo|com seguranca que|prometo|promessa|"
    r"dou (?:a )?(?:minha )?palavra|assegur\w+|juro que|confia em mim|pode (?:ficar )?(?:confiar|contar|"
    r"comemorar|confiante)|batata|barbada|moleza|tiro certo|"
    r"na certa|infalivel|\d+ ?%|por cento|9 em cada 10|nove em cada dez|chances? (?:sao |e )?(?:enorme|altissima|"
    r"muito alta|"
    r"quase total|total|otima)s?)"
)
_GOOD_END = (
    r"(?:aprov\w+|liber\w+|consegu\w+|consigo|consegue\w*|credito|emprestimo|dinheiro|financiamento|carta|"
    r"contempl\w+|aceit[oa]s?|sai|saiu|vem|rola|da certo|o seu|sonho|negocio)"
)
_EVERYONE = (
    r"(?:todo mundo|tod[oa]s (?:os|as|o|que|conseguem|sao)|qualquer (?:um|pessoa|perfil|cliente|caso)|cada cliente|"
    r"ninguem (?:sai|fica|e|foi|deixa|volta)|nenhum (?:cliente|pedido)|sempre|a maioria|quase todos|"
    r"(?:nossos|dos) (?:pedidos|clientes|casos))"
)
_NUMBER = (
    r"(?:\d+|um|uma|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|quinze|vinte|trinta|pouc[oa]s?|algu(?:ns|mas)|"
    r"menos de [a-z\d]+)"
)
_WHEN = (
    rf"(?:{_NUMBER} ?(?:a {_NUMBER} )?(?:minut\w+|min|horas?|hrs?|h|dias?|semanas?)\b|hoje|amanha|"
    r"ess[ae] semana|semana que vem|ness[ae] (?:semana|mes)|(?:segunda|terca|quarta|quinta|sexta)(?:.feira)?\b|sabado|"
    r"domingo|fim de semana|natal|ano novo|fim do mes|final do mes|virada|mesmo dia|na hora|rapid\w+|em instantes|"
    r"imediat\w+|num piscar|voando|de tarde|a noite|antes do almoco|primeira assembleia|proxima assembleia|"
    r"proximo sorteio|ess?e mes|mes que vem|dia \d+)"
)
_ARRIVES = (
    r"(?:cai\w*|cair\w*|sai\b|sair\w*|saem|chega\w*|entra\w*|liber\w+|recebe\w*|deposit\w+|pago|pagamento e|disponivel|"
    r"em maos|na mao|no bolso|na conta|contempl\w+|aprov\w+|transfer\w+|credita\w*|"
    r"dinheiro|resposta|resultado|"
    r"contrato (?:sai|fica)|esta com (?:voce|o valor)|leva|demora|resolv\w+)"
)
_COST = (
    r"(?:taxas?|taxinha|tarifas?|custos?|custa\w*|caucao|sinal|deposito|quantia|seguro|cartorio|despesas?|boletos?|"
    r"pagamento|pagar|paga|pague|cobra\w*|registro|vistoria|avaliacao|laudo|adesao|matricula|inscricao|investimento|"
    r"contribuicao|valor simbolico|ajuda de custo|comissao|honorarios?|reservar)"
)
_FIRST = (
    r"(?:antes(?! d[eo] (?:prazo|vencimento|tempo|fim|final|simular|comecar a pagar))|primeiro\b|primeira coisa|"
    r"adiantad\w+|antecipad\w+|inicia(?:l|is)|de entrada no pedido|para (?:comecar|abrir|iniciar|"
    r"liberar|desbloquear|agilizar|segurar|garantir|reservar|dar andamento|dar entrada|destravar|acelerar|"
    r"confirmar|validar|analisar|processar|protocolar|emitir|formalizar|ativar|seguir com o pedido)|"
    r"devolv\w+|reembols\w+|estorn\w+|abertura|e preciso|precisa|"
    r"obrigatori\w+|voce so|de cadastro|uns \d+|por sua conta|r\$ ?\d+|\d+ reais|(?:cem|duzentos|trezentos|quatrocentos|"
    r"quinhentos|mil) reais|pequen[oa]|simbolic[oa])"
)
_OTHERS = (
    r"(?:itau|bradesco|santander|nubank|caixa|banco do brasil|bb|banco inter|inter|c6|picpay|mercado pago|creditas|"
    r"outr[oa]s? (?:bancos?|financeiras?|empresas?|lugar(?:es)?|instituic\w+|consultori\w+)|bancos?|financeiras?|"
    r"concorr\w+|(?:seu|teu) banco)"
)
_COMPARED = (
    r"(?:mais (?:car[oa]|barat[oa]|alt[oa]|baix[oa]|lent[oa]|rapid[oa]|burocra\w+|facil|dificil|demorad[oa]|juros)|"
    r"melhor(?:es)?|pior(?:es)?|cobra\w*|explora\w*|enrola\w*|engana\w*|nega\w*|demora\w*|nao (?:faz\w*|aprova\w*|"
    r"aceita\w*|"
    r"consegue\w*|oferece\w*|chega\w*)|tao (?:boa|baixa|bom)|menor(?:es)?|maior(?:es)?|perde\w*|compete\w*|burocra\w+|"
    r"ladr\w+|abusiv\w+|fuja)"
)
_AUTHORITY = (
    r"(?:banco central|bacen|\bbc\b|procon|febraban|governo|inss|susep|\bcvm\b|receita federal|caixa|fgc|anbima|serasa|"
    r"justica|abac|ministerio|policia|iso \d+|reclame ?aqui|google|b3)"
)
_BACKED = (
    r"(?:autoriz\w+|credenci\w+|regul\w+|homolog\w+|parcei\w+|conveni\w+|fiscaliz\w+|reconhec\w+|certific\w+|registrad\w+|"
    r"aprovad[oa]s? pel\w+|nota (?:maxima|dez|10|\d)|selo|aval\b|supervision\w+|garantid[oa]s?|correspondente|licen\w+|"
    r"premia\w+|indicad\w+|estrelas|excelente|lider\w*|subsid\w+)"
)
_HEDGE = (
    r"\b(?:depend\w+|sujeit\w+|nao (?:posso|consigo|podemos|temos como|tenho como|da para|ha como|existe|e possivel|"
    r"garant\w+|prometo|prometemos|significa|quer dizer|sei|cabe|tem (?:aprovacao )?garant\w+|tem data)|"
    r"nem (?:prometo|garant)|ninguem (?:pode|consegue|"
    r"garante|deve)|nunca (?:promet|garant)\w*|nenhum\w* (?:\w+ ){0,3}(?:garant\w+|promet\w+)|varia\w*|"
    r"(?:quem )?(?:decide|avalia|confirma|explica|informa|diz|"
    r"ve)\b|golpes?|fraude|desconfie|cuidado)"
)
_NO_COST = (
    r"\b(?:nao (?:[a-z]+ ){0,2}(?:cobr\w+|ped\w+|pag\w+|exist\w+|tem|ha|precisa|peca|faca|deposit\w+|transf\w+|"
    r"e (?:cobrad|pedid|precis))\w*|"
    r"(?:terminar|acabar) de pagar|prefer\w+|nunca|jamais|ninguem|nada (?:de|e|antes)|nenhum\w*|golpes?|fraude|desconfie|cuidado|cet|consorcio|"
    r"administracao|parcelas?|registrad[oa] em cartorio|entrada|iof|opcional|simul\w+|quanto voce|(?:consegue|pode|quer|pretende) pagar)"
)
_STILL = r"\?\W*$"

# code, what is spoken of (everything must be found in one sentence), what excuses it
_RULES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("approval_promise", (rf"\b{_SURE}", rf"\b{_GOOD_END}\b"), rf"{_HEDGE}|\bgarantias? d|\b(?:em|de|com|como) garantia"
     r"|\bsem garantia|ao (?:mes|ano)|\d+ ?% d[oae]|taxa|juros"),
    ("approval_promise", (rf"\b{_EVERYONE}\b", r"\b(?:aprov\w+|consegu\w+|sai com|aceit\w+|contemplad\w+|liber\w+|"
     r"recusad\w+|negad\w+|sem (?:o )?credito|na mao|realiz\w+)\b"), _HEDGE),
    ("approval_promise", (r"\b(?:nao (?:tem|ha|vejo|existe) (?:como|chance|motivo|risco|nada)\b[^.!?]{0,25}\b(?:neg|recus|"
     r"reprov|dar errado|impe|ruim)\w*|ja (?:esta|foi|deu|reserv\w+|separ\w+|deix\w+|esta(?:mos)? com)\b[^.!?]{0,25}\b(?:ok|"
     r"lista|certo|aprova\w*|contrato|contemplad\w+|garantid\w+|mil|verba|valor|credito|limite|dinheiro)|"
     r"(?:gerente|banco|mesa|diretoria|comite|financeira|analista)\b[^.!?]{0,20}\b(?:ok|aval|sinal verde|positiv\w+|disse que sim|"
     r"gostou|carimb\w+)|dinheiro (?:vem|e seu|ja e)|(?:reservei|separei|guardei|deixei (?:reservad|separad)\w+)|"
     r"(?:e|esta|seria) (?:praticamente |quase )?(?:seu|sua|nosso) (?:ja|esse|o)|sinal verde|(?:vai|vao) (?:sair|rolar|passar|"
     r"dar certo|ser contemplad\w+|conseguir|liberar|aceitar)\b|(?:ja )?(?:pode|podem) (?:ja )?(?:assinar|comemorar|sonhar|"
     r"procurar|escolher|comprar|marcar|contratar o pedreiro|fazer (?:a mudanca|planos))\b|passa (?:tranquil\w+|facil|na boa|"
     r"direto)|perfil (?:e |esta )?(?:perfeito|aprovad\w+|excelente|pre)|seu nome (?:ja )?esta)",), _HEDGE),
    ("deadline_promise", (rf"\b{_ARRIVES}", rf"\b{_WHEN}"), rf"{_HEDGE}|\b(?:voce|seu salario|sua renda|quanto|salario|ganha)\b"
     rf"[^.!?]{{0,30}}\?|{_STILL}|\batend\w+|\bsimul\w+|\b(?:pagar|parcelas?|quit\w+|prazo (?:da|dessa|de ate))\b|\bprecisa\b|"
     r"\bvoce (?:disse|falou|contou|(?:me )?(?:manda|envia|passa|confirma|diz|avisa)|recebe (?:o |um )?(?:salario|beneficio))\b|\bentrada\b"),
    ("advance_fee", (rf"\b{_COST}\b", rf"\b{_FIRST}"), _NO_COST),
    ("claim", (rf"\b{_OTHERS}\b", rf"\b{_COMPARED}\b"), rf"{_STILL}|\bvoce (?:disse|contou|paga|pagava)\b|\bvale comparar\b|"
     r"\bcompare\b|\bpode comparar\b|\bnao (?:sei|posso)\b|\bsolicit"),
    ("claim", (rf"{_AUTHORITY}", rf"\b{_BACKED}\b"), rf"{_HEDGE}|{_STILL}|\bconsult\w+|\bservidor\w*|\bmargem\b|\bbeneficio"),
    ("claim", (r"\b(?:lider(?:es)?\b|numero (?:1|um)\b|n[ºo°]? ?1 (?:do|em|no)|primeir[oa] lugar|referencia (?:em|no|do)|"
     r"premiad\w+|(?:ha |temos |tem |com )?(?:mais de )?(?:\d+|vinte|trinta|dez|quinze|cinquenta) anos (?:de (?:mercado|experiencia|historia|estrada|tradicao|atuacao|casa|confianca)|no (?:mercado|ramo)|atuando|em atividade|ajudando)|"
     r"(?:milhares|milhoes|centenas|dezenas|\d+|dez|cem|mil) (?:de |mil )*(?:clientes|familias|pessoas|contratos|brasileiros|"
     r"pedidos)|(?:ja )?(?:ajudamos|atendemos|realizamos|financiamos|emprestamos) (?:mais|milh|cent|dez|\d)|"
     r"(?:menor|melhor|mais (?:baix[oa]|barat[oa]|rapid[oa]|confiavel|segur[oa]|vantajos[oa]))\w* (?:taxa |juros |opcao |empresa |"
     r"condicao |financeira |negocio )?(?:d[oae]s? (?:mercado|brasil|pais|regiao|cidade|todas|todos|mundo|momento)|que existe|"
     r"que voce vai (?:achar|encontrar)|possivel|disponivel)|imbativ\w+|incomparav\w+|insuperav\w+|ninguem (?:faz|oferece|"
     r"tem|cobre|bate|consegue) (?:igual|melhor|isso|essa|uma|tao|menos|o que)|cobrimos (?:qualquer|a|toda))",), _HEDGE),
    ("claim", (r"\b(?:acaba|termina|expira|encerra\w*|vence|valid[oa]s?|vale|fecha|aument\w+|sobe\w*|subir\w*|muda)\b[^.!?]{0,30}\b"
     r"(?:hoje|amanha|agora|meia.noite|logo|em breve|sexta|segunda|domingo|fim do dia|fim do mes|semana|horas?|minutos?|"
     r"enquanto durar)\b|\bate (?:meia.noite|o fim do dia|sexta)\b[^.!?]{0,20}\b(?:condic|taxa|ofert)|"
     r"\b(?:restam?|sobr\w+|faltam?|tem|temos|ha) (?:apenas |so |somente |poucas |poucos |\d+ |duas |uma |tres |as |os )+"
     r"(?:ultim\w+ )?(?:vagas?|cotas?|lugar\w*|unidades?|senhas)\b|\bultim[oa]s? (?:dia|cota|vaga|oportunidade|chance|hora|"
     r"lugar)\w*|\bcorr[ae]\b|\baproveit[ae]\b|\btempo limitado\b|\bvagas? limitad|\b(?:nao |para nao )?(?:perca|perder|perde|"
     r"perdera|deixe passar|deixar passar|fique de fora|ficar de fora)\b[^.!?]{0,30}\b(?:ofert\w+|condic\w+|oportunidade|chance|"
     r"vaga|desconto|taxa|essa|esse|tempo|vez)\b|\boportunidade (?:unica|rara|imperdivel)|\bcondic\w+ (?:especia(?:l|is)|"
     r"exclusiv\w+|unica|imperdivel)|\bexclusiv[oa] para (?:voce|quem)|\bso para voce\b|\bdecid\w+ (?:logo|agora|ja|hoje)|"
     r"\b(?:responda|feche|fechar|assine|confirme|decida|contrate|garanta)\b[^.!?]{0,15}\b(?:agora|ja|hoje|logo|imediat\w+)\b|"
     r"\bantes que\b|\bfila de espera|\boutro cliente\b|\boutras? pessoas? (?:interessad|de olho|na frente|querendo)|"
     r"\bpor tempo\b|\bblack friday\b|\bbrinde\b|\bcashback\b|\bbonus\b|\bpremio\b|\bsorteamos\b",), r"\bsem pressa\b|\bcontempla|\bquanto\b[^.!?]{0,25}\bvale\b|\bvale (?:o|a|seu|sua|hoje)\b"),
    ("no_check", (r"\b(?:negativad\w+|nome sujo|restric\w+|score|spc|serasa|divida(?:s)? (?:ativa|em aberto)|protest\w+|"
     r"nome (?:esta )?(?:sujo|negativado)|comprov\w+ (?:de )?renda|nome)\b", r"\b(?:nao (?:importa|atrapalha|influencia|interfere|"
     r"impede|pesa|conta|faz diferenca|e problema|tem problema|olha\w*|ve\w*|liga\w*|consulta\w*|precisa|exig\w+|e obstaculo|"
     r"muda nada)|sem problema|tanto faz|conseguimos|damos um jeito|a gente (?:resolve|faz|consegue|limpa)|limpamos|tiramos|"
     r"aumentamos|dispens\w+|ignor\w+|mesmo assim|independente\w*|irrelevante|indiferente)\b"), rf"{_HEDGE}|\bnao (?:e|seria) "
     r"verdade|\bnao precisa (?:me )?(?:contar|dizer|mandar|enviar)|\bdecora|\bcompleto"),
    ("advance_fee", (r"\b(?:comprovante (?:d[eo] )?(?:pagamento|pix|deposito|transferencia)|manda o comprovante|adianto a "
     r"liberacao|acelero a liberacao|chave (?:pix|aleatoria)|minha conta|conta d[oa] (?:empresa|gerente|consultor)|qr ?code|"
     r"transferencia para|cripto\w*|gift ?card|cartao presente)\b",), r"\b(?:nunca|jamais|nao|golpe|ninguem)\b"),
    ("claim", (r"\b(?:de graca|gratis|gratuit[oa]|custo zero|sem custo(?:s)?|nenhum custo|isent[oa]|nao (?:ha|tem|existe) custo|"
     r"sem (?:nenhuma )?tarifa|por nossa conta|a gente paga|cortesia|sem pagar nada)\b",), r"\b(?:simul\w+|conversa\w*|tirar "
     r"duvidas?|compromisso|antes|antecipad\w+|sem custo algum para simular)\b"),
    ("figure", (r"\b(?:economiz\w+|poup\w+|reduz\w*|cai\w*|cair|baix\w+|diminu\w+|abat\w+|desconto|paga|sobra\w*|juros|taxa|"
     r"parcela|prestacao|menos|custa)\b", r"\b(?:(?:pela|a|na|quase|metade) metade|metade d\w+|um terco|dois tercos|um quarto|o dobro|"
     r"o triplo|dez vezes|duas vezes (?:menos|mais|menor)|tres vezes (?:menos|mais|menor)|quase nada|uma merreca|"
     r"ponto percentual|pontos percentuais|p\.? ?p\b)"), rf"{_STILL}|\bcomo metade\b|\bvoce (?:disse|contou)\b"),
    ("no_interest", (r"\b(?:carencia|primeira parcela so|comeca a pagar so|so (?:comeca a )?paga\w* (?:daqui|depois|em|no)|pula\w* "
     r"parcela|sem pagar por)\b", r"\b(?:meses|mes|ano|dias|natal|carnaval|janeiro|fevereiro|marco|nada|custo)\b"), rf"{_HEDGE}|"
     r"consultor|alguns casos"),
    ("approval_promise", (r"\b(?:(?:so|mera|apenas) (?:um |uma )?(?:formalidade|detalhe|protocolo)|nao (?:diz|dira|vai dizer|fala) nao|"
     r"(?:banco|analise)\b[^.!?]{0,20}\bnao (?:recusa|nega|reprova|barra))\b",), r"$^"),
    ("approval_promise", (r"\b(?:recus\w*|reprov\w*|nega(?:d[oa]s?|r|m|ria)?\b|diz(?:er)? (?:que )?(?:nao|sim)|topa\w*|"
     r"automatic[oa]|na mao|a caminho|encaminhad[oa]|chances? (?:de|e|sao|zero)|consegue\w* (?:facil|sim|na hora|o credito)|"
     r"(?:consigo|vou|posso|vamos|da para) (?:te )?(?:liberar|aprovar|conseguir|arranjar|garantir|resolver isso)|"
     r"(?:so )?falta (?:so )?(?:o )?(?:seu (?:sim|ok|aceite)|assinar|a assinatura|voce (?:assinar|confirmar|aceitar))|"
     r"liberad[oa]s?|aprovad[oa]s?|aprova\b|libera\b|pode (?:ja )?(?:dar entrada|ir|reservar)|"
     r"(?:dinheiro|valor|credito|recurso|verba) (?:vem|ja|certo|garantid\w+|no bolso)|gerente|diretoria|chefe|comite|meu supervisor)\b",),
     rf"{_HEDGE}|{_STILL}|\b(?:analise|avaliacao|(?:precisa|tem que|deve) ser|se for|se o|caso|quando|depois|apos|antes|so (?:sai|acontece|vale|e (?:liberad\w+|"
     r"aprovad\w+))|ainda nao|nem (?:foi|esta)|nao (?:foi|esta|e|ha|sera|exige|aceitamos))\b"),
    ("deadline_promise", (r"\b(?:ted|saldo|contempla\w*|contemplacao|carta|analise|aprovacao|resposta|liberacao|credito|dinheiro|"
     r"contrato|assin\w+|valor|retorno|proposta|processo)\b", r"\b(?:hoje|amanha|ainda (?:hoje|ess\w)|dia seguinte|proximo dia|"
     r"dias? ut(?:il|eis)|esta tarde|esta noite|(?:primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|sext[oa]) (?:mes|dia|semana|assembleia)|"
     r"janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|(?:pouc[oa]s|alguns|algumas|"
     r"\d+|dois|duas|tres|cinco|dez) (?:dias|horas|semanas)|logo logo|em breve|antes d[oe] (?:fim|natal|almoco|final))\b"),
     rf"{_HEDGE}|{_STILL}|\b(?:simul\w+|atend\w+|voce (?:disse|falou|contou|recebe|tem|paga|(?:me )?(?:manda|envia|passa|confirma|diz|avisa))|parcelas?|prazo de)\b"),
    ("advance_fee", (r"\b(?:emolument\w+|despachante|caucao|custas)\b", r"\b(?:pag\w+|entrada|inicio|acert\w+)\b"), rf"{_HEDGE}|{_STILL}|\bnao\b"),
    ("advance_fee", (r"\b(?:vistoria|despachante|emolument\w+|caucao|adiantamento|taxinha|valorzinho|honorari\w+|laudo|avaliador|"
     r"custas|guia de|dare|darf|itbi|taxa de [a-z]+|taxas? (?:cartorari\w+|administrativ\w+))\b", r"\b(?:pag\w+|acert\w+|quit\w+|"
     r"custa\w*|cobr\w+|inicio|entrada|agiliza\w*|basta|primeiro|antes|logo|reais|r\$|mil|anda\w*|segu\w+)\b"),
     rf"{_HEDGE}|{_STILL}|{_NO_COST}|\b(?:diluid|inclu|faz parte|juros)\w*"),
    ("claim", (r"\b(?:itau|bradesco|santander|nubank|caixa|banco do brasil|banco inter|c6|picpay|mercado pago|creditas|(?<!as )(?<!instituicoes )"
     r"financeiras|outr[oa]s? (?:bancos?|financeiras?|empresas?|lugar(?:es)?)|bancos|concorr\w+|nenhum banco|agiotas?|(?:as |essas |outras )"
     r"financeiras)\b",), rf"{_HEDGE}|{_STILL}|\bvoce (?:disse|contou|falou|paga|tem|quer)\b|\b(?:compar\w+|seu banco|servidor\w*|consult\w+|"
     r"solicit\w+|recebe\w*|quitar|quitacao|divida|portabilidade|entendi|anot\w+|certo)\b"),
    ("claim", (r"\b(?:nossos clientes|clientes (?:nossos|pagam|conseguem|satisfeit\w+|felizes)|nossos? resultados?|inadimplencia|"
     r"(?:a )?gente (?:nunca|sempre) (?:falh\w+|consegu\w+|entreg\w+|resolv\w+)|eleit[oa]|reconhecid[oa]|selo|famos[oa]s?|"
     r"depoimentos?|recomendad[oa]s?|(?:unica|unicos?) (?:que|d[oa]|empresa)|(?:aqui|conosco|com a gente) (?:e diferente|voce (?:ganha|"
     r"economiza|paga menos)|nao tem (?:burocracia|enrolacao))|sem burocracia)\b",), rf"{_HEDGE}|{_STILL}"),
    ("claim", (r"\b(?:acaband\w+|esgot\w+|terminand\w+|se fosse voce|no seu lugar|talvez (?:eu )?nao (?:consiga|tenha|de|exista)|"
     r"(?:seguro|segura|seguramos|mantenho|mantem|seguram?) (?:ess[ae]|est[ae]|o|a) (?:taxa|valor|condicao|proposta|preco|oferta)|"
     r"pressa (?:e|ajuda)|tempo esta (?:passando|acabando)|(?:taxa|juros|preco|selic|condicao)\w* (?:vai|vao|deve\w*|pode) (?:subir|"
     r"aumentar|mudar|acabar)|reajust\w+|quem (?:decide|fecha|assina) (?:rapido|primeiro|hoje|logo)|vale a pena (?:fechar|assinar)|"
     r"melhor (?:hora|momento|fechar|assinar|garantir))\b",), rf"{_STILL}|\bconsorcio\b[^.!?]*\breajust|\bsem pressa\b|\bnao (?:tenha|precisa)\b"),
    ("figure", (rf"\b(?:{_NUMBER}|zero|onze|doze) (?:virgula|ponto) (?:{_NUMBER}|zero|meio|noventa|oitenta|setenta|sessenta|cinquenta|quarenta)\b"
     rf"(?! ?(?:mil|milh))",), r"$^"),
    ("figure", (r"\b(?:um|dois|tres|quatro|cinco|meio|zero|e mei[oa]|\d) ?(?:pontos? )?(?:ao (?:mes|ano)|a\.? ?m\b)",), r"\bpor cento\b|%|\bmil\b|"
     r"\breais\b"),
    ("approval_promise", (r"\b(?:(?:te|lhe) (?:diz|dira|fala) nao|liquido e cert[oa]|tudo (?:verde|certo para|encaminhad\w+|resolvid\w+)|sempre (?:e )?sim|"
     r"e sempre sim|ja e (?:su[ao]|noss[ao])|(?:sossegad|despreocupad|relax)\w*|dorm\w+ tranquil\w+|dificilmente|raramente|quase (?:nunca|"
     r"ninguem|sempre|certo)|pode (?:ja )?(?:avisar|chamar|contratar|marcar|separar|planejar|gastar|programar|contar|mandar fazer)|"
     r"ja (?:vou|estou|estamos|vamos) (?:separ|prepar|reserv|providenci|adiant|encaminh|deix|emit|liber|aprov)\w*|voce ja (?:esta|"
     r"estara|vai estar|pode|conta|tem)|sinaliz\w+|(?:ja )?(?:passou|passa) (?:por aqui|na|no|em tod\w+|com)|vai fazer|"
     r"conte com|(?:e|esta) (?:so|apenas) (?:assinar|esperar|aguardar|retirar|buscar)|considere(?:.se)?|bem.vind[oa] a casa nova|"
     r"indice de|(?:dizem|disseram) sim|sem (?:chance|risco) de|(?:nunca|jamais) (?:vi|tivemos|perdemos|falh\w+|neg\w+|recus\w+))\b",),
     rf"{_HEDGE}|{_STILL}|\b(?:senha|se for|avisar se|(?:pode|e so) (?:me )?(?:avisar|chamar) (?:se|quando|por|que eu|aqui)|me (?:avisar|chamar)|"
     r"voce ja (?:tem|esta|conta|pode (?:me|mandar|dizer))|a mensagem|mandar)\b"),
    ("approval_promise", (r"\bvoce ja (?:esta|estara|vai estar|tem|conta com) (?:\w+ndo|aprovad\w+|com|o|um|na)\b[^.!?]*\b(?:dinheiro|credito|valor|mao|"
     r"limite|reform\w+|mor\w+|casa nova|chave)|\b(?:hoje|amanha|semana que vem|mes que vem|logo|em breve)\b[^.!?]{0,15}\bvoce (?:ja )?(?:esta|estara|"
     r"vai estar|pega|recebe|tem|ganha|muda)\b",), rf"{_STILL}|\bdisse\b"),
    ("deadline_promise", (r"\b(?:demora|leva|levam|gasta|sao|coisa de|questao de|daqui|dentro de|em menos de|em torno de|no maximo)\b[^.!?]{0,25}\b(?:semaninha|"
     r"diazinhos?|diinhas|minutinhos?|horinhas?|horas?|minutos?|semanas?|dias?|mes)\b",), rf"{_HEDGE}|{_STILL}|\batend\w+"),
    ("advance_fee", (r"\b(?:precisa|preciso|so ped\w+|pedimos|pede|pedem|solicitamos|exig\w+|basta|falta|necessari\w+|tem que|deve|so|primeiro|favor)\b",
     r"\b(?:antecipar|adiantar|pagamento|transfer\w+|deposit\w+|quitar (?:a|o) (?:taxa|boleto|seguro|guia)|pix|boleto|acertar|reembols\w+|"
     r"caucao|taxa)\b"), rf"{_NO_COST}|{_HEDGE}|{_STILL}|\b(?:antecipar parcelas|transferencia do|documento\w*)\b"),
    ("advance_fee", (r"\b(?:transf(?:ira|ere|erir)|transfer(?:e|ir)|deposite|depositar|pague|paga|mande|envie|manda|faz um)\b[^.!?]{0,30}\b(?:conta|boleto|valor|"
     r"corretor|consultor|taxa|guia|quantia|reais|r\$|dinheiro|chave|qr)\b",), rf"{_NO_COST}|{_STILL}|\bvalor (?:da|do|de|em|que|aproximad)\w*|\bfatura"),
    ("claim", (r"\b(?:ja era|agora ou nunca|na fila|na frente|sua vaga|a vaga|enquanto (?:convers\w+|fal\w+|ainda|da tempo|tem)|(?:so )?consigo (?:manter|segurar|"
     r"reservar|guardar|fazer isso hoje)|unica (?:vez|chance|hora)|ultim[oa] (?:vez|momento)|nao (?:vai|volta) (?:se repetir|durar|voltar|existir)|"
     r"por pouco tempo|por pouco|contad[oa]s|limitad[oa]s?|relampago|so (?:hoje|agora|esta semana|esse mes|nesse mes)|nao espere|nao demore|"
     r"antes tarde|perde (?:a|o|essa|esse))\b",), rf"{_STILL}|\bdisse\b"),
    ("no_check", (r"\bnao (?:puxa\w*|pesquisa\w*|levanta\w*|checa\w*|confere\w*|investiga\w*|busca\w*|mexe\w*|passa\w*|depende\w*|precisa|usa\w*)\b[^.!?]{0,30}\b(?:cpf|"
     r"nome|score|historico|spc|serasa|limpo|renda|analise)\b|\b(?:nome|score|cpf)\b[^.!?]{0,20}\bnao precisa\b|\bmesmo com (?:o )?(?:nome|score|cpf|"
     r"restric\w+|divida\w*|protest\w+)\b|\bqualquer (?:score|historico)\b",), r"\b(?:dizer|informar|mandar|enviar|contar|completo|consultor)\b"),
)  # fmt: skip
_COMPILED = tuple(
    (code, tuple(re.compile(part) for part in parts), re.compile(excuse)) for code, parts, excuse in _RULES
)
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.,](?=\d)[^.!?;\n]+)*[.!?;\n]*")


def unbacked(text: str) -> list[tuple[str, str]]:
    """Code and words of each unbacked statement in a normalised text."""
    found = []
    for sentence in _SENTENCE.findall(text):
        for code, parts, excuse in _COMPILED:
            matches = [part.search(sentence) for part in parts]
            if all(matches) and not excuse.search(sentence):
                spans = [match.span() for match in matches if match]
                found.append((code, sentence[min(a for a, _ in spans) : max(b for _, b in spans)]))
    return found
