"""The leads of the demo: who they are and where they stand. Amounts in reais, `since` in hours, `age` in days.

A person with a `talk` gets the rest from what the talk says.
"""

from dataclasses import dataclass

HOME, ESTATE, AUTO = "home_equity", "real_estate_financing", "auto_equity"
CONSORCIO, PERSONAL, PAYROLL = "consorcio", "personal_loan", "payroll_loan"


@dataclass(frozen=True, kw_only=True)
class Person:
    name: str
    place: str  # city UF
    ddd: int
    status: str
    talk: str = ""
    since: float = 0
    age: float = 0
    product: str = ""
    credit: int = 0
    value: int = 0  # of the collateral
    income: int = 0
    term: int = 0
    down: int = 0
    occupation: str = ""
    purpose: str = ""
    source: str = "whatsapp"
    utm: str = ""  # source/medium/campaign
    message: str = ""
    lost: str = ""
    note: str = ""
    won: int = 0

    @property
    def city(self) -> str:
        return self.place[:-3]

    @property
    def uf(self) -> str:
        return self.place[-2:]


def _talk(talk: str, name: str, place: str, ddd: int, status: str, **rest: object) -> Person:
    return Person(talk=talk, name=name, place=place, ddd=ddd, status=status, **rest)  # type: ignore[arg-type]


def _lead(name: str, place: str, ddd: int, status: str, product: str, credit: int, **rest: object) -> Person:
    return Person(
        name=name, place=place, ddd=ddd, status=status, product=product, credit=credit, **rest  # type: ignore[arg-type]
    )  # fmt: skip


# fmt: off
WITH_TALK = [
    _talk("marlene", "Marlene Ferreira", "Feira de Santana BA", 75, "NEW", utm="instagram/social/garantia-imovel"),
    _talk("ribamar", "José Ribamar Costa", "São Luís MA", 98, "NEW"),
    _talk("patricia", "Patrícia Yamamoto", "Londrina PR", 43, "NEW", utm="google/cpc/financiamento"),
    _talk("wellington", "Wellington Barbosa", "Duque de Caxias RJ", 21, "NEW"),
    _talk("cleide", "Cleide Nascimento", "Caruaru PE", 81, "NEW", utm="facebook/social/consorcio"),
    _talk("wernke", "Antônio Wernke", "Blumenau SC", 47, "NEW"),
    _talk("sheila", "Sheila Cristina Ramos", "Contagem MG", 31, "NEW", utm="google/cpc/garantia-imovel"),
    _talk("raimundo", "Raimundo Nonato Silva", "Santarém PA", 93, "NEW"),
    _talk("taina", "Tainá Rodrigues", "Dourados MS", 67, "NEW"),
    _talk("luciano", "Luciano Bittencourt", "Pelotas RS", 53, "NEW"),
    _talk("iracema", "Iracema Tavares", "Fortaleza CE", 85, "CONTACTED"),
    _talk("douglas", "Douglas Pereira", "Osasco SP", 11, "CONTACTED", utm="google/cpc/garantia-imovel"),
    _talk("fatima", "Fátima Abdalla", "Campo Grande MS", 67, "CONTACTED"),
    _talk("edivaldo", "Edivaldo Santana", "Aracaju SE", 79, "CONTACTED"),
    _talk(
        "nilza", "Nilza Caetano", "Ribeirão Preto SP", 16, "CONTACTED", utm="indicacao/amigo/sonia",
        product=HOME, credit=90_000, value=420_000,
    ),
    _talk(
        "otavio", "Otávio Meireles", "Porto Velho RO", 69, "CONTACTED",
        product=PAYROLL, credit=25_000, income=8_200, term=60, occupation="public_servant",
    ),
    _talk("keila", "Keila Monteiro", "Macapá AP", 96, "CONTACTED"),
    _talk("rosangela", "Rosângela Prado", "Uberlândia MG", 34, "QUALIFIED", utm="google/cpc/garantia-imovel"),
    _talk("gilberto", "Gilberto Zanella", "Sinop MT", 66, "QUALIFIED"),
    _talk("samara", "Samara Lucena", "João Pessoa PB", 83, "QUALIFIED", utm="instagram/social/primeiro-imovel"),
    _talk("hildebrando", "Hildebrando Assis", "Manaus AM", 92, "QUALIFIED"),
    _talk("vanderleia", "Vanderléia Rossi", "Chapecó SC", 49, "QUALIFIED"),
    _talk("marcio", "Márcio Guedes", "Goiânia GO", 62, "QUALIFIED", utm="google/cpc/garantia-imovel"),
    _talk("cristiane", "Cristiane Vasconcelos", "Niterói RJ", 21, "PROPOSAL", since=6, utm="indicacao/parceiro/saude"),
    _talk("jorge", "Jorge Luiz Amaral", "Vitória ES", 27, "PROPOSAL", since=23),
    _talk("leandro", "Leandro Teixeira", "Betim MG", 31, "PROPOSAL", since=184),
    _talk("beatriz", "Beatriz Câmara", "Natal RN", 84, "PROPOSAL", since=48),
    _talk("sonia", "Sônia Caetano", "Ribeirão Preto SP", 16, "WON", since=92, won=180_000),
    _talk("thiago", "Thiago Krause", "Joinville SC", 47, "WON", since=145.2, won=30_000),
    _talk(
        "sueli", "Sueli Batista", "Maceió AL", 82, "LOST", since=80,
        lost="other", note="Pediu para não receber mensagens.",
    ),
    _talk(
        "adriano", "Adriano Queiroga", "Campina Grande PB", 83, "LOST", since=163,
        lost="competitor", note="Fechou com o banco em que recebe o salário.",
    ),
    _talk("janaina", "Janaína Moura", "Teresina PI", 86, "LOST", since=239, lost="no_answer"),
]

WITHOUT_TALK = [
    _lead("Gisele Andrade", "Sorocaba SP", 15, "NEW", HOME, 150_000, since=0.6, value=480_000, source="import"),
    _lead("Mauro Sérgio Pinto", "Palmas TO", 63, "NEW", AUTO, 35_000, since=2.4, value=92_000, source="import"),
    _lead("Ivone Klein", "Cascavel PR", 45, "NEW", CONSORCIO, 0, since=5.5, source="import"),
    _lead(
        "Reginaldo Fontes", "Salvador BA", 71, "CONTACTED", HOME, 220_000, since=3, age=0.4, value=700_000,
        income=13_000, term=120, occupation="business_owner", purpose="business", source="form",
        utm="google/cpc/garantia-imovel", message="Quero usar meu imóvel quitado para ampliar a padaria. Me ligam?",
    ),
    _lead(
        "Larissa Menezes", "Recife PE", 81, "CONTACTED", ESTATE, 280_000, since=9, age=1, value=350_000, down=70_000,
        income=11_500, term=360, occupation="clt", source="form", utm="instagram/social/primeiro-imovel",
        message="Primeiro imóvel, quero entender a entrada.",
    ),
    _lead("Valdir Schmidt", "Caxias do Sul RS", 54, "CONTACTED", AUTO, 45_000, since=27, age=2, value=98_000,
          income=7_200, term=48, occupation="self_employed", source="manual"),
    _lead("Eunice Arruda", "Cuiabá MT", 65, "CONTACTED", PAYROLL, 18_000, since=50, age=3, income=5_400, term=60,
          occupation="retired", source="api", utm="facebook/social/consignado"),
    _lead("Fábio Nakamura", "São José dos Campos SP", 12, "CONTACTED", HOME, 500_000, since=80, age=5,
          value=1_400_000, income=32_000, term=180, occupation="business_owner", purpose="investment", source="form",
          utm="google/cpc/garantia-imovel"),
    _lead("Dalva Conceição", "Ilhéus BA", 73, "CONTACTED", PERSONAL, 6_000, since=1.5, age=0.2, income=2_300, term=18,
          occupation="clt", purpose="health", source="form", message="Só queria saber o valor da parcela."),
    _lead("Rodrigo Falcão", "Brasília DF", 61, "QUALIFIED", HOME, 400_000, since=12, age=3, value=1_100_000,
          income=28_000, term=150, occupation="public_servant", purpose="debt_consolidation", source="form",
          utm="google/cpc/garantia-imovel", message="Quero trocar o cheque especial. Já tenho os documentos."),
    _lead("Tereza Cristina Lobo", "Belém PA", 91, "QUALIFIED", ESTATE, 320_000, since=20, age=4, value=450_000,
          down=130_000, income=15_800, term=300, occupation="clt", source="api", utm="portal/imoveis/parceria"),
    _lead("Cláudio Bianchi", "Bento Gonçalves RS", 54, "QUALIFIED", AUTO, 70_000, since=55, age=6, value=160_000,
          income=14_000, term=48, occupation="business_owner", purpose="business", source="manual"),
    _lead("Marilda Xavier", "Montes Claros MG", 38, "QUALIFIED", PAYROLL, 30_000, since=130, age=9, income=8_900,
          term=72, occupation="public_servant", source="form"),
    _lead("Henrique Dantas", "Mossoró RN", 84, "QUALIFIED", CONSORCIO, 120_000, since=30, age=3, income=9_000,
          term=100, occupation="self_employed", source="form", utm="facebook/social/consorcio"),
    _lead("Alessandra Pimentel", "Curitiba PR", 41, "PROPOSAL", HOME, 600_000, since=10, age=8, value=1_800_000,
          income=45_000, term=180, occupation="business_owner", purpose="business", source="form",
          utm="google/cpc/garantia-imovel", message="Preciso de capital de giro, tenho urgência."),
    _lead("Osvaldo Brito", "Anápolis GO", 62, "PROPOSAL", AUTO, 55_000, since=40, age=7, value=130_000,
          income=10_500, term=36, occupation="self_employed", purpose="renovation", source="manual"),
    _lead("Priscila Fontoura", "Florianópolis SC", 48, "PROPOSAL", ESTATE, 450_000, since=80, age=14, value=640_000,
          down=190_000, income=24_000, term=360, occupation="clt", source="api", utm="portal/imoveis/parceria"),
    _lead("Josué Cardoso", "Imperatriz MA", 99, "PROPOSAL", HOME, 130_000, since=120, age=15, value=390_000,
          income=8_700, term=144, occupation="self_employed", purpose="renovation", source="form"),
    _lead("Neide Figueiredo", "Santos SP", 13, "PROPOSAL", PAYROLL, 25_000, since=200, age=16, income=7_500, term=84,
          occupation="retired", source="manual"),
    _lead("Carlos Eduardo Maia", "Belo Horizonte MG", 31, "WON", HOME, 300_000, since=30, age=24, value=900_000,
          income=26_000, term=120, occupation="business_owner", purpose="business", source="form", won=300_000,
          utm="google/cpc/garantia-imovel"),
    _lead("Luzia Amorim", "Vitória da Conquista BA", 77, "WON", PAYROLL, 22_000, since=70, age=12, income=6_100,
          term=72, occupation="retired", source="manual", won=22_000),
    _lead("Renato Siqueira", "Campinas SP", 19, "WON", ESTATE, 380_000, since=120, age=40, value=520_000, down=140_000,
          income=21_000, term=360, occupation="clt", source="form", won=375_000),
    _lead("Elaine Portela", "Sobral CE", 88, "WON", CONSORCIO, 90_000, since=260, age=28, income=7_700, term=90,
          occupation="self_employed", source="api", won=90_000, utm="facebook/social/consorcio"),
    _lead("Ubirajara Gomes", "Boa Vista RR", 95, "WON", AUTO, 48_000, since=400, age=35, value=110_000, income=9_300,
          term=36, occupation="public_servant", source="manual", won=45_000),
    _lead("Simone Duarte", "Juiz de Fora MG", 32, "LOST", HOME, 250_000, since=50, age=11, value=600_000, income=9_800,
          term=180, occupation="clt", source="form", lost="denied", note="Restrição no nome do cônjuge."),
    _lead("Paulo Roberto Farias", "Guarulhos SP", 11, "LOST", AUTO, 40_000, since=100, age=9, value=72_000,
          income=4_100, term=48, occupation="self_employed", source="form", lost="rate",
          note="Achou a parcela alta para o momento."),
    _lead("Conceição Barros", "Rio Branco AC", 68, "LOST", PERSONAL, 15_000, since=180, age=13, income=1_900, term=24,
          occupation="unemployed", source="form", lost="not_eligible"),
    _lead("Evandro Luz", "Ponta Grossa PR", 42, "LOST", CONSORCIO, 60_000, since=330, age=30, income=6_400, term=80,
          occupation="clt", source="api", lost="postponed", note="Volta a falar depois do décimo terceiro.",
          utm="facebook/social/consorcio"),
]
# fmt: on

PEOPLE = WITH_TALK + WITHOUT_TALK
