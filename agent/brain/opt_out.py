"""When a client asks to be left alone. A false yes loses a client, so bare verbs inside a sentence never count:
every pattern names messages, a list, the client's number, or speaks of writing to them "no more"."""

import re

_MSG = (
    r"(?:mensage(?:m|ns)|mensagenzinhas?|contatos?|propagandas?|anuncios?|publicidades?|spams?|ofertas?|promoc\w+|"
    r"notificac\w+|avisos|marketing|whatsapp|conteudos?|sms|newsletters?)"
)
_LIST = (
    r"(?:listas?|grupo|cadastro|base(?: de dados)?|contatos?|mailing|transmissao|lista de (?:transmissao|contatos)|"
    r"agenda|sistema|banco de dados)\b"
    r"(?! (?:d[aeo]s? |n[ao]s? )?(?:spc|serasa|negativ\w*|negra|suja|inadimpl\w*|devedor\w*|maus?|restri\w*|bancos?\b|"
    r"bancari\w*|consorci\w*|esperas?|caloteir\w*|receita|governo|unico|positivo|itau|caixa|bradesco|santander|loja|"
    r"financeir\w*|boa vista|quem deve|escola|trabalho|familia|imobiliaria|inss|inquilinos))"
)
_NUMBER = r"(?:numero|contato|telefone|celular|whatsapp|cadastro)"
_WRITE = r"(?:mand(?:e|a)m?|envi(?:e|a)m?|encaminh(?:e|a)m?|cham(?:e|a)m?|procur(?:e|a)m?|perturb(?:e|a)m?|" \
    r"incomod(?:e|a)m?|contat(?:e|a)m?|ligu?(?:e|a)m?|escrev(?:a|e)m?|importun(?:e|a)m?)"  # fmt: skip
_WRITING = (
    r"(?:(?:fic(?:ar|a) )?(?:me |nos )?(?:mand(?:ar|ando)|envi(?:ar|ando)|encaminh(?:ar|ando)|receb(?:er|endo)|"
    r"disparar|"
    r"cham(?:ar|ando)|perturb(?:ar|ando)|incomod(?:ar|ando)|ench(?:er|endo)|contat(?:ar|ando)|escrev(?:er|endo)|"
    r"lig(?:ar|ando)|procur(?:ar|ando)|importunar|spammar))"
)
# What may follow "stop writing" without changing the subject: "parar de receber salário" is none.
_SO = (
    rf"(?=\W*$| ?[,.]|(?: (?:com|me|mais|tant[ao]s?|ess[ae]s?|est[ae]s?|tod[ao]s?|as|os|o|a|a toda|toda|aqui|isso|ja|"
    rf"por "
    rf"favor|pelo amor|para mim|meu|no meu|nada|sempre|essa|esse|tudo))* ?(?:{_MSG}|coisas?|bobagens?|porcarias?|saco|"
    rf"paciencia|hora|dia|aqui|isso|mais|nada|favor|deus|mim|telefone|celular|tudo|\W*$))"
)
_NOT_NOW = (
    r"(?! (?:\w+ )?(?:agora|hoje|ainda|por enquanto|antes|ate|de manha|de madrugada|a noite|cedo|tarde|"
    r"para (?:a )?minha (?:casa|esposa)|(?:para|n)o meu (?:email|trabalho)|por (?:email|correio|telefone)|em pdf|"
    r"document\w+|boletos?|foto))"
)
_BE_TOLD = r"(?:ser (?:mais )?(?:contatad|incomodad|perturbad|importunad|procurad)[oa])"
_DROP = r"(?:tir(?:a|e|em|ar|ando)|remov(?:a|e|am|er)|exclu(?:a|i|am|ir)|retir(?:a|e|em|ar)|apag(?:a|ue|uem|ar)|" \
    r"delet(?:a|e|em|ar)|descadastr(?:a|e|em|ar)|ser (?:removid|excluid|retirad|tirad)[oa])"  # fmt: skip
_ME = (
    r"(?:me|eu|meu|minha|o|a|esse|este|nome|numero|contato|telefone|celular|whatsapp|email|favor|por|logo|ja|daqui|dai)"
)

_EXACT = re.compile(
    r"(?:(?:eu )?quero |favor |por favor )?(?:sair|parar|stop|cancelar|descadastr(?:ar|e|a)|(?:me )?desins?crev(?:er|"
    r"e|a|o)|(?:me )?desassin(?:ar|e|a)|remover|unsubscribe|"
    r"sair da lista|opt ?out|parem|pare|remov[ea]|cancelar (?:inscricao|cadastro|envio|tudo)|remove me|"
    r"me (?:tir[ae]m?|remov[ea]m?|exclu[ai]m?|bloqueia|descadastr\w+|esquec\w+)|sai fora da minha lista|"
    r"(?:pare?|para)(?= (?:por favor|agora|ja|de uma vez)))"
    r"(?: por favor| agora| ja| ai| dai| disso| daqui| de uma vez| obrigad[oa])*"
)
_PLEAS = tuple(
    re.compile(pattern)
    for pattern in (
        # "não me mande mais nada", "não me chama mais", "nunca mais me procurem"
        rf"\bnao (?:me )?{_WRITE} (?:mais )?(?:nenhuma? |ess[ae]s? |su?as? )?(?:{_MSG}|nada|isso(?! de\b|"
        rf" que\b))\b(?! \?){_NOT_NOW}",
        rf"\bnao (?:me )?{_WRITE} (?:nunca )?mais\b(?! (?:o|a|os|as|um|uma|que|do|para) (?!{_MSG}))(?! ?\?)",
        rf"\bnao me (?:perturb|incomod|importun)(?:e|a)m?\b{_NOT_NOW}|\bnunca mais (?:me )?{_WRITE}\b|"
        rf"\bnao (?:me )?entr(?:e|a|em) (?:mais )?em contato\b{_NOT_NOW}",
    )
)
_SAID_OF_OTHERS = re.compile(
    r"\b(?:el[ea]s?|ex|bancos?|gerente|consultor\w*|corretor\w*|ninguem|alguem|quem|marido|esposa|mulher|mae|pai|irma|"
    r"irmao|"
    r"filh[oa]s?|empresa|loja|cliente|patrao|chefe|amig[oa]|porque|ja|faz tempo que|voces? ainda)\b[^.,;!?]{0,20}$"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # "para de mandar mensagem", "chega de me ligar", "pare com essas mensagens"
        rf"\b(?:par(?:a|e|em|ar)|deix(?:e|em|a) |chega|basta|cess(?:e|em)) ?(?:(?:imediatamente|agora|ja|logo|"
        rf"por favor|pelo amor de deus|ai) )?de {_WRITING}{_SO}{_NOT_NOW}",
        rf"\b(?:par(?:a|e|em|ar)|chega|basta|cessem) (?:de|com) (?:ess[ae]s? |est[ae]s? |as |os |tant[ao]s? |"
        rf"su?as? )*{_MSG}",
        r"\bstop (?:sending|messaging|texting)\b|\bunsubscribe\b|\bdon ?t (?:text|message) me\b",
        # "não quero receber mensagens", "não quero mais contato"
        rf"\bnao (?:quero|desejo|gostaria de|preciso|aceito|autorizo)(?: mais)?(?: que)?(?: voces?)?(?: de)? "
        rf"(?:receber|recebendo|me mandem|me enviem|o (?:envio|recebimento) de)(?: mais)? "
        rf"(?:(?:nenhuma? |ess[ae]s? |su?as? |[ao]s |tant[ao]s? |mais |qualquer |(?:esse )?tipo de )*{_MSG}|"
        rf"(?:mais )?(?:nada|isso)(?=\W*$| (?:de voces?|dess|aqui|por aqui|mais|vindo))){_NOT_NOW}",
        rf"\b(?:favor|gentileza|peco(?: que| para)?|pedi para) nao (?:me )?(?:mandar|enviar|encaminhar|chamar|ligar|"
        rf"contatar|"
        rf"perturbar|incomodar)(?: mais)?\b(?! (?:o|a|os|as|um|uma) ){_NOT_NOW}",
        rf"^(?:par(?:e|em|ar)|bloquear?) (?:as |ess[ae]s |com |de )*{_MSG}$",
        rf"^sem (?:mais )?{_MSG}(?: por favor)?$",
        rf"\bnao (?:quero|desejo) mais (?:(?:nenhum |ess[ae]s? |su?as? )?{_MSG}|receber(?=\W*$| nada| mensage)|"
        rf"{_BE_TOLD}|"
        rf"que (?:voces? )?(?:me )?(?:mand|envi|cham|lig|escrev|procur)[ea]m?\b)",
        rf"\bnao quero (?:mais )?(?:{_BE_TOLD}|(?:ess[ae]s? |nenhuma? |mais |su?as? )?{_MSG}(?! (?:automatic\w*|"
        rf"de voz|d[oa]|"
        rf"com)\b)){_NOT_NOW}(?![^.!?]*\b(?:quero|prefiro|gostaria)\b(?! (?:que|sair|parar|receber)))",
        r"\bnao (?:autorizo|permito)(?: mais)? (?:o |que |a )?(?:envio|contato|mensage|voces? (?:a )?me|me mand|"
        r"uso d[eo]s? meus dados)",
        # "me tira da lista de vocês", "apaga meu número", "exclua meus dados"
        rf"\b{_DROP}(?: {_ME})*? (?:d[aeo]s?|dess[ae]s?|dest[ae]) (?:su?as? |voss[ao] |voces? )?{_LIST}",
        rf"\b(?:sair|saia|sai|saio|quero saida|fora) (?:d[aeo]s?|dess[ae]s?|dest[ae]) (?:su?as? |voces? |"
        rf"minha )?(?:{_LIST}|mensage\w+|"
        rf"propagandas?)",
        rf"\b(?:{_DROP}|bloque(?:ia|ie|iem|ar)|esquec(?:a|e|am|er)|perc?(?:a|am|de))(?: d[ae]i?)? (?:o |a )?(?:meu|"
        rf"este|esse) "
        rf"{_NUMBER}\b(?! (?:antig|errad|velh|anterior|que (?:eu )?(?:mandei|passei|escrevi)|do (?:spc|serasa|banco)|"
        rf"n[oa] (?:spc|serasa|banco)|e (?:coloc|poe|bota|usa)))",
        rf"\bsom[ea]m? com (?:o )?meu {_NUMBER}\b",
        rf"\b{_DROP} (?:o )?meu nome (?:dai|daqui|disso|de voces)\b|\btir(?:a|em|e) eu (?:dai|daqui|dess\w+)\b",
        r"\b(?:exclu(?:a|i|am|ir)|apag(?:a|ue|uem|ar)|delet(?:a|e|em|ar)|remov(?:a|e|"
        r"er)) (?:todos )?(?:os )?meus dados\b"
        r"(?! (?:que|anterior|errad|d[oa] (?:spc|serasa|banco)))|\blgpd\b[^.]{0,40}\b(?:exclu|apag|remov|delet)",
        rf"\bcancel(?:a|e|em|ar|amento d[eo]) (?:o |a |os |as |meu |minha |esse |essas? )*(?:envios?|recebimento|"
        rf"inscricao|"
        rf"cadastro|assinatura|{_MSG})\b"
        rf"(?! (?:n[oa]|d[oae]|em|que) (?!{_MSG}))",
        rf"\bdescadastr(?:a|ar|e|em|amento|o)\b(?=\W*$|[,.]| (?:por favor|daqui|dai|disso|agora|ja|eu|me|e|mensage|"
        rf"(?:o )?(?:meu|este|esse) {_NUMBER}|(?:d[aeo]s?|dess[ae]s?|dest[ae]) (?:su?as? |voces? )?(?:{_LIST}|{_MSG}|"
        rf"voces?)))",
        rf"\b(?:exclusao|remocao|retirada|cancelamento|descadastro|descadastramento) d[eoa]s? (?:meus? |minhas? )?"
        rf"(?:dados|{_NUMBER}|inscricao|envios?|mensage\w+)\b(?! (?:d[oae]|n[oa]) )",
        r"\bnao quero mais (?:que )?(?:voces |ninguem |essa empresa )?(?:me )?(?:mand|envi|cham|perturb|incomod|lig|"
        r"procur|"
        r"escrev)(?:ando|u?em|e)\b|\bnao quero (?:que )?(?:voces )?me (?:mand|envi|perturb|incomod)(?:ando|em)\b"
        r"(?! (?:o|a|os|as|um|uma|document\w+|boleto|proposta)\b)",
        # "vou te bloquear", "me deixa em paz"
        r"\b(?:vou|irei) (?:te |voces? |esse numero |este numero )+(?:bloquear|denunciar (?:como|por) spam)\b|"
        r"\b(?:vou|irei) (?:bloquear|denunciar)(?=\W*$| (?:voces?|(?:ess|est)e (?:numero|contato)|como spam|por spam))"
        r"(?!.{0,20}\b(?:procon|justica)\b)",
        r"\bvou (?:te |voces? )?bloquear (?:voces? )?se (?:nao parar|continuar|(?:me )?mandar|(?:me )?perturbar)\w*\b|"
        r"^(?:sa(?:i|ia)|some|suma)m? (?:fora )?d[oe] meu (?:whatsapp|numero|celular|telefone|contato)\b|"
        r"\bme (?:deix[ae]m?) (?:em paz|quiet[oa])\b|^me esque(?:ce|ca|cam)\b",
    )
)

# However it is put: a no or stop, a verb of sending, and what is sent, in this order in one sentence.
_NO_SENDING = re.compile(
    r"\b(?:nao|nunca|par[ae]m?|parar|chega|basta|cessem?|deix[ae]m?)\b[^.!?]{0,40}?"
    r"\b(?:mand|envi|encaminh|dispar|perturb|receb)(?:ar|er|e|em|a|am|ando|endo)\b[^.!?]{0,25}?"
    r"\b(?:mensage(?:m|ns)|propagandas?|spams?|anuncios?|ofertas?|promoc\w+|publicidades?|sms|notificac\w+)\b(?! ?\?)"
)
_MEANS_SOMETHING_ELSE = re.compile(
    r"\b(?:document\w*|boletos?|simul\w+|propostas?|contrato|dinheiro|valor|codigo|link|fotos?|audios?|resultado|agora|"
    r"hoje|ainda|cedo|madrugada|noite|tarde|horario|trabalho|depois|amanha|voz|automatic\w*|errad[oa]|consig\w+|"
    r"conseg\w+|"
    r"sei|da para|posso|precisa\w*|lembr\w+|vou|quero (?:te |lhe )?(?:mand|envi)\w+|banco|loja|celular novo|el[ea]s?|"
    r"prefiro|ligac\w+|por)\b"
)


# How to leave a list, told by whoever keeps one: "responda SAIR para não receber nossas ofertas".
_INSTRUCTION = re.compile(
    r"[^.!?\n]*\b(?:responda|digite|envie) (?:com |a palavra )?\W?(?:sair|parar|stop|cancelar)\b[^.!?\n]*"
)
# What is left, closed or cancelled is somebody else's: "vou excluir meu cadastro no outro banco".
_ELSEWHERE = re.compile(
    r"\b(?:n|d)[oa]s? outr[oa]s?\b|\bem outr[oa]s?\b|\b(?:n|d)[oa]s? (?:concorren\w+|minha conta|meu banco)\b|"
    r"\bn[oa]s? (?:bancos?|itau|bradesco|santander|caixa|nubank|inter|serasa|spc|loja|site|app|aplicativo|instagram|"
    r"facebook|gov\w*|receita|detran|inss|escola|trabalho|igreja|academia|imobiliaria)\b(?! de (?:dados|voces))"
)


def is_opt_out(core: str) -> bool:
    """Exact words, or a pattern about messages, list or contact; "quero sair do aluguel" is none."""
    core = _INSTRUCTION.sub(" ", core)
    exact = " ".join(re.sub(r"[?,.]", " ", core).split())
    if _EXACT.fullmatch(exact) or any(_ours(match, core) for p in _PATTERNS for match in p.finditer(core)):
        return True
    for match in _NO_SENDING.finditer(core):
        if not _MEANS_SOMETHING_ELSE.search(core[match.start() : match.end() + 20]):
            return True
    pleas = (match for pattern in _PLEAS for match in pattern.finditer(core))
    return any(not _SAID_OF_OTHERS.search(core[: match.start()]) for match in pleas)


def _ours(match: re.Match[str], core: str) -> bool:
    """False where the clause goes on to name another place."""
    clause = re.split(r"[.,;!?]", core[match.start() :], maxsplit=1)[0]
    return not _ELSEWHERE.search(clause)
