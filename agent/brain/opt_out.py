"""When a client asks to be left alone. A false yes loses a client, so bare verbs inside a sentence never count."""

import re

_MSG = (
    r"(?:mensage(?:m|ns)|contatos?|propagandas?|anuncios?|publicidade|spam|ofertas?|promoc\w+|notificac\w+|"
    r"avisos|marketing|whatsapp|conteudos?)"
)
_LIST = r"(?:lista|grupo|cadastro|base|contatos?|mailing|transmissao|sistema)"
_STOP_VERB = (
    r"(?:pare|parem|para|parar|chega|basta|cessem|deixe?m?|nao (?:me )?(?:mand\w+|envi\w+|encaminh\w+|cham\w+|"
    r"procur\w+|perturb\w+|"
    r"incomod\w+|contat\w+|ligu?\w+|escrev\w+))"
)
_OPT_OUT_EXACT = re.compile(
    r"(?:quero )?(?:sair|parar?|stop|cancelar|descadastrar|remover|unsubscribe|sair da lista|opt ?out|parem|"
    r"pare|cancelar (?:inscricao|cadastro|envio)|"
    r"remova|me (?:tira|tirem|remove|removam|exclui|bloqueia|descadastr\w+)|"
    r"sai fora da minha lista)(?: por favor| agora| ja| ai| disso| daqui)?"
)
_OPT_OUT = re.compile(
    rf"\b{_STOP_VERB} (?:de |me )*(?:me )?(?:mand\w+|envi\w+|encaminh\w+|receber|disparar|chamar|perturbar|"
    rf"incomodar|encher|contatar|com|escrever|ligar)\b(?! (?:o|a|os|as|um|uma|outr\w+|esse|essa|seu|"
    rf"sua) (?!{_MSG}|saco|paciencia)|.{{0,12}}(?:documento|simulac|proposta|boleto|foto|dinheiro))"
    rf"|\bnao (?:me )?(?:mande|mandem|envie|enviem|encaminhe\w*|manda) (?:mais )?(?:{_MSG}|nada|isso|essas?)|"
    rf"\bnao (?:me )?(?:mande|mandem|envie|enviem|manda|chame|chamem|procure\w*|perturbe\w*|incomode\w*|"
    rf"contate\w*|ligue\w*|escreva\w*) mais\b"
    rf"|\bnao (?:quero|desejo|gostaria de|preciso|aceito|"
    rf"autorizo)(?: mais)?(?: que)?(?: voces?)?(?: de)? (?:receber|recebendo|me mandem|me enviem|o envio|"
    rf"as)\b(?: mais)?[a-z ]{{0,20}}?(?:{_MSG}|nada|isso|de voces?|dessa empresa|desse numero)"
    rf"|\bnao (?:quero|desejo) mais (?:{_MSG}|receber|ser (?:contatad|incomodad|perturbad)[oa]|"
    rf"que (?:me )?(?:mand|envi|cham|lig|escrev)\w+)|\bnao quero (?:ser (?:contatad|incomodad|perturbad)[oa]|"
    rf"(?:essas? |nenhuma |mais )?{_MSG})"
    rf"|\b(?:me )?(?:tir\w+|remov\w+|exclu\w+|retir\w+|apag\w+|descadastr\w+|"
    rf"delet\w+)\b[a-z ]{{0,25}}?\b(?:d[aeo]s?|dess[ae]s?|dest[ae]) (?:su?a |sua |seu |voss[ao] |"
    rf"voces? )?{_LIST}\b"
    rf"|\b(?:sair|saia|saio|quero saida) d[aeo]s?s?t?[ae]? ?(?:su?a |sua )?(?:{_LIST}|{_MSG})\b|\b(?:sair|"
    rf"fora) dess[ae] (?:{_LIST})\b"
    rf"|\b(?:tir\w+|remov\w+|exclu\w+|retir\w+|apag\w+|delet\w+|bloque\w+)(?: d[ae]i?)? (?:o )?(?:meu|este|"
    rf"esse) (?:numero|contato|telefone|cadastro|nome)\b(?! (?:do|no|ao|da) (?:spc|serasa|cpf|imovel|contrato))"
    rf"|\bcancel\w+ (?:o |a |os |as |meu |minha |esse |essas? )*(?:envios?|recebimento|inscricao|cadastro|"
    rf"assinatura|{_MSG})\b|\bdescadastr\w+\b|\bunsubscribe\b"
    rf"|\b(?:chega|basta) de {_MSG}\b|\bnao (?:autorizo|permito)\b[a-z ]{{0,25}}(?:contato|mensage|dados)|"
    rf"\b(?:vou|irei) (?:te |os? |voces? |esse numero )*(?:bloquear|denunciar)\b|\bnao me lig\w+ mais\b|"
    rf"^sai(?:a)? dess?[ae] lista\b|^tira eu (?:dai|daqui|dess\w+)\b|\bme (?:deixa|deixe|"
    rf"deixem) em paz\b"
    r"|\blgpd\b[^.]{0,40}\b(?:exclu|apag|remov|delet)|\b(?:exclu\w+|apag\w+|delet\w+) (?:os )?meus dados\b"
)


def is_opt_out(core: str) -> bool:
    """Exact words, or a pattern about messages, list or contact; "quero sair do aluguel" is none."""
    exact = re.sub(r"[?,.]", " ", core)
    if _OPT_OUT_EXACT.fullmatch(" ".join(exact.split())):
        return True
    return bool(_OPT_OUT.search(core))
