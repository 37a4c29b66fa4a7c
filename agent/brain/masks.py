"""Things that only look like amounts: they are blanked out before the number grammar reads."""

import re

from agent.brain.cues import PROPERTY, VEHICLE

BLANK = "\x1f"

_UNITS = r"(?:m2|m²|mts?|metros?|hectares?|ha|alqueires?|km|kms|quilometros?|rodados?|de km|cv|litros?|kg|cm|gb)"
_THINGS = (
    r"(?:quartos?|dorm\w*|dts|qtos?|suites?|vagas?|banheiros?|comodos?|andar(?:es)?|filh[oa]s?|pessoas?|dependentes?|"
    r"carros?|casas?|apartamentos?|imoveis|imovel|terrenos?|lotes?|motos?|veiculos?|cartoes|cartao|bancos?|lojas?|"
    r"funcionarios?|empregados?|socios?|irmaos?|pergunt\w+|duvidas?|opc\w+|portas?|lugares|pontos|score|"
    r"documentos?|holerites?|perguntas?|mensage\w+|vias?|copias?)"
)
_MONTHS = (
    r"(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|"
    r"jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez)"
)
_DIGITS = r"\d[\d.,]{0,12}"  # bounded: without an end, "1.1.1.1" takes the square of its length
_NUMBER = rf"(?:{_DIGITS}(?:\s?mil)?|um|uma|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez)"

_PATTERNS = (
    r"https?://\S+|www\.\S+",
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    r"\b\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}\b",  # cards
    r"\b(?=[a-z0-9]*\d[a-z]+\d)[a-z0-9]{12,}\b",  # chassis and other codes
    r"\bkms?:? ?\d[\d.]*(?: ?mil\b)?",
    r"\b\d{2}\.?\d{3}\.?\d{3}/\d{4}-?\d{2}\b",  # CNPJ
    r"\b\d{3}\.\d{3}\.\d{3}[-.]?\d{2}\b|\b\d{9}-\d{2}\b|\bcpf\D{0,12}[\d.\- ]{11,14}\b",
    r"\b\d{5}-\d{3}\b|\bcep\D{0,6}\d{2}\.?\d{3}-?\d{3}\b",
    r"\brg\D{0,6}\d[\d.]{4,}-?[\dx]?\b",
    r"(?<![\d.,])(?:\+?55[ .-]?)?\(?0?\d{2}\)?[ .-]?9[ .]?\d{4}[ .-]?\d{4}(?![\d.,]*\d)",  # mobile
    r"(?<![\d.,])(?:\+?55[ .-]?)?\(?0?\d{2}\)?[ .-]?[2-5]\d{3}[.-]\d{4}(?![\d.,]*\d)",  # landline
    r"(?<![\d.,])\(\d{2}\) ?\d{4,5}[ .-]?\d{4}\b|(?<![\d.,])\d{4,5}-\d{4}\b",
    r"\b0[3589]00[ .-]?\d{3}[ .-]?\d{4}\b|\b0[3589]00(?:[ .-]\d{2,4}){1,3}\b|\b(?:400[2-4]|300[34])[ -]\d{4}\b",
    r"\b\d{3}\.\d{3}\.\d{3}-\d\b",  # a benefit
    r"\b(?:fone|telefone|celular|whatsapp|liga\w*|numero e)\D{0,12}\d{8,11}\b",
    r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b(?!\s?(?:mil|x\b|vezes|meses|anos))|\b\d{1,2}-\d{1,2}-\d{4}\b|\b(?:19|"
    r"20)\d\d/(?:19|20)?\d\d\b",
    rf"\b\d{{1,2}}o? de {_MONTHS}\b(?: de \d{{4}})?|\b{_MONTHS} de \d{{4}}\b|"
    r"\bdias? \d{1,2}(?:/\d{1,2}(?:/\d{2,4})?)?\b(?! ?(?:mil|k\b))"
    r"(?:,? ?(?:e|ou|a|ate|-)(?: o| no)?(?: dia)? \d{1,2}(?:/\d{1,2})?\b(?! ?(?:mil|k\b|x\b|vezes|parcelas|anos|"
    r"meses)))?",
    r"\b\d{1,2}:\d{2}(?::\d{2})?h?\b|\b\d{1,2} ?hs?(?:\d{2})?(?:min)?\b|\b\d{1,3} ?horas?\b",
    r"\b(?:as|das|umas|depois das|antes das|ate as) \d{1,2}(?= (?:da|de) (?:manha|tarde|noite)|\s*(?:$|[,;!?]|\be\b))",
    rf"\b{_DIGITS} ?(?:minutos?|min|segundos?|dias?|semanas?|semestres?|decadas?)\b",
    rf"\b{_NUMBER} (?:dias?|semanas?|horas?|minutos?)\b",
    rf"\b{_DIGITS}(?:\s?mil)?\s?{_UNITS}\b",
    rf"(?<![\d.,])\b(?:\d{{1,3}}|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez)(?= {_THINGS}\b)",
    rf"\b{PROPERTY}(?: de| com| tem)? \d{{2,4}} ?m\b",
    r"\b[a-z]{3}-?\d[a-z]\d{2}\b|\b[a-z]{3}-?\d{4}\b",  # plates
    r"\b(?:protocolo|pedido|ticket|contrato|proposta|chamado|matricula|codigo|processo|agencia|conta|renavam|senha)"
    r"(?: (?:n|numero|no|nao|e|o|de|d[oa] (?:meu |minha )?[a-z]+))*[:#. ]*\d[\d.\-/]*",
    r"(?:\bnº|\bno?\.|#) ?\d[\d.\-/]*",
    r"\b(?:rua|av|avenida|travessa|alameda|rodovia|estrada|praca|numero|km|br)"
    r"(?: [a-z]{1,15}){0,6},? ?(?:n|no|nao|numero)?\.? ?\d{1,5}\b(?= ?(?:$|[,;.!?\n](?!\d)|apartamento|bloco|"
    r"casa))(?! mil)",
    r"\b(?:quadra|lote|bloco|torre|apartamento|casa|sala|andar) (?:n|no|nao|numero)?\.? ?\d{1,4}\b(?= ?(?:$|"
    r"[,;.!?\n](?!\d)|(?:da|do)\b|em (?!\d)|e (?!\d)|bloco))",
    r"\bscore (?:de |e )?\d+",
    r"\b(?:ano|modelo|(?<!fique )(?<!caiba )(?<!fica )(?<!ficar )(?<!gira )em|desde|fabricacao) "
    r"(?:19[5-9]\d|20[0-4]\d)\b(?! ?(?:mil|reais|por mes))",
    r"\bde 20[0-4][1-9]\b(?! ?(?:mil|reais|por mes))",
    r"\b\d{1,2}[oa]\b",  # ordinals
    r"(?<![\d.,$])(?<!\$ )\b\d{9,}\b(?![.,]\d)",  # documents and the like: no client writes so much money so
    r"\b(?:alguns|muitos|varios|tantos) mil\b|\brod(?:ad[oa]s?|ou) (?:uns |so |com )?\d[\d.]*(?: ?mil\b)?",
    r"(?<!troca )(?<!trocar )(?<!mudar )(?<!\bos )\b\d{1,3} por \d{1,3}\b(?! ?(?:mil|k|cento|%|meses|anos))",
    r"\b(?:mil|1000|milhao de|milhoes de)(?= (?:desculpas?|perdoes|vezes|coisas|maravilhas|grau|por hora|"
    r"beijos|abracos|obrigad\w+)\b)",
    r"\ba mil\b(?! )",
)
_ENGINE = re.compile(rf"(\b{VEHICLE}(?: [a-z]+){{0,2}} )([12][.,]\d)\b(?! ?(?:mil|mi|milh\w+|k|m)\b)")  # onix 1.0
_DOT_BEFORE_MIL = re.compile(r"(?<=\d)\.(?=mil\b|k\b)")
_SAID_AGAIN = re.compile(
    r"(?<=\d) ?\([a-z ]{3,60}\)(?= ?(?:mil|k|milh\w+|reais|x|vezes|meses|anos)\b)"
)  # "40 (quarenta) mil"
_LETTER_O = re.compile(r"(?<=\d)([.,]?)(o{2,3}(?![a-z\d])|o(?= ?(?:mil|k|reais)\b))")  # "2oo mil"
_MASK = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
_MAYBE = re.compile(r"\d|dia|hora|mil")


def mask(text: str) -> str:
    """`text` (normalised) with such spans blanked, character for character."""
    if not _MAYBE.search(text):
        return text
    text = text.replace("na casa dos ", "em torno de ")
    text = _ENGINE.sub(lambda m: m[1] + BLANK * len(m[2]), text)
    text = _DOT_BEFORE_MIL.sub(" ", text)
    text = _SAID_AGAIN.sub(lambda m: " " * len(m.group()), text)
    text = _LETTER_O.sub(lambda m: m[1] + "0" * len(m[2]), text)
    return _MASK.sub(lambda m: BLANK * len(m.group()), text)
