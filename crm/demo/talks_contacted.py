"""Talks of leads in contact: they asked for a person, or wrote to the consultants."""

from crm.demo.script import Talk

TALKS_CONTACTED: dict[str, Talk] = {
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
}
