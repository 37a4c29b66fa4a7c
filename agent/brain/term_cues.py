"""Words around a term: what opens one, and what makes it an age, a tenure or somebody's old debt. Normalised text."""

import re

from agent.brain.cues import RELATIVE

TERM_LABEL = re.compile(r"\bprazo(?: de|:| e| seria)* (?:uns |de )?$")
PARCELS_LABEL = re.compile(r"\b(?:parcelas|prestacoes|meses)(?:: ?| )$")
AGE_BEFORE = re.compile(r"[,;\n(-] ?$")
AGE_AFTER = re.compile(r"^ ?[,;\n]")
TERM_TRAP_BEFORE = re.compile(
    r"(?:\b(?:tenho|tinha|tem|tera|com meus|fiz|faco|fazer|completo|completei|idade|ha|faz|fazem|a|falta(?:m|"
    r"ndo)?|restam?|"
    r"atras(?:ei|ar|ou)|tentei|fiquei|ficou|passei|esperei|pulei|perdi|liguei|pedi|negociei|durou|levou|demorou|"
    r"(?:acab|termin|venc|encerr|volt|retorn|viaj|comec)\w* (?:so )?em|daqui a|daqui|"
    r"ultim[oa]s|paguei|atrasad[oa]s?|atraso|devo|devendo|mais de|quase|ja|em menos de|"
    r"dentro de|sao|pagas|paguei ja|"
    r"aposento em|aposentar em|carencia de|garantia de|cobertura de|pagas?|meus|cerca de|idade de|espera de)"
    r"(?: (?:uns|umas|cerca de|quase|mais de|so|apenas|ainda|ja|mais|uns bons|as|os|de|d[eo]is ou)){0,2} )$"
)
TERM_TRAP_AFTER = re.compile(
    r"^ *(?:de (?:idade|casa|empresa|servico|contribuicao|trabalho|uso|construcao|construida|carteira|"
    r"experiencia|profissao|mercado|"
    r"casad[oa]|atraso|vida|registro|funcao|cnpj|abert\w+|carencia|aluguel|garantia)|atras\b|que (?:trabalho|"
    r"moro|estou|tenho|sou)|"
    r"atrasad[oa]s?|em atraso|(?:ja )?pagas?\b|para (?:terminar|acabar|quitar|eu me)|trabalhando|morando|registrad|"
    r"por (?:semana|mes|dia|ano)|ao (?:dia|mes|ano)|mais (?:car|bar|velh|nov)|anteriores|depois|neste|nesse|"
    r"nessa|na mesma)"
)
APPROX_AT_END = re.compile(
    r"(?:(?:^| )(?:uns|umas|no maximo|no minimo|pelo menos|cerca de|quase|mais ou menos|apenas|so|os|as))+ ?$"
)
# before a term nobody asked for; "já quitei 40 parcelas" is no wish
TERM_OPEN = re.compile(
    r"(?:^|[^a-z\d ]|\b(?:em|prazo|prazos|por|durante|ate|para|quero|queria|gostaria|prefiro|preferia|seriam?|era|"
    r"alias|digo|dizer|verdade|opa|ops|agora|"
    r"podem?|ser|fazer|faz|fica|ficaria|pagar|pagando|parcel\w+|dividi\w*|divide|melhor|maximo|minimo|acho|que|entre|"
    r"mudar?|"
    r"mesmo|mil|reais|k|anos|meses|e|ou|x|simul\w+|coloc\w+|bota|deixa|so|financi\w+|emprest\w+|tipo|de)) ?$"
)
TERM_STATED = re.compile(r"(?:^|,|\bmas|\bsim|\bseriam?) ?(?:sao|seriam?|e) (?:uns |umas )?$")
TERM_GIVEN = re.compile(
    r"(?<!aposento )(?<!aposentar )(?<!aposento so )\b(?:em|por|para|faz|prefiro|melhor|quero) (?:uns |ate )?$"
)
TERM_TRAP_TENURE = re.compile(
    rf"\b{RELATIVE}s?(?: \w+)? (?:de|com) $|\b(?:sou|solteir|casad|viuv|divorciad|nov|jove|velh|idos)\w*, ?$|"
    r"\b(?:financiei|parcelei|peguei|contribui|seguro desemprego|a cada|cada|ultima parcela)\b[^.,;!?\n]*$|"
    r"\b(?:mor(?:o|ei|ava)|trabalh(?:o|ei|ava)|casad[oa]|empresa|fui|cliente|estudei|registrad[oa]|atuo|aberta|construida|idade)\b"
    r"(?:(?!\b(?:quero|queria|preciso|pagar|prazo|parcel|dividi))[^.,;!?\n])*(?<! em )(?<! em uns )$"
)
