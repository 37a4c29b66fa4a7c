"""What no reply may say, over normalised text, and when saying it is a warning and not an offer."""

import re

_REQUEST = (
    r"(?:credito|emprestimo|financiamento|consorcio|consignado|proposta|pedido|solicitacao|cadastro|limite|"
    r"documentos|documentacao|operacao|dinheiro|simulacao)"
)
_MONEY = r"(?:dinheiro|valor|credito|emprestimo|quantia|grana)"
_DAY = (
    r"(?:hoje|amanha|ainda (?:hoje|ess[ae] \w+)|ess[ae] semana|semana que vem|(?:segunda|terca|quarta|quinta|sexta)"
    r"(?:.feira)?|sabado|dia \d{1,2}|no mesmo dia|na hora|rapidinho|em instantes|imediat\w+)"
)

_PIECES: tuple[tuple[str, str], ...] = (
    (
        "approval_promise",
        r"\b(?:(?:esta|foi|sera|vai ser|estara|seu credito (?:esta|foi)|voce (?:esta|foi)) (?:tudo |ja |quase |"
        r"praticamente |sim |com certeza )*(?:pre.?)?aprovad[oa]|^(?:pre.?)?aprovad[oa]\b|(?:pre.?)aprovad[oa]s?|"
        r"parabens[^.!?]{0,20}aprovad|aprovacao (?:e |esta )?(?:garantida|certa|imediata|na hora|automatica|facil|"
        r"rapida e garantida)|aprovamos (?:o |a |seu |sua |sem|tod|qualquer|voce|na hora)|"
        r"(?:e|esta|fica) garantid[oa]|garant(?:o|imos|ida|ido|ir) (?:a |o |sua |seu |que |sim )*(?:aprov|liberac|"
        r"credito|taxa|menor|melhor)\w*|garant(?:o|imos) que [^.!?]{0,30}(?:aprov|liber|credito|sai|consegu)\w*|"
        r"credito (?:(?:ja|foi|esta|sera) )*(?:aprovado|pre.?aprovado|liberado|garantido|certo)|"
        r"(?:com certeza|certeza que|certamente)[^.!?]{0,25}(?:aprov\w*|consegue o credito|liber\w+)|"
        r"(?:vai|sera|vou) (?:ser )?(?:aprovad[oa]|aprovar|liberar) (?:com certeza|sim|rapid|na hora|o seu)|"
        r"(?:100 ?%|cem por cento) (?:de )?(?:aprovad|garantid|chance|certo|certeza)\w*|"
        r"dinheiro (?:ja )?(?:esta )?(?:liberado|garantido|na mao)|(?:consigo|vou|posso) aprovar|"
        r"(?:que|sempre|a gente|sistema) (?:ja )?aprova\b|vai dar certo|(?:limite|credito|valor) pre.?liberado|"
        r"pre.?liberad[oa]s?|limite liberado|contar com o dinheiro|sai com certeza|sempre aprova\w*|"
        r"nao (?:e|sera|vai ser) (?:recusad|negad)[oa]|tudo certo com (?:o banco|a analise|o seu|seu|a aprovacao)|"
        r"tem aprovacao|(?:pode )?comemorar)\b|"
        rf"\b{_REQUEST}\b(?! ?(?:d[aeo]s? )?(?:analise|sujeit))(?:(?!\b(?:nao|nem|se|para|"
        rf"precisa)\b)[^.!?\n]){{0,40}}?\b(?<!ser )"
        r"(?:pre.?)?(?:aprovad|liberad|autorizad|depositad|creditad)[oa]s?\b"
        r"(?![^.!?\n]{0,30}\b(?:depende|sujeit|apos|depois|quando|varia)\w*)|"
        r"\b(?:banco|financeira|instituicao|sistema|mesa|gerente)\b[^.!?\n]{0,15}\b(?:aprov|autoriz|liber|aceit|"
        r"confirm)"
        r"(?:ou|aram)\b|\b(?:passou|passaram) na analise\b|\banalise (?:ja )?(?:foi|deu|esta|saiu) (?:positiva|"
        r"ok|aprovada|"
        r"favoravel|certo)\b|\b(?:credito|emprestimo|financiamento|consignado|dinheiro) (?:ja )?saiu\b|"
        r"\b(?:aprovad|liberad|autorizad)[oa]s? com sucesso\b|"
        r"(?<!ser )(?<!seja )(?<!sejam )(?<!for )(?<!forem )(?<!sendo )(?<!fosse )\baprovad(?:[oa]s?|issim[oa]s?)\b"
        r"(?![^.!?\n]{0,30}\b(?:depende|sujeit|apos|depois|quando|varia)\w*)|"
        r"\b(?:vou|vamos|posso|podemos|consigo|iremos) (?:ja )?liberar (?:o |seu |esse |este )|"
        r"\b(?:consegui\w*|saiu|obtive\w*|confirm\w+|chegou) (?:a |sua |a sua )aprovacao\b|"
        r"\btudo certo com a sua aprovacao\b|\bo (?:credito|dinheiro|valor|emprestimo) (?:ja )?e seu\b|"
        r"\b(?:ja )?pode (?:ja )?(?:sacar|retirar|usar) (?:o |seu )(?:dinheiro|valor|limite)\b|"
        r"\bretirar o (?:valor|dinheiro)\b|"
        r"\blimite (?:ja )?(?:esta )?(?:disponivel|ativo)\b|\bcontrato (?:ja )?(?:esta )?pronto\b|"
        r"\bliberacao (?:e |ja )?(?:imediata|na hora|rapida|garantida|automatica|hoje)\b|\b(?:depositamos|"
        r"creditamos) na\b|"
        r"\btudo (?:ja )?(?:esta )?(?:aprovado|liberado|autorizado)\b|"
        r"\b(?:ja )?(?:liberamos|liberei|aprovei|autorizei|depositamos|depositei|creditamos) (?:o |a |seu |sua |"
        r"os |para )|"
        rf"\b(?:transferimos|transferi|enviamos|mandamos) (?:o |seu )?{_MONEY}\b|"
        rf"\b{_MONEY} (?:ja |foi |esta |acabou de )*(?:depositado|transferido|creditado|enviado|caiu|cair|"
        rf"na (?:sua )?conta)\b"
        r"(?![^.!?\n]{0,20}\b(?:depois|apos|assim que|quando)\b)|"
        rf"\b{_MONEY} (?:sera|vai ser|estara) (?:creditado|depositado|liberado|transferido)\b|"
        r"\b(?:ja )?(?:fizemos|fiz) (?:o deposito|a transferencia|o ted|o pagamento)\b|"
        r"\bparabens[^.!?]{0,10}[.!,][^.!?]{0,25}\b(?:conseguiu|credito (?:e|ja) seu)\b",
    ),
    (
        "no_check",
        r"\bsem (?:a |fazer |qualquer |nenhuma |precisar de |passar por )*(?:consult\w+|analise|verificac\w+|"
        r"restric\w+)(?: (?:a[os]?|de|do|no|na|em|ao))*(?: ?(?:spc|serasa|cpf|credito|nome|orgaos?|bureaus?))?\b|"
        r"\b(?:aceita(?:mos)?|atend\w+|para|mesmo|ate|inclusive|aprov\w+|empresta\w*) (?:para |com |"
        r"quem (?:esta|tem) |estando )*(?:negativad[oa]s?|nome sujo|restricao no nome)\b|"
        r"\bnao (?:consulta(?:mos)?|olha(?:mos)?|verifica(?:mos)?|faz(?:emos)? consulta|exig\w+ consulta|"
        r"analisa(?:mos)?|precisa de (?:consulta|analise))\b[^.!?]{0,20}\b(?:spc|serasa|cpf|score|nome|credito)\b|"
        r"\bsem comprovar (?:a )?renda\b|\bsem comprovacao de renda\b|\bsem (?:olhar|ver) (?:o )?(?:score|cpf|"
        r"nome)\b|\bsem (?:o |passar pelo )?(?:spc|serasa)\b|\bninguem (?:consulta|olha|verifica)|"
        r"\bpodem? (?:estar|ter|ficar)\b[^.!?]{0,15}\b(?:nome sujo|negativad)|\bnome sujo nao (?:e|tem) problema\b|"
        r"\bmesmo (?:que )?(?:voce )?(?:esteja|estando) negativad",
    ),
    (
        "advance_fee",
        r"\bpix\b|\b(?:taxa|deposito|pagamento|valor|tarifa|seguro|quantia|boleto|"
        r"custo) (?:[a-z]+ )?(?:antecipad[oa]|adiantad[oa]|previ[oa]|antes d|de liberacao|de cadastro|de abertura|"
        r"inicial|para liberar|de avaliacao antes)|\b(?:deposit|transfir|pag|transfer)(?:e|ue|ar|a|ir|indo|"
        r"ando)\b[^.!?]{0,25}\b(?:antes(?! d[eo] (?:prazo|vencimento|tempo|fim|final))|agora|primeiro|para liberar|"
        r"adiantado|hoje mesmo)|\badianta\w*\b[^.!?]{0,20}\b(?:valor|parcela|taxa|pagamento|r\$)|"
        r"\b(?:antes de|para) liberar\b[^.!?]{0,30}\b(?:deposit|pag|transf|taxa)\w*|\bdeposit(?:ar|e|a)\b|"
        r"\bfa(?:z|ca|zer) (?:um|o|uma|a) (?:deposito|ted|pagamento|transferencia)\b|"
        r"\bcomprovante (?:de|do) (?:deposito|transferencia|pagamento d[ao] (?:taxa|seguro|boleto|tarifa))|"
        r"\bboleto (?:antecipado|de liberacao|para liberar)\b|\bpara liberar o (?:seu )?(?:credito|dinheiro|"
        r"valor)[^.]{0,30}\b(?:pag|deposit|transf|boleto|taxa)\w*|\bprimeira parcela (?:antes|adiantada|agora)",
    ),
    (
        "secret",
        r"\bsenhas?\b|\btoken\b|\bcodigo de \d|\bcodigo (?:de (?:verificacao|seguranca|confirmacao|acesso)|sms|"
        r"que (?:chegou|recebeu|enviamos|voce recebeu))|\bcvv\b|\bnumero do (?:seu )?cartao\b|"
        r"\bdados (?:do (?:seu )?cartao|bancarios)\b|\bfoto (?:do|da|de) (?:seu |sua |um |uma )?(?:cartao|rg|cnh|cpf|"
        r"documento)|\bselfie\b|\blogin\b",
    ),
    (
        "prompt_text",
        r"\b(?:system prompt|prompt(?: do sistema)?|minhas (?:instrucoes|regras|diretrizes)|"
        r"instrucoes (?:do sistema|internas|que recebi)|regras internas|modelo de linguagem|language model|"
        r"inteligencia artificial treinada|fui (?:programad|treinad|instruid|configurad)[oa]|openai|chatgpt|llama|"
        r"gpt|groq|anthropic|gemini|como (?:uma )?(?:ia|inteligencia artificial)\b|proximo_dado|dados_conhecidos|"
        r"figuras_permitidas|mensagens_do_cliente|next_stage|handoff|json|schema|slots?)\b|"
        r"\bmodo (?:de )?(?:admin\w*|debug|depuracao|desenvolvedor[a]?|dev|root|deus|manutencao|irrestrito|"
        r"sem restric\w+|"
        r"dan)\b|\bmodo [a-z]+ (?:ativad|habilitad|ligad)[oa]\b|\b(?:admin|developer|debug|god|dan) mode\b|"
        r"\bjailbreak\b|"
        r"\bacesso (?:de )?(?:root|admin\w*|total|irrestrito)\b|\bsou (?:o |a )?(?:administrador|"
        r"desenvolvedor)[a]?\b|\bcomando (?:executado|aceito|recebido)\b|"
        r"\b(?:regras|restric\w+|filtros|limites) (?:desativad|ignorad|removid|desligad)[oa]s\b",
    ),
    (
        "markup",
        r"\b(?:reply|intent|slots?) ?:|```|\{\s*[\"'}]|[\"']\s*:\s*[\"\[{\dtfn]|</?[a-z][^>]*>|\]\(|^#{1,4} |\*\*|"
        r"<\||\|>|&[a-z]+;|\\n",
    ),
    ("placeholder", r"\[[a-z_ ]{2,30}(?:_\d)?\]|\{\{|\}\}|\{[a-z_ ]+\}|<[a-z_ ]+>|\bxx+\b|\br\$ ?(?:x+|_+|\.\.\.)"),
)
FORBIDDEN: tuple[tuple[str, re.Pattern[str]], ...] = tuple((code, re.compile(text)) for code, text in _PIECES)

_PERSON = r"(?:consultor[a]?|atendente|especialista|colega|pessoa|equipe|time|gerente|humano|analista|alguem)"
_MODEL_PIECES: tuple[tuple[str, str], ...] = (
    (
        "handoff_promise",
        rf"\b(?:vou|irei|estou|ja|acabei de|vamos|iremos)\b[a-z ]{{0,15}}?\b(?:pass|transfer|transfir|encaminh|"
        rf"direcion|cham|conect|acion|pedi|coloc|avis)\w*\b[^.!?\n]{{0,40}}\b{_PERSON}\b|"
        rf"\b{_PERSON}\b[^.!?\n]{{0,30}}\b(?:vai|ira|entrara|entra|vao|irao) (?:em breve |logo |ja )?(?:te |"
        rf"lhe )?(?:entrar|em contato|cham|lig|falar|continu|atend|retorn|assum|respond)\w*|"
        rf"\bte (?:passo|transfiro|encaminho|direciono|conecto)\b|\b(?:sera|vai ser) atendid[oa]\b|\bmeu gerente\b|"
        rf"\b(?:transferindo|encaminhando|passando) (?:voce |a conversa |seu atendimento )?para\b|"
        rf"\b{_PERSON}\b[^.!?\n]{{0,15}}\b(?:te|lhe) (?:cham|lig|atend|respond|retorn|procur)\w*|"
        rf"\b{_PERSON}\b[^.!?\n]{{0,20}}\b(?:entrara|retornara|te ligara|ligara|assumira|continuara)\b",
    ),
    ("prompt_text", r"\b[a-z]+_[a-z]+(?:_[a-z]+)*\b"),
    (
        "deadline_promise",
        r"\b(?:hoje|amanha|agora)(?: mesmo)?\b[^.!?\n]{0,25}\b(?:dinheiro|credito|valor)\b[^.!?\n]{0,15}\b(?:cai|sai|"
        r"libera|entra|estara na)\w*|\b(?:cai|sai|entra|libera)\w* (?:na conta |na sua conta )?(?:rapid|logo|na hora|"
        r"hoje|amanha)\w*|\b(?:libera\w*|cai\w*|conta|aprova\w*|dinheiro|credito|resposta|analise|"
        r"pronto)\b[^.!?\n]{0,45}\b(?:em|ate|dentro de) (?:apenas |so |ate |no maximo )?(?:\d+|um|uma|dois|duas|tres|"
        r"cinco|poucos?|poucas?|algumas?|alguns) (?:minutos?|horas?|dias?)\b|"
        r"\b(?:dinheiro|credito)\b[^.!?\n]{0,25}\b(?:hoje mesmo|na hora|no mesmo dia|ainda hoje|amanha)\b|"
        rf"\b{_MONEY}\b[^.!?\n]{{0,30}}\b(?:cai|sai|chega|entra|cair|sair|chegar|entrar|libera\w*|deposita\w*|"
        rf"disponivel|na (?:sua )?conta|"
        rf"receb\w+|estara|vai estar)\b[^.!?\n]{{0,25}}\b{_DAY}\b|"
        rf"\b{_DAY}\b(?: mesmo)?[^.!?\n]{{0,30}}\b{_MONEY}\b[^.!?\n]{{0,20}}\b(?:cai|sai|chega|entra|libera\w*|"
        rf"deposita\w*|"
        rf"disponivel|conta|estara)\b|\b(?:recebe|recebera|tera|vai receber|"
        rf"pega)\b[^.!?\n]{{0,10}}\b{_MONEY}\b[^.!?\n]{{0,20}}"
        rf"\b{_DAY}\b|\b{_MONEY} cai na sua conta\b(?! depois| apos| quando)",
    ),
    (
        "done_claim",
        r"\b(?:processo|cadastro|contratacao|contrato|pedido|solicitacao|proposta|operacao|analise|registro|"
        r"inscricao|"
        r"atendimento|emprestimo|financiamento|consorcio|documentacao|transferencia)"
        r" (?:(?:ja|foi|esta|ficou|tudo|de credito|de emprestimo) )*(?:conclu\w+|finalizad\w+|efetivad\w+|"
        r"registrad\w+|contratad\w+|assinad\w+|formalizad\w+|fechad\w+|encerrad\w+|protocolad\w+|confirmad\w+|"
        r"completad\w+|"
        r"feit[oa]|realizad\w+)\b|\btudo (?:ja )?(?:esta )?(?:conclu\w+|finalizad\w+|resolvid\w+ com o banco)\b|"
        r"\b(?:conclu(?:imos|i)|finalizamos|finalizei|fechamos|efetivamos|registrei|registramos|protocolei|"
        r"formalizei) (?:o |a |seu |"
        r"sua )",
    ),
    (
        "opt_out_claim",
        r"\bnao (?:vamos|vou|iremos|irei|vai|voce vai|ira) (?:mais )?(?:te |lhe )?(?:enviar|mandar|receber|"
        r"entrar em contato|"
        r"contatar|contactar|escrever|(?:incomodar|perturbar)(?= mais| de novo|\W*$))\b|\bnao (?:te |"
        r"lhe )?(?:enviaremos|mandaremos|recebera|"
        r"incomodaremos|mando mais|envio mais|mandamos mais|enviamos mais)\b|\b(?:removi|removemos|retirei|"
        r"retiramos|exclui|excluimos|apaguei|apagamos|"
        r"descadastr\w+|bloqueei|cancelei|cancelamos)\b[^.!?\n]{0,30}\b(?:voce|numero|contato|cadastro|lista|"
        r"dados|mensagens|"
        r"inscricao)\b|\b(?:numero|contato|cadastro|nome|dados) (?:ja )?(?:foi|foram|sera|serao|esta) (?:removid|"
        r"excluid|"
        r"apagad|retirad|descadastrad|bloquead)\w+|\bnenhuma (?:outra )?mensagem\b[^.!?\n]{0,15}\benviad",
    ),
    (
        "claim",
        r"\b(?:menor|melhor(?:es)?|menores) (?:taxas?|juros|condic\w+|parcela) (?:do (?:mercado|brasil|pais)|"
        r"que existe)|\bultimas? (?:vagas?|chances?|unidades?)\b|\bso (?:ate )?hoje\b|\bpromocao\b|"
        r"\boferta (?:imperdivel|relampago|exclusiva)|\b(?:cai|reduz|diminui|baixa|fica)\w* (?:pela metade|"
        r"pela metade do|o dobro)|\bdesconto (?:especial|exclusivo)\b|"
        r"\b(?:negativad[oa]s?|nome sujo|score baixo) ?\?\W{0,2}(?:sem problema|nao tem problema|tudo bem|"
        r"a gente|fazemos|pode)",
    ),
    (
        "no_interest",
        r"\bsem juros\b|\bjuros? zero\b|\bzero (?:de )?juros?\b|\btaxa zero\b|\bzero taxas?\b|"
        r"\bnao (?:tem|cobra\w*|paga) juros\b",
    ),
    (
        "invented_check",
        r"\b(?:consultei|verifiquei|analisei|chequei|conferi|vi aqui)\b[^.!?\n]{0,25}\b(?:cpf|nome|score|serasa|spc|"
        r"cadastro|historico)\b|\b(?:seu|o) score (?:e|esta|de)\b|\bnome (?:esta )?limpo\b",
    ),
    (
        "human_claim",
        r"\bsou humana?\b|\bsou (?:um|uma) (?:pessoa|humana?|consultora?|atendente humana?|mulher|"
        r"gerente)\b(?! virtual)|\bnao sou (?:um |uma )?(?:robo|bot|maquina|ia|assistente)\b",
    ),
)
MODEL_ONLY: tuple[tuple[str, re.Pattern[str]], ...] = tuple((code, re.compile(text)) for code, text in _MODEL_PIECES)

# A comma ends a clause unless the list goes on: "não pedimos taxa antecipada, depósito nem Pix".
_LISTED = (
    r"(?:(?:nem|ou|e|a|o|um|uma|seu|sua|qualquer|de|por) )*(?:taxas?|depositos?|pix|senhas?|pagamentos?|boletos?|"
    r"tarifas?|codigos?|cartao|valor(?:es)?|tokens?|dados|aprovacao|garantia|numero|nem)\b"
)
_CLAUSE = re.compile(rf"[.;:!?\n]+(?= |$)|\n|, (?!{_LISTED})|\b(?:mas|porem|entretanto|contudo|so que)\b")
_DENIAL = re.compile(r"\b(?:nao|nunca|jamais|nem|nenhum\w*|ninguem|depende\w*)\b|\bsem (?=\S+ ?$)")
_WARNING = re.compile(r"\b(?:sem|evite|desconfie|cuidado|golpes?|proibid\w+|ilegal)\b")
_CONDEMNED = re.compile(r"(?<!nao e )(?<!nao )\b(?:golpes?|fraude|crime|ilegal|proibid[oa])\b")
_NEW_THOUGHT = re.compile(rf"\b(?:pois|porque|ja que|entao)\b|\be (?!{_LISTED})")
_UNDONE = re.compile(
    r"\b(?:alem d\w|exceto|a nao ser|so (?:precisa|falta)|apenas|somente|basta|nao se preocupe|"
    r"nao precisa se preocupar|nao perca|nao deixe)\b"
)
_CONDITION = re.compile(
    r"^(?:e |so )?(?:se|quando|caso|apos|depois|assim que)\b|\b(?:antes de|antes que|depois que|depois de|so quando|"
    r"assim que|ate que|so depois|se (?:for|tiver|sair|a analise|o banco|voce)|caso)\b"
)
_DENIABLE = frozenset(
    {"approval_promise", "advance_fee", "secret", "no_check", "handoff_promise", "deadline_promise", "done_claim"}
)


def read_by(code: str, text: str) -> list[str]:
    """The pieces of a normalised text in which to look for `code`: clauses where a denial would excuse it."""
    if code not in _DENIABLE:
        return [text]
    return [clause.strip() for clause in _CLAUSE.split(text) if clause and clause.strip()]


def is_denied(code: str, clause: str, match: re.Match[str]) -> bool:
    """A clear warning or denial: "nunca peça Pix", "não garantimos aprovação"."""
    if code not in _DENIABLE:
        return False
    before = clause[: match.start()]
    if code in {"approval_promise", "deadline_promise", "done_claim"} and _CONDITION.search(before):
        return True
    if code in {"advance_fee", "secret"} and _CONDEMNED.search(clause):
        return True
    denials = list(_DENIAL.finditer(before))
    if code in {"advance_fee", "secret"}:
        denials += _WARNING.finditer(before)
    if not denials:
        return False
    since = max(denial.start() for denial in denials)
    return not _UNDONE.search(before[since:]) and not _NEW_THOUGHT.search(clause[since : match.end()])
