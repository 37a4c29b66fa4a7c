"""Talks of leads with a proposal, and of those who signed."""

from crm.demo.script import Talk

TALKS_LATE: dict[str, Talk] = {
    "cristiane": Talk(
        ended=47,
        unread=1,
        script="""
Oi, me chamo Cristiane
queria um empréstimo com garantia da minha casa em Niterói RJ

preciso de 350 mil
a casa vale 1,2 milhão

25 mil por mês

15 anos

quitada sim

expandir a clínica

sou empresária

pode passar
(20m)
> Oi, Cristiane! {eu}, da Horizonte. Parabéns pela clínica! 👏
(2d)
> A proposta saiu: R$ 350 mil em 180 meses, nas condições da simulação. Te mandei o contrato para leitura.
(5h)
vi aqui, uma dúvida
dá pra antecipar parcela sem multa?
""",
    ),
    "jorge": Talk(
        ended=1350,
        script="""
olá, quero financiar uma casa

Jorge Luiz

casa de 500 mil
vou dar 200 mil de entrada

ganho 16 mil
em 20 anos

Vitória ES

clt

sim
(1h)
> Oi, Jorge! {eu}, da Horizonte. Simulação recebida. Você já tem a documentação do vendedor?

tenho sim, mando hoje
[documento]
[documento]
(2d)
> Jorge, o banco aceitou a documentação. A proposta está pronta, pode passar aqui para assinar?

posso na sexta
""",
    ),
    "leandro": Talk(
        ended=7900,
        script="""
salve, preciso de um capital, tenho caminhão

Leandro

garantia do veículo

120 mil
o caminhão vale 290 mil

22 mil

60x

Betim MG

sim

comprar uma carreta

empresario

sim pode
(40m)
> Fala, Leandro! {eu}, da Horizonte. Simulação de R$ 120 mil recebida, muito bom o caminhão!
(1d)
> Proposta pronta, te enviei por aqui. Consegue olhar?
(4h)
vou mostrar pro contador
(2d)
> Leandro, conseguiu falar com o contador?
""",
    ),
    "beatriz": Talk(
        ended=2700,
        script="""
Olá, sou professora da rede estadual e quero um consignado

Beatriz

20 mil em 60 meses

6.800

Natal RN

sim por favor
(30m)
> Oi, professora! {eu}, da Horizonte. A margem está confirmada para os R$ 20 mil.
(1d)
> Contrato na sua mão, é só conferir os dados e assinar pelo aplicativo 😊
(2h)
tá, vou ler com calma no fds
""",
    ),
    "sonia": Talk(
        ended=4000,
        script="""
oi, quero empréstimo com garantia da minha casa

Sônia

180 mil
a casa vale 750 mil

18 mil

10 anos

Ribeirão Preto SP

sim

quitar umas dívidas

clt

sim
(20m)
> Oi, Sônia! {eu}, da Horizonte. Vamos dar andamento?

vamos!
(4d)
> Sônia, contrato registrado no cartório. O crédito cai em até dois dias úteis 🎉
(1d)
CAIU!!! muito obrigada 😭🙏
vou indicar vc pra minha irmã
(5m)
> Que alegria, Sônia! Indica sim 😊
""",
    ),
    "thiago": Talk(
        ended=8700,
        script="""
Fala! Quero empréstimo com garantia do carro

Thiago

30 mil
o carro vale 75 mil

ganho 8 mil
em 24 meses

Joinville SC

tá quitado

casamento 😄

clt

pode
(30m)
> Oi, Thiago! {eu}, da Horizonte. Parabéns pelo casamento!
> Manda o CRLV e a CNH que hoje mesmo eu subo.

[foto]
[foto]
(1d)
> Assinado e pago, Thiago. Boa festa! 🥂

valeu demais!!
""",
    ),
}
