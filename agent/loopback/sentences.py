"""What the loopback model says: plain Brazilian Portuguese, no figures, no promises."""

# slot -> ways to ask for it
QUESTIONS: dict[str, tuple[str, ...]] = {
    "name": ("Como posso te chamar?", "Antes de tudo, qual é o seu nome?"),
    "product": (
        "Temos crédito com garantia de imóvel ou de veículo, financiamento imobiliário, consórcio, empréstimo pessoal "
        "e consignado. O que você está procurando?",
    ),
    "credit_amount": ("Qual valor você precisa, mais ou menos?", "E de quanto você precisa?"),
    "property_value": ("Quanto vale o imóvel hoje, mais ou menos?", "Você sabe quanto vale o imóvel hoje?"),
    "vehicle_value": ("Quanto vale o veículo hoje? Pode ser pela FIPE.", "E quanto vale o veículo, pela FIPE?"),
    "monthly_income": ("Qual é a sua renda mensal, somando tudo?", "Me conta: qual é a sua renda mensal?"),
    "term_months": ("Em quanto tempo você quer pagar?", "Qual prazo fica bom para você pagar?"),
    "city": ("Em qual cidade você mora?", "De qual cidade você fala?"),
    "uf": ("Em qual estado você mora?",),
    "occupation": ("Você trabalha como CLT, autônomo, empresário, servidor público, ou é aposentado?",),
    "purpose": ("E vai usar o dinheiro para quê?", "O que você pretende fazer com o dinheiro?"),
    "collateral_paid_off": ("O bem está quitado?", "E o bem, já está quitado?"),
    "down_payment": ("Você tem alguma entrada para dar?",),
    "max_installment": ("Qual parcela caberia bem no seu mês?",),
    "urgency": ("Para quando você precisa?",),
    "email": ("Qual é o seu e-mail?",),
}

# words in a label -> slot, where the prompt names what to ask in words
LABELS: tuple[tuple[str, str], ...] = (
    ("renda", "monthly_income"),
    ("parcela", "max_installment"),
    ("entrada", "down_payment"),
    ("prazo", "term_months"),
    ("veículo", "vehicle_value"),
    ("veiculo", "vehicle_value"),
    ("quitad", "collateral_paid_off"),
    ("imóvel", "property_value"),
    ("imovel", "property_value"),
    ("cidade", "city"),
    ("nome", "name"),
    ("finalidade", "purpose"),
    ("usar", "purpose"),
    ("ocupação", "occupation"),
    ("trabalh", "occupation"),
    ("produto", "product"),
    ("modalidade", "product"),
    ("urgência", "urgency"),
    ("e-mail", "email"),
    ("valor", "credit_amount"),
    ("crédito", "credit_amount"),
)

# pattern in what the client said -> how to take it up; "{name}" is ", Maria" or nothing
TAKEN_UP: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bme chamo\b|\bmeu nome\b", ("Muito prazer{name}!",)),
    (r"\bbom dia\b", ("Bom dia{name}! 😊 Que bom falar com você.",)),
    (r"\bboa tarde\b", ("Boa tarde{name}! 😊 Que bom falar com você.",)),
    (r"\bboa noite\b", ("Boa noite{name}! 😊 Que bom falar com você.",)),
    (r"^\W*(oi+|olá|ola|opa|hey|e aí)\b", ("Oi{name}! 😊 Que bom falar com você.",)),
    (r"\bobrigad", ("Eu que agradeço{name}!",)),
    (r"\?", ("Boa pergunta{name}! Essa parte o consultor te explica com detalhes.",)),
    (r"reform|constru|obra", ("Reforma é um bom motivo para se organizar{name}!", "Que legal{name}, boa obra!")),
    (r"dívida|divida|cart[aã]o|cheque especial", ("Entendi{name}. Juntar tudo em um lugar só ajuda a se organizar.",)),
    (r"neg[oó]cio|empresa\b|loja|estoque", ("Que legal{name}, investir no próprio negócio!",)),
    (r"\d|\bmil\b", ("Anotado{name}!", "Perfeito{name}, já anotei aqui.", "Certo{name}, anotei.")),
    (r"aposentad|autônom|autonom|clt|servidor|empres[aá]ri", ("Obrigada por contar{name}!",)),
    (r"carro|moto\b|ve[ií]culo|caminh", ("Certo{name}, vamos ver as opções para o veículo.",)),
    (r"casa|apartamento|im[oó]vel|terreno", ("Certo{name}, vamos ver isso com calma.",)),
)
HELLOS = ("Bom dia", "Boa tarde", "Boa noite", "Olá")
PLAIN = ("Entendi{name}!", "Certo{name}!", "Tudo bem{name}!", "Obrigada{name}!")
NOTHING_TO_ASK = "Quer me contar mais alguma coisa para eu seguir com o seu pedido?"
UNKNOWN = "Pode me dizer {label}?"
