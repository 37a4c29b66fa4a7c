"""The words of the number grammar, with the misspellings people send."""

from collections.abc import Mapping
from decimal import Decimal


def _spelled(table: Mapping[int, str]) -> dict[str, int]:
    return {word: value for value, spellings in table.items() for word in spellings.split()}


SMALL = _spelled(
    {
        1: "um uma",
        2: "dois duas",
        3: "tres treis trez",
        4: "quatro quato",
        5: "cinco sinco",
        6: "seis",
        7: "sete cete",
        8: "oito oto oitu",
        9: "nove",
        10: "dez deis",
        11: "onze",
        12: "doze",
        13: "treze",
        14: "quatorze catorze quartoze",
        15: "quinze",
        16: "dezesseis dezasseis dezeseis desesseis",
        17: "dezessete dezesete desessete",
        18: "dezoito desoito",
        19: "dezenove desenove",
    }
)
TENS = _spelled(
    {
        20: "vinte vintinho vintinha",
        30: "trinta trintinha",
        40: "quarenta quarentinha",
        50: "cinquenta cincoenta cinqenta cinquanta cinguenta cinquentinha",
        60: "sessenta sesenta secenta sessentinha",
        70: "setenta setentinha",
        80: "oitenta oitentinha",
        90: "noventa",
    }
)
HUNDREDS = _spelled(
    {
        100: "cem cento",
        200: "duzentos duzentas duzento dusentos",
        300: "trezentos trezentas trezento tresentos",
        400: "quatrocentos quatrocentas quatrocento quatrosentos quatroscentos",
        500: "quinhentos quinhentas quinhento quinentos",
        600: "seiscentos seiscentas seiscento seisentos seissentos",
        700: "setecentos setecentas setecento setesentos",
        800: "oitocentos oitocentas oitocento oitosentos",
        900: "novecentos novecentas novecento novesentos",
    }
)
HALVES = {"meio", "meia"}
VAGUE = {"pouco", "poucos", "tantos", "tanto"}  # "trinta e poucos mil"

_MIL, _MI = Decimal(1000), Decimal(1_000_000)
SCALES = {
    **dict.fromkeys("mil mill miu mils mik mim mul nil mll mel miul miil mmil mli milzinho k".split(), _MIL),
    **dict.fromkeys(
        "mi mio m mm kk milhao milhoes milha milao miloes milhoens mihao mihoes milhaum milhaozinho".split(), _MI
    ),
    **dict.fromkeys("bi bilhao bilhoes".split(), _MI * 1000),
}
SLANG = frozenset(
    {"conto", "contos", "pila", "pilas", "pau", "paus", "mangos", "mango", "dinheiros", "barao", "baroes", "mirreis"}
)
MONEY_WORDS = SLANG | {"reais", "real", "reias", "reai", "brl"}
TERM_UNITS = {
    **dict.fromkeys(
        "x vez vezes veses vezs vezez vezis veis veiz vzs vz parcela parcelas parcs parselas parcelinhas".split(), 1
    ),
    **dict.fromkeys("prestacao prestacoes prest mensalidades mes meses mezes meis".split(), 1),
    **dict.fromkeys("ano anos aninho aninhos".split(), 12),
    **dict.fromkeys("decada decadas".split(), 120),
}
