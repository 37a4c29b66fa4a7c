"""What the simulated clients say: talks of several turns as people in Brazil write them on WhatsApp."""

from dataclasses import dataclass
from random import Random

Step = tuple[str, ...]  # said in one go, as several messages
Script = tuple[tuple[Step, ...], ...]

TALKS: Script = (
    (
        ("oi", "boa tarde"),
        ("me chamo {name}",),
        ("quero um empréstimo com garantia do meu imóvel",),
        ("preciso de {amount}",),
        ("o imóvel vale uns {property}", "e já está quitado"),
        ("ganho {income} por mês",),
        ("queria pagar em {years} anos",),
        ("moro em {city}",),
    ),
    (
        ("Olá, vi o anúncio de vocês. Sou {name}, de {city}",),
        ("consigo {amount} dando meu carro de garantia?",),
        ("minha renda é de {income}",),
        ("pode ser em {years} anos",),
        ("e qual é a taxa de juros?",),
        ("vou pensar e te aviso, obrigado",),
    ),
    (
        ("bom dia! queria saber do financiamento de imóvel",),
        ("{name}",),
        ("o apartamento custa {property}", "tenho um pouco de entrada"),
        ("{amount}",),
        ("minha renda é {income}",),
        ("sou de {city}",),
        ("quanto fica a parcela em {years} anos?",),
    ),
    (
        ("oi tudo bem?",),
        ("queria entender como funciona o consórcio",),
        ("meu nome é {name}",),
        ("uma carta de {amount}",),
        ("e se eu for contemplado antes?",),
    ),
    (
        ("boa noite, aqui é {name}",),
        ("preciso de {amount} pra quitar umas dívidas",),
        ("renda de {income}, sou autônomo",),
        ("quero falar com uma pessoa",),
    ),
    (
        ("oi, quanto tempo demora pra sair o dinheiro?",),
        ("entendi", "e precisa ter nome limpo?"),
        ("tá, sou {name} de {city}",),
        ("seria {amount}",),
    ),
    (
        ("quem é?",),
        ("não tenho interesse, pode parar de mandar mensagem",),
    ),
)

# While an answer is long in coming.
NUDGES = ("alguém aí?", "oi?", "você viu minha mensagem?", "estou aguardando", "ainda está aí?")

NAMES = (
    "Adriana", "Antônio", "Camila", "Carlos", "Cláudia", "Denise", "Eduardo", "Fernanda", "Francisco", "Gabriela",
    "Helena", "João", "Juliana", "Lucas", "Marcos", "Mariana", "Paulo", "Renata", "Sérgio", "Vanessa",
)  # fmt: skip
CITIES = ("Campinas", "Natal", "Joinville", "Uberaba", "Recife", "Londrina", "Sorocaba", "Vitória")


@dataclass(frozen=True)
class Persona:
    """Who a client is, as far as the talks ask."""

    name: str
    amount: str
    property: str
    income: str
    years: int
    city: str

    @classmethod
    def drawn(cls, random: Random) -> "Persona":
        amount = random.randrange(30, 400, 10)
        return cls(
            name=random.choice(NAMES),
            amount=f"{amount} mil",
            property=f"{amount * random.randrange(2, 5)} mil",
            income=f"R$ {random.randrange(3, 25)}.{random.choice(('000', '500'))}",
            years=random.choice((5, 8, 10, 12, 15)),
            city=random.choice(CITIES),
        )

    def say(self, line: str) -> str:
        return line.format(**vars(self))
