"""Fees and secrets asked for; see `unbacked`."""

from agent.brain.hedges import HEDGE, STILL

_COST = (
    r"(?:taxas?|taxinha|tarifas?|custos?|custa\w*|caucao|sinal|deposito|quantia|seguro|cartorio|despesas?|boletos?|"
    r"pagamento|pagar|paga|pague|cobra\w*|registro|vistoria|avaliacao|laudo|adesao|matricula|inscricao|investimento|"
    r"contribuicao|valor simbolico|ajuda de custo|comissao|honorarios?|reservar)"
)
_FIRST = (
    r"(?:antes(?! d[eo] (?:prazo|vencimento|tempo|fim|final|simular|comecar a pagar))|primeiro\b|primeira coisa|"
    r"adiantad\w+|antecipad\w+|inicia(?:l|is)|de entrada no pedido|para (?:comecar|abrir|iniciar|liberar|desbloquear|"
    r"agilizar|segurar|garantir|reservar|dar andamento|dar entrada|destravar|acelerar|confirmar|validar|analisar|"
    r"processar|protocolar|emitir|formalizar|ativar|seguir com o pedido)|devolv\w+|reembols\w+|estorn\w+|abertura|"
    r"e preciso|precisa|obrigatori\w+|voce so|de cadastro|uns \d+|por sua conta|r\$ ?\d+|\d+ reais|"
    r"(?:cem|duzentos|trezentos|quatrocentos|quinhentos|mil) reais|pequen[oa]|simbolic[oa])"
)
_NO_COST = (
    r"\b(?:nao (?:[a-z]+ ){0,2}(?:cobr\w+|ped\w+|pag\w+|exist\w+|tem|ha|precisa|peca|faca|deposit\w+|transf\w+|"
    r"e (?:cobrad|pedid|precis))\w*|(?:terminar|acabar) de pagar|prefer\w+|nunca|jamais|ninguem|nada (?:de|e|antes)|"
    r"nenhum\w*|golpes?|fraude|desconfie|cuidado|cet|consorcio|administracao|parcelas?|registrad[oa] em cartorio|"
    r"entrada|iof|opcional|simul\w+|quanto voce|(?:consegue|pode|quer|pretende) pagar)"
)

# code, what is spoken of (everything must be found in one sentence), what excuses it
FEES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "advance_fee",
        (
            rf"\b{_COST}\b",
            rf"\b{_FIRST}",
        ),
        rf"{_NO_COST}|\b(?:terminar|acabar) de pagar",
    ),
    (
        "advance_fee",
        (
            r"\b(?:comprovante (?:d[eo] )?(?:pagamento|pix|deposito|transferencia)|manda o comprovante|"
            r"adianto a liberacao|acelero a liberacao|chave (?:pix|aleatoria)|minha conta|"
            r"conta d[oa] (?:empresa|gerente|consultor)|qr ?code|transferencia para|cripto\w*|gift ?card|"
            r"cartao presente)\b",
        ),
        r"\b(?:nunca|jamais|nao|golpe|ninguem)\b",
    ),
    (
        "advance_fee",
        (
            r"\b(?:emolument\w+|despachante|caucao|custas)\b",
            r"\b(?:pag\w+|entrada|inicio|acert\w+)\b",
        ),
        rf"{HEDGE}|{STILL}|\bnao\b",
    ),
    (
        "advance_fee",
        (
            r"\b(?:vistoria|despachante|emolument\w+|caucao|adiantamento|taxinha|valorzinho|honorari\w+|laudo|"
            r"avaliador|custas|guia de|dare|darf|itbi|taxa de [a-z]+|taxas? (?:cartorari\w+|administrativ\w+))\b",
            r"\b(?:pag\w+|acert\w+|quit\w+|custa\w*|cobr\w+|inicio|entrada|agiliza\w*|basta|primeiro|antes|logo|"
            r"reais|r\$|mil|anda\w*|segu\w+)\b",
        ),
        rf"{HEDGE}|{STILL}|{_NO_COST}|\b(?:diluid|inclu|faz parte|juros)\w*",
    ),
    (
        "advance_fee",
        (
            r"\b(?:precisa|preciso|so ped\w+|pedimos|pede|pedem|solicitamos|exig\w+|basta|falta|necessari\w+|tem que|"
            r"deve|so|primeiro|favor)\b",
            r"\b(?:antecipar|adiantar|pagamento|transfer\w+|deposit\w+|quitar (?:a|o) (?:taxa|boleto|seguro|guia)|"
            r"pix|boleto|acertar|reembols\w+|caucao|taxa)\b",
        ),
        rf"{_NO_COST}|{HEDGE}|{STILL}|\b(?:antecipar parcelas|transferencia do|documento\w*)\b",
    ),
    (
        "advance_fee",
        (
            r"\b(?:transf(?:ira|ere|erir)|transfer(?:e|ir)|deposite|depositar|pague|paga|mande|envie|manda|"
            r"faz um)\b[^.!?]{0,30}\b(?:conta|boleto|valor|corretor|consultor|taxa|guia|quantia|reais|r\$|dinheiro|"
            r"chave|qr)\b",
        ),
        rf"{_NO_COST}|{STILL}|\bvalor (?:da|do|de|em|que|aproximad)\w*|\bfatura",
    ),
    (
        "advance_fee",
        (
            r"\b(?:so|somente|apenas) (?:anda|sai|segue|comeca|libera)\w*\b[^.!?]{0,25}\b(?:pag\w+|quitad\w+|seguro|"
            r"taxa|deposit\w+)\b",
        ),
        r"\bparcela",
    ),
    (
        "secret",
        (r"\b(?:numeros?|digitos?|codigo|foto|frente|verso|validade)\b[^.!?]{0,25}\bcartao\b",),
        r"\b(?:nao|nunca|jamais|golpe|ninguem)\b",
    ),
    (
        "secret",
        (
            r"\b(?:passa|passe|manda|mande|envia|envie|digita|digite|informa|informe|qual|conta|diz|diga|"
            r"compartilh\w+)\b[^.!?]{0,20}\b(?:codigo|token|sms|pin)\b",
        ),
        r"\b(?:nao|nunca|jamais|golpe|ninguem)\b",
    ),
)
