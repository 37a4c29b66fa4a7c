"""What a client's words tell about how ready they are: a decision, a deadline, doubts, or no client at all."""

import re
from collections.abc import Iterator

_PAPERS = (
    r"(?:document\w*|papelada|papeis|laudo|matricula|escritura|crlv|ipva|certid\w+|holerites?|contra ?cheques?|"
    r"extratos?|imposto de renda|[oe] ir|rg|cnh|comprovantes?)"
)
_SEAL = (
    r"(?:fechar|contratar|assinar|aderir|formalizar|finalizar|concluir|dar (?:o )?(?:andamento|prosseguimento)|"
    r"(?:dar entrada|entrar) (?:n[oa]|em|com|hoje|ja|agora)|iniciar|comecar|prosseguir|seguir (?:adiante|"
    r"em frente|com)|"
    r"ir em frente|fazer (?:hoje|agora|ja)|pagar a primeira|resolver (?:isso )?(?:logo|hoje|agora|ja))"
)
_DECIDED = re.compile(
    rf"\b(?:quero|queremos|queria|gostaria de|vamos|vamo|podemos|bora|posso|como (?:faco|fazemos)(?: para)?|onde|"
    rf"quando(?: posso| podemos)?|preciso|pronto para|pront[oa] para|para|so falta)(?: ja| logo| so)? {_SEAL}\b|"
    r"\bpode(?:m|mos)? (?:ja )?(?:fechar|gerar|mandar o contrato|enviar o contrato|liberar|preparar o contrato|"
    r"agendar)\b|"
    r"\b(?:manda|mande|mandem|envia|envie|enviem|gera|gere|gerem)(?: ja)? (?:o link d|o|meu) ?o? ?contrato\b|"
    r"\baceito\b|\baceitei\b|\b(?:quero|vou) fechar\b|\bfechado\b|"
    r"\b(?:eu assino|assino (?:hoje|agora|ja)|vamos (?:nessa|em frente)|proximo passo|como pago a primeira|"
    r"contrato (?:de compra e venda )?assinado|assin(?:ei|amos) a proposta|proposta aceita)\b|"
    r"\bquero (?:entrar|participar) (?:n[oa]|d[oa]) (?:proximo|grupo)|\bja (?:simulei|"
    r"fiz a simulacao) e (?:gostei|quero)"
)
_ACCEPTED = re.compile(
    r"\baceit(?:o|ei|amos) (?:a|as|o|os|essa|esse) (?:proposta|condic\w+|oferta|simulacao|valores)\b"
)
_READY = re.compile(
    rf"\b(?:tenho|estou|ja|com|em|mando|mandei|segue\w*|enviei|separei|posso mandar|mandar|envio)\b[^.?!\n]{{0,40}}?"
    rf"\b{_PAPERS}\b(?:[^.?!\n]{{0,20}}\b(?:em maos|na mao|pront\w+|separad\w+|atualizad\w+|aqui|comigo|pagos?|agora|"
    rf"hoje|liberad\w+)\b)?|"
    rf"\b{_PAPERS}[^.?!\n]{{0,15}}\b(?:em maos|na mao|pront[oa]s?|separad\w+|limpa)\b|"
    r"\btudo (?:em maos|na mao|pronto|separado|certo para)\b|\bme lig\w+|\bpode(?:m|riam?)? (?:me )?ligar\b|"
    r"\bme cham\w+ (?:agora|hoje|ja)\b|\baguardo (?:a )?ligacao\b|"
    r"\b(?:manda|passa|chama)\w* (?:isso )?(?:para )?(?:o |um )?consultor\b|\bagendar\b|\bmargem (?:livre|"
    r"liberad\w+|ok)|"
    r"\b(?:credito|financiamento) (?:ja )?(?:pre ?)?aprovado\b|\bja fui aprovad|"
    r"\bja (?:escolhi|escolhemos|achei|achamos|encontrei|encontramos)\b|\b(?:vendedor|corretor|construtora|imobiliaria)"
    r"\b[^.?!\n]{0,20}\b(?:espera\w*|quer|deu|cobrando|pediu)\b"
)
_DAY = r"(?:dia \d+|segunda|terca|quarta|quinta|sexta|sabado|domingo|amanha|o fim (?:da semana|do mes))"
_DEADLINE = re.compile(
    r"\bhoje\b(?! em dia)|\bagora\b(?! (?:nao|que|so|vi)\b)|(?<!ate )\bamanha\b|\b(?:n?ess?a|n?esta) semana\b|"
    r"\b(?:n?ess?e|n?este) mes\b|"
    rf"\b(?:ate|antes d[eo]) (?:o )?{_DAY}|\bem (?:ate )?\d+ dias\b|\burg\w+|(?<!sem )(?<!nao tenho )\bpressa\b|"
    r"\bpara (?:ontem|ja|a semana que vem|semana que vem)\b|"
    r"\bquanto antes\b|\bimediat\w+|\bo mais rapido\b|\bcom rapidez\b|\brapido\b|\blogo\b(?! mais)|\be para ja\b|"
    r"\bnao (?:espera|posso esperar|da para esperar)\b"
)
_ONLY_ASKING = re.compile(
    r"\?|^\W*(?:(?:oi|ola|e|bom dia|boa tarde|boa noite)[, ]+)?(?:qual|quais|quanto|quantos|que|como funciona|"
    r"tem|da para|"
    r"aceita\w*|consigo|sera)\b|\b(?:saber|entender|conhecer|informac\w+|detalhes)\b"
)
_WISH = re.compile(
    r"\b(?:quero|queremos|preciso|precisamos|precisando|gostaria de|queria|necessito|desejo)\b"
    r"(?!(?: de)?(?: so| apenas)? (?:saber|entender|conhecer|ver|comparar|uma? (?:ideia|informac\w+|simulacao|cotacao)|"
    r"mais (?:informac|detalhes)))"
)
_LATER = (
    r"(?:ano que vem|proximo ano|(?<!para a )(?<!para )(?:semana|mes) que vem|proximo mes|semestre|"
    r"futur\w+|mais para frente|um dia|daqui (?:a )?(?:uns|umas|alguns|algumas|\d+))"
)
HESITANT = re.compile(
    r"\b(?:so |apenas |somente )(?:estou )?(?:olhando|pesquisando|orcando|cotando|vendo|curios\w+|por curiosidade|"
    r"quer(?:o|ia) (?:saber|conhecer|ver)|uma duvida|para saber|sondando)\b|\bcuriosidade\b|\bsem compromisso\b|"
    r"\bquem sabe\b|\btalvez\b|\b(?:pensando|penso|pensar|pesquisando|avaliando|analisando|comparando|comparar|cotando|"
    r"orcando|sondando|pretendo)\b|\bna duvida\b|\bduvida entre\b|\bainda (?:nao|procurando|vendo|olhando)\b|"
    r"\bestou vendo\b|\bpor enquanto\b|\bconversar com (?:meu|minha|a|o)\b|\bcomparar\b|"
    rf"\b{_LATER}\b"
)
BROWSING = re.compile(
    r"\b(?:so |apenas |somente )(?:estou )?(?:olhando|pesquisando|vendo|curios\w+|por curiosidade|quer(?:o|"
    r"ia) (?:saber|"
    r"conhecer|ver)|uma duvida|para saber|sondando)\b|\bcuriosidade\b|\bcurios[oa] so\b|\bsem compromisso\b|"
    r"\bainda (?:estou )?(?:pensando|pesquisando|avaliando)\b|\bfuturamente\b|\bum dia\b|\bmais para frente\b"
)
_SELLS = (
    r"\bvend(?:o|emos) (?:sites?|sistemas?|leads?|seguros?|planos?)|\bsomos (?:uma? )?(?:empresa|agencia|"
    r"startup|grafica|"
    r"time|consultoria de)|\bsomos (?:a|o)\b[^.\n]{0,60}\bgostariamos\b|\boferec(?:emos|er (?:meus|nossos|um|uma))\b|"
    r"\b(?:apresentar|divulg\w+|conhecer) (?:a |o |um |uma )?(?:minha|nossa|nosso|meu)s?\b|\bnoss[oa]s? (?:servicos?|"
    r"solucao|solucoes|software|sistema|crm|produtos?)\b|\bparceria\b|\brepresent(?:o a|ante comercial)|"
    r"\bsou (?:fornecedor|representante|revendedor)|\bfornecedor de\b|\bmarketing digital\b|\btrafego pago\b|\bseo\b|"
    r"\bdemonstracao d[oa] nosso|\bdivulgar\b|\b(?:quero|queria|gostaria de) vender\b|\bvoces? (?:compram|"
    r"vendem|alugam)\b(?! (?:(?:a|minha|uma) )?(?:dividas?|consignad|emprest))|\bfaco (?:sites?|landing|artes|"
    r"logos?)\b|\btem interesse ?\?|\bindicar clientes\b|\btroca de comissao\b|\bcorrespondente bancario\b|"
    r"\bvendo (?:meu|minha|uma?|cartas?|consorcio)\b(?![^.\n]*\b(?:emprestimo|credito|financi))|"
    r"\bcompr(?:o|amos) (?:consorcio|cartas?|precatorio)|\bquer(?:em)? vender\b"
)
_SPAM = (
    r"\bganh(?:e|ar) (?:dinheiro|seguidores|renda|ate)\b|\bdinheiro facil\b|\brenda extra\b|\bclick here\b|"
    r"\bclique aqui\b|\bsiga (?:meu|nosso)\b|\bseguidores\b|\bresponda sim\b|\d+ ?% off\b|\bcorrente\b|\bbest price\b|"
    r"\bcriptomoedas?\b|\bbitcoin\b|\baposta\w*\b|\bspam\b"
)
_WORK = (
    r"\bcurriculo\b|\bvagas?\b(?! (?:de|na) (?:garagem|estacionamento))|\b(?:procur\w+|busco|"
    r"oferta de) (?:um )?emprego\b|"
    r"\b(?:quero|gostaria de|queria|posso|como faco para|como faz para|adoraria) trabalhar (?:com|na|ai|de|nessa)\b|"
    r"\bcontratando\b|\bjovem aprendiz\b|\bestagio\b|\bprocesso seletivo\b|\bmandar meu cv\b"
)
_STUDY = (
    r"\b(?:jornalista|reporter)\b[^.\n]{0,40}\b(?:falar|entrevist\w+|materia|assessoria)|\bassessoria de imprensa\b|"
    r"\breporter d[oae]\b|\bentrevist\w+|\breportagem\b|\btcc\b|\btrabalho (?:da|de|para a?) (?:faculdade|"
    r"escola|curso)\b|"
    r"\bpesquisa (?:academica|da faculdade|de satisfacao|de mercado|cientifica)\b|"
    r"\bestudante\b[^.\n]{0,40}\bpesquisa\b|"
    r"\bpesquisa sobre\b"
)
_AFTER_SALES = (
    r"\b(?:parcela|boleto|fatura|cobranca)\b[^.\n]{0,30}\b(?:veio|esta|chegou) (?:com )?(?:\w+ )?errad|"
    r"\bja paguei (?:a|essa|o|esse|esta|este) (?:parcela|boleto|fatura)\b|\bpagamento nao (?:foi|caiu|baix|"
    r"consta)|\bsegunda via\b|\b2 ?[aª] via\b|\bboleto (?:d[oe]|dess[ea]|desse mes|que|veio|venceu|nao|d[ao] (?:minha|"
    r"meu|conta|luz|agua|internet|cartao|"
    r"condominio|faculdade|escola|parcela))|"
    r"\bcancelar (?:meu|o) "
    r"contrato\b|\breclam(?:ac\w+|ar)\b|\bouvidoria\b|\bprocon\b|\bprocess(?:ar|o) voces\b|\bvou processar\b|"
    r"\b(?:cobrad[oa]|cobranca) indevid\w+|\batendimento e (?:pessimo|horrivel|ruim)|\bninguem (?:resolve|atende)\b|"
    r"\bpor que (?:fui|estou sendo) cobrad|\bmeu contrato (?:ja|atual|antigo)\b"
)
_MISTAKE = (
    r"\bnumero errado\b|\berrei (?:o|de) numero\b|(?<!se nao )(?<!se nao me )\bengano\b|\bengan\w+ de numero|"
    r"\bclic\w+ (?:sem querer|errado|por engano)\b|\bsem querer\b|\b(?:filh[oa]|net[oa]|sobrinh[oa])\b[^.\n]{0,20}"
    r"\b(?:mexeu|clicou|mandou isso|apertou)\b|\bteste+\b|\btestando\b|\basdf\w*|\blorem\b|"
    r"\b(?:como conseguiram|quem (?:autorizou|passou|te deu|deu))\b[^.\n]{0,25}\b(?:meu|numero|contato)\b|"
    r"\bsem eu pedir\b|\bnao pedi (?:nada|contato|isso)\b|\b(?:e|seria) (?:da|do|a|o) (?:clinica|pizzaria|farmacia|"
    r"padaria|restaurante|loja de|mercado|hotel|igreja|escola)\b|\bfalar com a (?:farmacia|clinica|pizzaria|escola)\b"
)
_NO_CLIENT = re.compile("|".join((_SELLS, _SPAM, _WORK, _STUDY, _AFTER_SALES, _MISTAKE)))
# "Sou representante comercial e preciso do crédito": who asks for credit is a client, whatever else they are.
_ASKS_CREDIT = re.compile(
    r"(?<!nao )\b(?:preciso|precisamos|quero|queremos|necessito|busco|gostaria|queria)(?: de| do| da| um| uma| o| os| "
    r"novo| outro| pegar| fazer| levantar| logo| ja)* (?:credito|emprestimo|capital|dinheiro|financiamento|consignado|"
    r"fechar|contratar|r\$ ?\d|\d{2,})"
)
_NOT_MEANT = re.compile(
    r"\bnao (?:pretendo|penso em|tenho intencao de|vou|quero|estou querendo|estou precisando de|preciso de|queria) "
    r"(?:fazer|contratar|pegar|financiar|nenhum|nada|(?:um |o )?(?:emprestimo|credito|financiamento|consorcio))\b"
    r"(?! (?:alt|grande|muito|negocio ruim|besteira))|"
    r"\bnao (?:preciso|quero|pretendo|vou)\b[^.?!\n]{0,30}\b(?:so|apenas)(?: estava| estou| era|"
    r" foi)?(?: por)? curios\w+|\bnao (?:quero|pretendo) [a-z]+ nenhum\b"
)
_LINK = re.compile(r"https?:|www\.|\bbit\.ly|\.com/|\bt\.me/")


def is_no_client(text: str) -> bool:
    """A seller, a job seeker, a student, the press, a complaint, a mistake."""
    return bool(_NO_CLIENT.search(text)) and not _ASKS_CREDIT.search(text)


def refuses(text: str) -> bool:
    return bool(_NOT_MEANT.search(text))


def has_link(text: str) -> bool:
    return bool(_LINK.search(text))


def accepts(text: str) -> bool:
    """ "Aceito a proposta": enough by itself."""
    return bool(_ACCEPTED.search(text))


def decides(text: str) -> bool:
    return any(_DECIDED.search(clause) for clause in _clauses(text))


def acts(text: str) -> bool:
    """Papers at hand, wants the call, the seller waits, or has a date."""
    return any(
        _READY.search(clause) or _DEADLINE.search(clause)
        for clause in _clauses(text)
        if _WISH.search(clause) or not _ONLY_ASKING.search(clause) or re.search(r"\blig", clause)
    )


def plainly_wants(text: str) -> bool:
    """A wish, or at least no mere question."""
    return any(_WISH.search(clause) or not _ONLY_ASKING.search(clause) for clause in _clauses(text))


def _clauses(text: str) -> Iterator[str]:
    return (match.group() for match in re.finditer(r"[^.!?;\n]+[.!?;\n]?", text))
