"""What is said for company: greetings, goodbyes, thanks and small talk."""

import re


def any_of(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


SMALLTALK = any_of(
    r"\b(?:como (?:voce |vai |voces? |que voce )?(?:esta|vai|anda|tem passado|passou)(?: voce| hoje| ai| a vida)?|"
    r"tudo (?:bem|bom|certo|joia|otimo)(?: (?:com voce|ai|contigo))?)\b ?\?",
    r"\bcomo (?:voce|vc) (?:esta|vai)\b",
    r"\bcomo (?:esta|vai)(?: voce)?\b ?\??$",
    r"\b(?:que|esta|muito|fazendo|faz) (?:um |muito |esse |o )?(?:frio|calor|chuva|sol|quente|friozinho|calorao|"
    r"chovendo|tempo (?:feio|louco|bom|doido))\b|\bque tempo\b|\b(?:nesse|com esse) (?:frio|calor|sol|chuva)\b",
    r"\b(?:chovendo|choveu|chover|esfriou|esquentou|garoando|temporal)\b",
    r"\b(?:viu|assistiu|ganhou|perdeu)\b[^.]{0,15}\b(?:jogo|novela|flamengo|corinthians|palmeiras|brasil)\b",
    r"\b(?:flamengo|mengao|corinthians|palmeiras|futebol|brasileirao|vasco|gremio|cruzeiro|jogo (?:de )?ontem|"
    r"jogo do)\b",
    r"\b(?:voce|vc) e (?:um |uma )?(?:robo|humana?|real|pessoa|de verdade|maquina|ia|gente|bot|casad\w+|"
    r"solteir\w+|bonit\w+|muito (?:simpatic|legal|gentil|educad)\w+|simpatic\w+|legal|um amor)\b",
    r"\b(?:qual (?:e )?(?:o )?(?:seu|teu) nome|quem e voce|quantos anos voce tem|voce mora onde|onde voce mora|"
    r"com quem (?:eu )?(?:falo|estou falando))\b",
    r"^(?:k{2,}|(?:ha|he|rs|hue){1,}[hars]*|[\s😂🤣😊🙂]+)$",
    r"\b(?:bom (?:fim de semana|domingo|sabado|feriado|trabalho|natal)|feliz (?:natal|ano novo|pascoa|"
    r"aniversario)|bom final de semana)\b",
    r"\b(?:voce|tu) (?:tem|tens) (?:filh\w+|marido|namorad\w+|famil\w+|irma\w*|mae|pai|coracao|sentimento\w*)\b",
    r"\b(?:voce|tu) (?:nao )?(?:dorme|descansa|cansa|almoc\w+|torce|nasceu|namora|estuda|gosta de|acredita em|"
    r"trabalha (?:ate|de|no|todo|sempre|domingo|hoje|a noite|sozinha|muito))\b",
    r"\b(?:voce|tu) e (?:de (?:que|qual|onde)|mineir[ao]|baian[ao]|paulista|carioca|gaucha?|nordestin[ao]|gente)\b",
    r"\b(?:essa|esta) foi (?:boa|otima|demais)\b|\bcomo (?:foi|passou) (?:o |a )?(?:seu |teu |sua )?(?:dia|semana|"
    r"(?:fim|final) de semana|feriado|domingo|natal)\b",
    r"\b(?:me )?conta uma piada\b",
    r"\bte amo\b",
    r"\bsextou\b",
    r"\bque dia (?:lindo|corrido|cansativo)\b",
    r"\bestou (?:cansad|entediad)[oa]\b",
)
THANKS = any_of(
    r"\b(?:obrigad[oa]s?|obrigadinh[oa]|obrigadao|valeu+(?! (?:a pena|muito a pena|para|por)\b)|agradec\w+|grat[oa]|"
    r"gratidao|thanks|brigad\w+|"
    r"deus (?:lhe |te |o |a )?(?:pague|abencoe))\b",
)
BYE = any_of(
    r"\b(?:tchau\w*|xau+|bye+|ate (?:logo|loguinho|mais|amanha|breve|depois|segunda|terca|quarta|quinta|sexta|"
    r"a proxima|la|outra|ja|qualquer hora)|fi(?:ca|"
    r"que)m? com deus|va[io]? com deus|abracao|adeus|"
    r"abracos?|um abraco|abs|beijos?)\b[^?]*$",
    r"(?:^|[,.!] ?|\b(?:entao|e isso|ja|blz|beleza|ok) )(?:fui|falou|inte|ate|vou nessa|vou indo)(?= entao|,|\W*$)",
    r"^(?:a gente se fala|nos falamos|se cuida|(?:um[a]? |tenha )?(?:otim[oa]|boa|bom|excelente) (?:resto de )?(?:dia|"
    r"semana|tarde|"
    r"noite|descanso)(?: para (?:voce|ti|todos))?(?:,? (?:tchau|ate))|tenha (?:um|uma) [a-z ]{3,12}(?:dia|tarde|noite|"
    r"semana))\b",
    r"\b(?:preciso|tenho que|vou) (?:ir|sair|desligar)(?: (?:agora|ja|nessa))?\W*$",
    r"\b(?:boa noite|bom descanso),? (?:ate|tchau)\b",
)
GREET = re.compile(
    r"^(?:(?:o+i+e*|o+la+|opa+|e ?ai+|eae+|fala(?: (?:ai|galera|pessoal|livia|comigo|tu|minha (?:querida|linda)))?|"
    r"iae+|coe|ei|hey|hello|"
    r"hola|buenas|hi|"
    r"salve|alo+|bom dia+|boa tarde+|boa noite+|"
    r"bo[am] ?(?:dia|tarde|noite)|bdia|tudo (?:bem|bom|certo|joia|tranquilo|na paz|em paz)|como vai|beleza|saudacoes|"
    r"livia|"
    r"gente|pessoal|moca|com voces?|ne|viu|por ai|por aqui|ai|na paz|em paz|boa|tem alguem|como estao|td|amig[oa]|"
    r"por favor|e|"
    r"prezad[oa]s?|meu bem|minha filha|meu filho|fi[oa]|o de casa|do dia|prazer(?: em)?(?: te| lhe)?(?: conhece(?:r|"
    r"lo|la))?|firmeza|desculp[ae] (?:a hora|o horario|incomodar)|raio de sol|com alegria|tche|com deus|"
    r"certinho|tudo certinho|"
    r"querid[oa]|amor|flor|lind[oa]|anjo|meu anjo|colega|jovem|chefe|mano|parceir[oa]|senhora?|meu povo|povo|vida|"
    r"bb|galera|minha (?:querida|linda|flor)|sumid[oa]|k{2,}|(?:rs)+)[\s,.!?😀😊👋🙂🌞☀️]*)+$"
)
CAME_BY = re.compile(
    r"^(?:o+i+e*|ola|opa|bom dia|boa tarde|boa noite|tudo bem)\b[^?\n]{0,15}\b(?:vi|vim|cheguei|achei|encontrei|"
    r"peguei|conheci|"
    r"recebi|me (?:indicaram|passaram|falaram))\b[^?\n]{0,25}\b(?:anuncio|propaganda|publicidade|site|instagram|insta|"
    r"facebook|face|google|tiktok|internet|indicacao|contato|numero|voces)(?: d[eao]s? \w+)?\W*$"
)
