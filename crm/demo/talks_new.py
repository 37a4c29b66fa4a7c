"""Talks that Lívia still leads. How a script reads: see `script.py`."""

from crm.demo.script import Talk

TALKS_NEW: dict[str, Talk] = {
    "marlene": Talk(
        ended=4,
        unread=2,
        script="""
oii
vi o anúncio de vcs no insta, é empréstimo com a casa né?
""",
    ),
    "ribamar": Talk(
        ended=11,
        unread=1,
        script="""
Boa, queria informação de empréstimo

Ribamar

com garantia do meu apartamento

uns 90 mil, é pra terminar a reforma 🙏

o ap vale uns 320 mil
tá quitado já graças a Deus
""",
    ),
    "patricia": Talk(
        ended=26,
        unread=1,
        script="""
Olá! Meu nome é Patrícia
quero financiar um apartamento aqui em Londrina PR

o imóvel custa 420 mil e tenho 120 mil de entrada

ganho 14 mil por mês

30 anos

sou CLT

Uau que rápido rs
e quais documentos precisa?
""",
    ),
    "wellington": Talk(
        ended=52,
        script="""
opa
preciso de uma grana usando o carro como garantia

Wellington

25 mil

o carro vale 58 mil na fipe

tiro uns 5.200 por mês de uber

48 meses

Duque de Caxias RJ

quitado sim

é pra quitar o cartão q ta me matando 😩

achei meio caro hein
""",
    ),
    "cleide": Talk(
        ended=95,
        unread=1,
        script="""
oi

Cleide

queria saber do consórcio
é pra comprar um carro pra minha filha

carta de 70 mil

em 80 meses

3800
""",
    ),
    "wernke": Talk(
        ended=130,
        script="""
Bom, sou aposentado e queria ver um consignado

Antônio Wernke

15 mil

recebo 4.300 do INSS
em 60 meses

Blumenau SC

vou falar com a patroa e te aviso
""",
    ),
    "sheila": Talk(
        ended=38,
        unread=1,
        script="""
Oi, aqui é a Sheila
Quero empréstimo com garantia de imóvel

preciso de 300 mil

minha casa vale 400 mil

renda da família dá uns 16 mil

15 anos

Contagem MG

sim, quitada

abrir uma segunda loja 🙌

sou empresária
""",
    ),
    "raimundo": Talk(
        ended=205,
        script="""
[áudio]

desculpa, tava dirigindo kkk
queria um emprestimo pessoal

Raimundo

8 mil, em 24x
ganho 3.900

Santarém PA

quitar dívida

autonomo
""",
    ),
    "taina": Talk(
        ended=290,
        unread=1,
        script="""
Oi
qual a taxa de juros de vcs?

Tainá

empréstimo pessoal mesmo

10 mil

qual a taxa desse?

Minha renda é 4.500
""",
    ),
    "luciano": Talk(
        ended=380,
        script="""
Tchê, quero usar minha caminhonete de garantia

Luciano

60 mil

vale 130 mil

9 mil por mês
em 36 vezes

Pelotas RS

sim

capital de giro pra minha oficina

empresário
""",
    ),
}
