"""The words of the number grammar."""

from decimal import Decimal

SMALL = {
    "um": 1,
    "uma": 1,
    "dois": 2,
    "duas": 2,
    "tres": 3,
    "quatro": 4,
    "cinco": 5,
    "seis": 6,
    "sete": 7,
    "oito": 8,
    "nove": 9,
    "dez": 10,
    "onze": 11,
    "doze": 12,
    "treze": 13,
    "quatorze": 14,
    "catorze": 14,
    "quinze": 15,
    "dezesseis": 16,
    "dezasseis": 16,
    "dezessete": 17,
    "dezoito": 18,
    "dezenove": 19,
}
TENS = {
    "vinte": 20,
    "trinta": 30,
    "quarenta": 40,
    "cinquenta": 50,
    "sessenta": 60,
    "setenta": 70,
    "oitenta": 80,
    "noventa": 90,
}
HUNDREDS = {
    "cem": 100,
    "cento": 100,
    "duzentos": 200,
    "duzentas": 200,
    "trezentos": 300,
    "trezentas": 300,
    "quatrocentos": 400,
    "quinhentos": 500,
    "seiscentos": 600,
    "setecentos": 700,
    "oitocentos": 800,
    "novecentos": 900,
}
HALVES = {"meio", "meia"}

_MIL, _MI = Decimal(1000), Decimal(1_000_000)
SCALES = {
    "mil": _MIL,
    "k": _MIL,
    "mi": _MI,
    "m": _MI,
    "mm": _MI,
    "kk": _MI,
    "milhao": _MI,
    "milhoes": _MI,
    "milha": _MI,
    "bi": _MI * 1000,
    "bilhao": _MI * 1000,
    "bilhoes": _MI * 1000,
}
MONEY_WORDS = {
    "reais",
    "real",
    "conto",
    "contos",
    "pila",
    "pilas",
    "pau",
    "paus",
    "mangos",
    "dinheiros",
    "brl",
}
TERM_UNITS = {
    "x": 1,
    "vez": 1,
    "vezes": 1,
    "parcela": 1,
    "parcelas": 1,
    "parcelinhas": 1,
    "prestacao": 1,
    "prestacoes": 1,
    "mensalidades": 1,
    "mes": 1,
    "meses": 1,
    "ano": 12,
    "anos": 12,
    "aninhos": 12,
}
