"""Talks that a consultant took over: leads in contact, qualified, or lost on the way."""

from crm.demo.script import Talk

TALKS_SERVED: dict[str, Talk] = {
    "iracema": Talk(
        ended=14,
        unread=2,
        script="""
Olá

Iracema

garantia de imóvel

quero falar com uma pessoa por favor, não gosto de robô 😅
(20m)
> Oi, Iracema! {eu} aqui, da Horizonte. Pode falar comigo 😊
> Você já tem em mente o valor que precisa?

uns 150 mil, minha casa vale 500
mas ainda ta no nome da minha mãe, tem problema?
""",
    ),
    "douglas": Talk(
        ended=170,
        script="""
oi preciso de 80 mil

Douglas

com garantia da minha casa

me passa pra um consultor por favor
(12m)
> Fala, Douglas! {eu} aqui, da Horizonte. Vi que você precisa de R$ 80 mil com garantia da casa.
> Ela está quitada? E quanto vale, mais ou menos?
(40m)
quitada sim
vale uns 280 mil
(9m)
> Ótimo. Me manda a matrícula atualizada quando puder, que eu já deixo a análise encaminhada !delivered
""",
    ),
    "fatima": Talk(
        ended=1700,
        script="""
bom, queria um financiamento de imóvel

Fátima

quero falar com atendente
(30m)
> Oi, Fátima, tudo bem? {eu}, da Horizonte. Qual imóvel você está olhando?

é um apê na planta, 350 mil
mas só consigo dar 50 de entrada
(15m)
> Entendi. Com 80% de financiamento a entrada precisa ser de R$ 70 mil. Dá para usar o FGTS também, você tem?
(2h)
tenho 30 mil de fgts
(5h)
> Então fecha! Consigo te ligar amanhã às 10h? !sent
""",
    ),
    "edivaldo": Talk(
        ended=4600,
        script="""
Opa, vcs fazem empréstimo no carro?

Edivaldo

garantia do carro

me liga por favor
(1h)
> Boa, Edivaldo! {eu}, da Horizonte. Tentei te ligar agora e caiu na caixa postal. Qual o melhor horário?
(3h)
depois das 18 pode ser
(20h)
> Oi, Edivaldo! Liguei ontem às 18h15 e hoje cedo. Continua com interesse? !delivered
""",
    ),
    "nilza": Talk(
        ended=33,
        unread=1,
        inbox="consultants",
        script="""
Oi, peguei seu número com a minha irmã Sônia, ela fez empréstimo com vc
(6m)
> Oi, Nilza! Que bom 😊 A Sônia é um amor. Como posso te ajudar?

queria o mesmo que ela, na garantia da casa
tenho um terreno tbm
(4m)
> Perfeito. A casa está no seu nome e quitada?

sim os dois
[foto]
""",
    ),
    "otavio": Talk(
        ended=2950,
        inbox="consultants",
        script="""
Oi, é da Horizonte?
(3m)
> É sim, Otávio! {eu} falando.

me indicaram vcs p/ consignado, sou servidor do estado
(10m)
> Atendemos sim. Me manda o último contracheque, por favor?

[documento]
(25m)
> Recebido! Te retorno com a margem até amanhã. !unknown
""",
    ),
    "keila": Talk(
        ended=640,
        script="""
oi preciso de dinheiro urgente, 12 mil

Keila

empréstimo pessoal

ganho 2.600

quero falar com alguém
(18m)
> Oi, Keila! {eu}, da Horizonte. Estou vendo aqui o seu pedido.
> Você tem carro ou moto no seu nome? Com garantia a taxa cai bastante.
(50m)
tenho uma biz 2019 só 😕
(11m)
> Serve para conversar! Me manda a foto do documento dela? !failed
""",
    ),
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
