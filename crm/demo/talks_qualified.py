"""Talks of leads that Lívia qualified, and of those lost on the way."""

from crm.demo.script import Talk

TALKS_QUALIFIED: dict[str, Talk] = {
    "rosangela": Talk(
        ended=75,
        unread=1,
        script="""
oi, sou a Rosângela de Uberlândia MG
quero empréstimo com garantia do meu apto

preciso de 200 mil
ele vale 600 mil

ganho 15 mil
sou servidora pública

12 anos

tá quitado

quero trocar as dívidas por uma só

sim, pode passar
(25m)
> Oi, Rosângela! {eu}, da Horizonte. Já estou com a sua simulação aqui.
> Para seguir preciso da matrícula do imóvel e dos três últimos contracheques, pode ser?

pode sim!! os contracheques mando hj
a matrícula pego no cartório amanhã
""",
    ),
    "gilberto": Talk(
        ended=1500,
        script="""
Opa
meu nome é Gilberto

garantia de veículo

40 mil
minha hilux vale 145 mil

11 mil

em 48 vezes

Sinop MT

quitada

comprar umas cabeças de gado

produtor rural, empresário

pode sim
(35m)
> Olá, Gilberto! {eu}, da Horizonte Crédito. Recebi a sua simulação de R$ 40 mil em 48 meses.
> Precisa do CRLV, da CNH e de um comprovante de renda.
(6h)
[foto]
[foto]
o comprovante o contador manda amanhã
(30m)
> Combinado! Assim que chegar eu subo para análise.
""",
    ),
    "samara": Talk(
        ended=3600,
        script="""
Oi! Queria simular um financiamento

Samara

financiamento imobiliário

o apartamento é 380 mil
tenho 110 mil de entrada

ganho 12.500

25 anos

João Pessoa PB

clt

sim quero
(2h)
> Oi, Samara! {eu}, da Horizonte. Que legal, é o primeiro imóvel?

ééé 😍
(4m)
> Parabéns! Então você pode usar o FGTS na entrada. Te mando a lista de documentos agora.
> RG, CPF, holerites dos últimos três meses, IR e a carteira de trabalho.
(20h)
mandei tudo por email
""",
    ),
    "hildebrando": Talk(
        ended=7900,
        script="""
Prezados, gostaria de informações sobre consignado

Hildebrando

servidor público federal

45 mil em 72 meses

recebo 12 mil

Manaus AM

sim
(1h)
> Olá, Sr. Hildebrando! {eu}, da Horizonte. Confirmo a simulação de R$ 45 mil em 72 meses.
(3h)
Ótimo. Envio o contracheque em breve
(1d)
> Sr. Hildebrando, conseguiu separar o contracheque?
""",
    ),
    "vanderleia": Talk(
        ended=420,
        unread=1,
        script="""
oi
quero um consórcio de imóvel

Vanderléia

200 mil

em 180 meses

ganho 7 mil

Chapecó SC

quero sim
(45m)
> Oi, Vanderléia! {eu}, da Horizonte 😊 Esse grupo tem assembleia todo dia 15.
> Você pretende dar lance?
(1h)
queria dar uns 30 mil de lance, ajuda?
""",
    ),
    "marcio": Talk(
        ended=2300,
        script="""
e aí, blz? quero emprestimo na garantia da casa

Márcio

preciso de 100 mil
a casa vale 450 mil

9.500 por mes

10 anos

Goiânia GO

sim

montar um food truck

autônomo

bora
(15m)
> Fala, Márcio! {eu}, da Horizonte. Simulação recebida, R$ 100 mil em 120 meses.
> Consigo vistoriar o imóvel na quinta, pode ser?

quinta de manhã pode
(8m)
> Fechado, quinta às 9h. O engenheiro te liga antes. 👍
""",
    ),
    "sueli": Talk(
        ended=5200,
        script="""
oi

não quero receber mais mensagens
""",
    ),
    "adriano": Talk(
        ended=9800,
        script="""
Oi, quero refinanciar meu carro

Adriano

35 mil
o carro vale 80 mil

ganho 7 mil
em 36 meses

Campina Grande PB

sim quitado

reforma

clt

sim
(1h)
> Oi, Adriano! {eu}, da Horizonte. Vou precisar do CRLV e do comprovante de renda.
(1d)
Opa, acabei fechando com o banco onde recebo salário
mas obrigado viu
(30m)
> Sem problema, Adriano! Qualquer coisa estou por aqui.
""",
    ),
    "janaina": Talk(
        ended=14400,
        script="""
oi quero saber de empréstimo

Janaína

empréstimo pessoal

5 mil

quero falar com um atendente
(30m)
> Oi, Janaína! {eu}, da Horizonte. Vamos ver isso juntos?
(2d)
> Oi, Janaína, ainda precisa dos R$ 5 mil? !delivered
(3d)
> Vou encerrar por aqui, tá? Se precisar é só chamar. !sent
""",
    ),
}
