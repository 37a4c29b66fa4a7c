"""What clients of a credit consultancy write about: a Portuguese word for each topic, and the pattern that tells it."""

_NUMBER = r"(?:\d+|um|dois|duas|tres|quatro|cinco|seis|oito|dez|doze|quinze|vinte|trinta)"

TOPICS: dict[str, str] = {
    "juros": r"\b(?:juros?|taxas?|cet|selic|ipca|iof|tarifas?|custo efetivo)\b",
    "parcela": r"\b(?:parcel\w*|prestac\w+|mensalidad\w*|boletos?)\b",
    "documentos": r"\b(?:document\w*|holerites?|contracheques?|comprovantes?|rg|cnh|cpf|matricula|escritura|certid\w+|"
    r"extratos?|papelada|imposto de renda|irpf|iptu|contrato)\b",
    "aprovação": r"\b(?:aprov\w+|reprov\w+|analise|score|serasa|spc|liber(?:a|ar|ad\w+|ou|am|acao)|negaram|"
    r"(?:credito|pedido|financiamento|emprestimo) (?:foi )?(?:negado|recusado))\b",
    "prazo": rf"\bprazos?\b|\bquanto tempo\b|\bcarencia\b|\b{_NUMBER} ?(?:x|vezes|meses)\b"
    rf"|\b(?:em|durante|por|de|ate|para) (?:uns )?{_NUMBER} anos\b(?! de (?:idade|casa|uso))",
    "imóvel": r"\b(?:imove(?:l|is)|(?<!em )(?<!para )casas?|casinha|apartamentos?|apes?|terrenos?|lotes?|sitio|"
    r"chacara|fazenda|sobrado|kitnet|aluguel|moradia)\b",
    "veículo": r"\b(?:carros?|carrinho|motos?|veiculos?|caminha?o|caminhoes|caminhonete|fipe|automove(?:l|is)|onix|"
    r"gol|hb20|corolla|civic|hilux|fiat|strada|uno|renavam)\b",
    "dívidas": r"\b(?:divid\w+|endividad\w+|devendo|devo|nome sujo|limpar (?:o |meu )?nome|negativad\w+|serasa|spc|"
    r"cheque especial|cartao(?: de credito)?|cartoes|quitar|renegoci\w+|inadimpl\w+|protestad\w+|(?:contas?|parcelas?)"
    r" (?:em )?atras\w+)\b",
    "renda": r"\b(?:renda|salarios?|ganho|ganhamos|recebo|faturo|fatura(?:mento|mos)|holerites?|contracheques?|clt|"
    r"carteira assinada|aposentad\w+|autonom[oa]|inss|pensionista|pensao|desempreg\w+|emprego|concursad[oa]|"
    r"servidora?|mei|registrad[oa])\b",
    "urgência": r"\b(?:urgen\w+|para ontem|(?:o )?quanto antes|o mais rapido|(?:bem|muito|super) rapido|hoje mesmo|"
    r"ainda hoje|preciso (?:muito )?(?:disso |do dinheiro |do valor )?(?:hoje|amanha|logo)|imediat\w+|pressa|correndo|"
    r"desesper\w+|nao (?:posso|da para) esperar)\b",
    "reclamação": r"\b(?:reclam\w+|procon|descaso|palhacada|desrespeito|absurd\w+|pessim\w+|(?:mal|pior) "
    r"atend\w+|ninguem (?:me |nos )?(?:respond|retorn|atend|resolv|ajud|liga|ligou)\w*|que demora|demorando|"
    r"demor\w+ (?:muito|demais)|(?:muita|tanta) demora|vou (?:processar|denunciar)|cobrad\w+ indevid\w+|nao "
    r"(?:resolv|respond|funcion)\w+|falta de respeito|enrola\w+|cade)\b",
    "consultor": r"\b(?:atendentes?|consultor\w*|gerentes?|humano|uma pessoa(?! fisica| juridica)|pessoa de verdade|"
    r"alguem (?:de verdade|da equipe|me|para)|falar com (?:alguem|um|uma|o|a)|robo|(?:me|podem?|pode me) lig\w+|"
    r"por telefone|ligacao|corretora?)\b",
    "produto": r"\b(?:emprestimos?|financi\w+|refinanci\w+|consorcios?|consignado|home equity|credito|garantia|"
    r"portabilidade|produtos?)\b",
    "simulação": r"\b(?:simul\w+|calcul\w+|quanto (?:fica\w*|sai|daria|da)|fazer (?:a |uma |as )?contas?)\b",
    "valor": r"r\$|\b(?:reais|mil|milhao|milhoes|valor(?:es)?|quantia|dinheiro|grana|quanto (?:consigo|posso|voces "
    r"emprestam))\b|\b\d{1,3}(?:\.\d{3})+\b(?![-.]\d)|\b\d+ ?k\b",
    "entrada": r"\b(?:entrada(?! n[oa]| com (?:o|a) )|fgts|lances?)\b",
    "segurança": r"\b(?:golpes?|golpistas?|fraudes?|confiave(?:l|is)|confiar|seguranca|e seguro|(?:e|isso e) (?:mesmo "
    r")?(?:verdade|serio)|meus dados|lgpd|empresa (?:existe|e seria)|cnpj d[ea])\b",
    "reforma": r"\b(?:reform\w+|constru\w+|obras?|ampliar|telhado|acabamento)\b",
    "negócio": r"\b(?:(?:minha|nossa|propria|abrir (?:uma|a)|da|na) (?:empresa|loja|oficina|padaria|clinica|firma)|"
    r"(?:meu|nosso|proprio|abrir um|abrir o) (?:negocio|comercio|restaurante|salao)|capital de giro|estoque|"
    r"maquinario|empreend\w+|franquia)\b(?! de voces)",
    "concorrência": r"\b(?:outr[oa]s? (?:bancos?|empresas?|financeiras?|propostas?)|itau|bradesco|santander|nubank|"
    r"caixa(?: economica)?|banco do brasil|creditas|concorren\w+)\b",
}
