"""Promises of approval and dates that nobody can know; see `unbacked`."""

from agent.brain.hedges import HEDGE, NUMBER, STILL

_SURE = (
    r"(?:garant(?:id[oa]s?|o|e|em|imos|ir|iremos)\b|garantia (?:total|de que|de aprov\w+)|certeza|certinh[oa] que|"
    r"sem erro|sem falha|sem risco|sem medo|com seguranca que|prometo|promessa|dou (?:a )?(?:minha )?palavra|"
    r"assegur\w+|juro que|confia em mim|pode (?:ficar )?(?:confiar|contar|comemorar|confiante)|batata|barbada|moleza|"
    r"tiro certo|na certa|infalivel|\d+ ?%|por cento|9 em cada 10|nove em cada dez|"
    r"chances? (?:sao |e )?(?:enorme|altissima|muito alta|quase total|total|otima)s?)"
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
_WHEN = (
    rf"(?:{NUMBER} ?(?:a {NUMBER} )?(?:minut\w+|min|horas?|hrs?|h|dias?|semanas?)\b|hoje|amanha|"
    r"es[st][ae] semana|semana que vem|ness[ae] (?:semana|mes)|(?:segunda|terca|quarta|quinta|sexta)(?:.feira)?\b|"
    r"sabado|domingo|fim de semana|natal|ano novo|fim do mes|final do mes|virada|mesmo dia|na hora|rapid\w+|"
    r"em instantes|imediat\w+|num piscar|voando|de tarde|a noite|antes do almoco|primeira assembleia|"
    r"proxima assembleia|proximo sorteio|ess?e mes|mes que vem|dia \d+)"
)
_ARRIVES = (
    r"(?:cai\w*|cair\w*|sai\b|sair\w*|saem|chega\w*|entra\w*|liber\w+|recebe\w*|deposit\w+|pago|pagamento e|"
    r"disponivel|em maos|na mao|no bolso|na conta|contempl\w+|aprov\w+|transfer\w+|credita\w*|dinheiro|resposta|"
    r"resultado|contrato (?:sai|fica)|esta com (?:voce|o valor)|leva|demora|resolv\w+)"
)

# code, what is spoken of (everything must be found in one sentence), what excuses it
PROMISES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "approval_promise",
        (
            rf"\b{_SURE}",
            rf"\b{_GOOD_END}\b",
        ),
        rf"{HEDGE}|\bgarantias? d|\b(?:em|de|com|como) garantia|\bsem garantia|ao (?:mes|ano)|\d+ ?% d[oae]|taxa|"
        rf"juros",
    ),
    (
        "approval_promise",
        (
            rf"\b{_EVERYONE}\b",
            r"\b(?:aprov\w+|consegu\w+|sai com|aceit\w+|contemplad\w+|liber\w+|recusad\w+|negad\w+|"
            r"sem (?:o )?credito|na mao|realiz\w+)\b",
        ),
        HEDGE,
    ),
    (
        "approval_promise",
        (
            r"\b(?:nao (?:tem|ha|vejo|existe) (?:como|chance|motivo|risco|nada)\b[^.!?]{0,25}\b(?:neg|recus|reprov|"
            r"dar errado|impe|ruim)\w*|ja (?:esta|foi|deu|reserv\w+|separ\w+|deix\w+|"
            r"esta(?:mos)? com)\b[^.!?]{0,25}\b(?:ok|lista|certo|aprova\w*|contrato|contemplad\w+|garantid\w+|mil|"
            r"verba|valor|credito|limite|dinheiro)|(?:gerente|banco|mesa|diretoria|comite|financeira|"
            r"analista)\b[^.!?]{0,20}\b(?:ok|aval|sinal verde|positiv\w+|disse que sim|gostou|carimb\w+)|"
            r"dinheiro (?:vem|e seu|ja e)|(?:reservei|separei|guardei|deixei (?:reservad|separad)\w+)|"
            r"(?:e|esta|seria) (?:praticamente |quase )?(?:seu|sua|nosso) (?:ja|esse|o)|sinal verde|"
            r"(?:vai|vao) (?:sair|rolar|passar|dar certo|ser contemplad\w+|conseguir|liberar|aceitar)\b|"
            r"(?:ja )?(?:pode|podem) (?:ja )?(?:assinar|comemorar|sonhar|procurar|escolher|comprar|marcar|"
            r"contratar o pedreiro|fazer (?:a mudanca|planos))\b|passa (?:tranquil\w+|facil|na boa|direto)|"
            r"perfil (?:e |esta )?(?:perfeito|aprovad\w+|excelente|pre)|seu nome (?:ja )?esta)",
        ),
        HEDGE,
    ),
    (
        "deadline_promise",
        (
            rf"\b{_ARRIVES}",
            rf"\b{_WHEN}",
        ),
        rf"{HEDGE}|\b(?:voce|seu salario|sua renda|quanto|salario|ganha)\b[^.!?]{{0,30}}\?|{STILL}|\batend\w+|"
        rf"\bsimul\w+|\b(?:pagar|parcelas?|quit\w+|prazo (?:da|dessa|de ate))\b|\bprecisa\b|"
        rf"\bvoce (?:disse|falou|contou|(?:me )?(?:manda|envia|passa|confirma|diz|avisa)|"
        rf"recebe (?:o |um )?(?:salario|beneficio))\b|\bentrada\b",
    ),
    (
        "approval_promise",
        (
            r"\b(?:(?:so|mera|apenas) (?:um |uma )?(?:formalidade|detalhe|protocolo)|"
            r"nao (?:diz|dira|vai dizer|fala) nao|ninguem (?:te |lhe )?(?:diz|dira|fala) nao|"
            r"(?:banco|analise)\b[^.!?]{0,20}\bnao (?:recusa|nega|reprova|barra))\b",
        ),
        r"$^",
    ),
    (
        "approval_promise",
        (
            r"\b(?:recus\w*|reprov\w*|nega(?:d[oa]s?|r|m|ria)?\b|diz(?:er)? (?:que )?(?:nao|sim)|topa\w*|"
            r"automatic[oa]|na mao|a caminho|encaminhad[oa]|chances? (?:de|e|sao|zero)|"
            r"consegue\w* (?:facil|sim|na hora|o credito)|(?:consigo|vou|posso|vamos|da para) (?:te )?(?:liberar|"
            r"aprovar|conseguir|arranjar|garantir|resolver isso)|(?:so )?falta (?:so )?(?:o )?(?:seu (?:sim|ok|"
            r"aceite)|assinar|a assinatura|voce (?:assinar|confirmar|aceitar))|liberad[oa]s?|aprovad[oa]s?|aprova\b|"
            r"libera\b|pode (?:ja )?(?:dar entrada|ir|reservar)|(?:dinheiro|valor|credito|recurso|verba) (?:vem|ja|"
            r"certo|garantid\w+|no bolso)|gerente|diretoria|chefe|comite|meu supervisor)\b",
        ),
        rf"{HEDGE}|{STILL}|\b(?:analise|avaliacao|(?:precisa|tem que|deve) ser|se for|se o|caso|quando|depois|apos|"
        rf"antes|so (?:sai|acontece|vale|e (?:liberad\w+|aprovad\w+))|ainda nao|nem (?:foi|esta)|"
        rf"nao (?:foi|esta|e|ha|sera|exige|aceitamos))\b",
    ),
    (
        "deadline_promise",
        (
            r"\b(?:ted|saldo|contempla\w*|contemplacao|carta|analise|aprovacao|resposta|liberacao|credito|dinheiro|"
            r"contrato|assin\w+|valor|retorno|proposta|processo)\b",
            r"\b(?:hoje|amanha|ainda (?:hoje|ess\w)|dia seguinte|proximo dia|dias? ut(?:il|eis)|esta tarde|"
            r"esta noite|(?:primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|sext[oa]) (?:mes|dia|semana|assembleia)|"
            r"janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|"
            r"(?:pouc[oa]s|alguns|algumas|\d+|dois|duas|tres|cinco|dez) (?:dias|horas|semanas)|logo logo|em breve|"
            r"antes d[oe] (?:fim|natal|almoco|final))\b",
        ),
        rf"{HEDGE}|{STILL}|\b(?:simul\w+|atend\w+|voce (?:disse|falou|contou|recebe|tem|paga|"
        rf"(?:me )?(?:manda|envia|passa|confirma|diz|avisa))|parcelas?|prazo de)\b",
    ),
    (
        "approval_promise",
        (
            r"\b(?:(?:te|lhe) (?:diz|dira|fala) nao|liquido e cert[oa]|tudo (?:verde|certo para|encaminhad\w+|"
            r"resolvid\w+)|sempre (?:e )?sim|e sempre sim|ja e (?:su[ao]|noss[ao])|"
            r"(?:sossegad|despreocupad|relax)\w*|dorm\w+ tranquil\w+|dificilmente|raramente|"
            r"quase (?:nunca|ninguem|sempre|certo)|pode (?:ja )?(?:avisar|chamar|contratar|marcar|separar|planejar|"
            r"gastar|programar|contar|mandar fazer)|ja (?:vou|estou|estamos|vamos) (?:separ|prepar|reserv|providenci|"
            r"adiant|encaminh|deix|emit|liber|aprov)\w*|voce ja (?:esta|estara|vai estar|pode|conta|tem)|sinaliz\w+|"
            r"(?:ja )?(?:passou|passa) (?:por aqui|na|no|em tod\w+|com)|vai fazer|conte com|"
            r"(?:e|esta) (?:so|apenas) (?:assinar|esperar|aguardar|retirar|buscar)|considere(?:.se)?|"
            r"bem.vind[oa] a casa nova|indice de|(?:dizem|disseram) sim|sem (?:chance|risco) de|"
            r"(?:nunca|jamais) (?:vi|tivemos|perdemos|falh\w+|neg\w+|recus\w+))\b",
        ),
        rf"{HEDGE}|{STILL}|\b(?:senha|se for|avisar se|(?:pode|e so) (?:me )?(?:avisar|chamar) (?:se|quando|por|"
        rf"que eu|aqui)|me (?:avisar|chamar)|voce ja (?:tem|esta|conta|pode (?:me|mandar|dizer))|a mensagem|mandar)\b",
    ),
    (
        "approval_promise",
        (
            r"\bvoce ja (?:esta|estara|vai estar|tem|conta com) (?:\w+ndo|aprovad\w+|com|o|um|"
            r"na)\b[^.!?]*\b(?:dinheiro|credito|valor|mao|limite|reform\w+|mor\w+|casa nova|chave)|"
            r"\b(?:hoje|amanha|semana que vem|mes que vem|logo|em breve)\b[^.!?]{0,15}\bvoce (?:ja )?(?:esta|estara|"
            r"vai estar|pega|recebe|tem|ganha|muda)\b",
        ),
        rf"{STILL}|\bdisse\b",
    ),
    (
        "deadline_promise",
        (
            r"\b(?:demora|leva|levam|gasta|sao|coisa de|questao de|daqui|dentro de|em menos de|em torno de|"
            r"no maximo)\b[^.!?]{0,25}\b(?:semaninha|diazinhos?|diinhas|minutinhos?|horinhas?|horas?|minutos?|"
            r"semanas?|dias?|mes)\b",
        ),
        rf"{HEDGE}|{STILL}|\batend\w+",
    ),
    (
        "approval_promise",
        (
            r"\b(?:(?:vai )?por mim|so pode (?:ser|dar)|esta(?:o)? (?:separad|reservad|guardad|garantid)\w+|"
            r"autorizacao|ja tem dono|bateu o martelo|passam? direto|(?:esta )?feito|nem precisa|"
            r"fa\w+ (?:o banco|eles) (?:aceitar|aprovar)|cuido (?:para|de|disso)|"
            r"(?:banco|eles|analise) (?:vai |vao )?(?:aceit|diz sim|concord|curt|ador)\w*|"
            r"para o banco (?:aceitar|aprovar|liberar)|analise[^.!?]{0,12}\b(?:tranquila|facil|simples|rapida|de boa|"
            r"leve)|consegue\b[^.!?]{0,20}\b(?:facil|dobro|mais)|facil de (?:conseguir|aprovar)|positiv[oa]s?|desses|"
            r"dessas|sua (?:cara|chance|vez))\b",
        ),
        rf"{HEDGE}|{STILL}|\b(?:se der|resposta positiva)\b",
    ),
    (
        "deadline_promise",
        (
            r"\b(?:grana|dinheiro|credito|valor|quantia|verba)\b",
            r"\b(?:pinga\w*|cai\w*|entra\w*|chega\w*|aparece\w*|sai\b|esta na|deposit\w+)",
            r"\b(?:antes|minutos?|horas?|dias?|feriado|conta|logo|rapid\w+|ja)\b",
        ),
        rf"{HEDGE}|{STILL}|\b(?:depois|apos|todo mes|por mes)\b",
    ),
    (
        "approval_promise",
        (
            r"\b(?:(?:conte|considere|de) como (?:fechad|cert|feit|aprovad)\w+|tudo para dar certo|me deve uma|"
            r"(?:vai|vao|ira) ser (?:seu|sua|sim|positiv\w+|aceit\w+)|ficou (?:decidid|acertad|combinad|fechad)\w+|"
            r"(?:credito|emprestimo|dinheiro|valor|pedido) (?:foi|esta|ja|ficou) (?:\w+ )?(?:confirmad|acertad|"
            r"definid|garantid|decidid|fechad)\w+|vale a pena esperar|nao (?:voltam?|voltou|falham?|"
            r"falha) (?:\w+)?)\b",
        ),
        rf"{STILL}|\bsim, (?:posso|da)|{HEDGE}",
    ),
    (
        "deadline_promise",
        (
            r"\b(?:prazo de (?:pagamento|liberacao|credito|deposito)|(?:semana|dia|mes) seguinte|no outro dia|"
            r"proxim[oa] (?:semana|dia|mes))\b[^.!?]{0,40}\b(?:\d+|horas?|cai|sai|entra|chega|recebe|libera\w*|"
            r"dinheiro|credito)\b|\b(?:cai|sai|recebe|libera\w*|dinheiro)\b[^.!?]{0,30}\b(?:semana|dia|"
            r"mes) seguinte\b",
        ),
        rf"{HEDGE}|{STILL}",
    ),
    (
        "approval_promise",
        (
            r"\b(?:selecionad|escolhid|sortead|contemplad|pre.?selecionad|aceit)[oa]\b[^.!?]{0,25}\b(?:credito|"
            r"emprestimo|voce|parabens)\b|\b(?:voce|parabens|credito|pedido)\b[^.!?]{0,25}\b(?:selecionad|escolhid|"
            r"aceit|agraciad)[oa]\b|\blance\b[^.!?]{0,20}\b(?:vencedor|vence\w*|ganha\w*|certo|garantido)\b|"
            r"\baprovacao sai\b",
        ),
        rf"{HEDGE}|{STILL}|\b(?:quando|se) (?:voce )?(?:for|e)\b|\bpor (?:sorteio|lance)|"
        rf"\be (?:sorteado|contemplado)\b",
    ),
)
