"""The places of Brazil: states, nicknames and some 5,500 cities with their state."""

from functools import cache
from pathlib import Path

from agent.brain.text import fold, words

_DATA = Path(__file__).parent / "data" / "cities.txt"
STATES = {
    "acre": "AC",
    "alagoas": "AL",
    "amapa": "AP",
    "amazonas": "AM",
    "bahia": "BA",
    "ceara": "CE",
    "distrito federal": "DF",
    "espirito santo": "ES",
    "goias": "GO",
    "maranhao": "MA",
    "mato grosso": "MT",
    "mato grosso do sul": "MS",
    "minas gerais": "MG",
    "minas": "MG",
    "para": "PA",
    "paraiba": "PB",
    "parana": "PR",
    "pernambuco": "PE",
    "piaui": "PI",
    "rio de janeiro": "RJ",
    "rio grande do norte": "RN",
    "rio grande do sul": "RS",
    "rondonia": "RO",
    "roraima": "RR",
    "santa catarina": "SC",
    "sao paulo": "SP",
    "sergipe": "SE",
    "tocantins": "TO",
}
UFS = frozenset(STATES.values())
NICKNAMES = {
    "bh": ("Belo Horizonte", "MG"),
    "belo": ("Belo Horizonte", "MG"),
    "beaga": ("Belo Horizonte", "MG"),
    "floripa": ("Florianópolis", "SC"),
    "poa": ("Porto Alegre", "RS"),
    "sampa": ("São Paulo", "SP"),
    "sp capital": ("São Paulo", "SP"),
    "rio": ("Rio de Janeiro", "RJ"),
    "bsb": ("Brasília", "DF"),
    "cwb": ("Curitiba", "PR"),
    "ctba": ("Curitiba", "PR"),
    "jampa": ("João Pessoa", "PB"),
    "sjc": ("São José dos Campos", "SP"),
    "sjrp": ("São José do Rio Preto", "SP"),
    "rio preto": ("São José do Rio Preto", "SP"),
    "sbc": ("São Bernardo do Campo", "SP"),
    "sao bernardo": ("São Bernardo do Campo", "SP"),
    "ribeirao": ("Ribeirão Preto", "SP"),
    "jf": ("Juiz de Fora", "MG"),
    "bc": ("Balneário Camboriú", "SC"),
    "caxias": ("Caxias do Sul", "RS"),
    "prudente": ("Presidente Prudente", "SP"),
    "foz": ("Foz do Iguaçu", "PR"),
    "goiania": ("Goiânia", "GO"),
    "gyn": ("Goiânia", "GO"),
    "mogi": ("Mogi das Cruzes", "SP"),
    "cachoeiro": ("Cachoeiro de Itapemirim", "ES"),
    "campos": ("Campos dos Goytacazes", "RJ"),
    "valadares": ("Governador Valadares", "MG"),
}
# Places that share their name with a much larger one elsewhere.
LARGEST = dict(
    entry.strip().split("=")
    for entry in """
    alvorada=RS, aparecida=SP, anchieta=ES, barra bonita=SP, belem=PA, boa vista=RR, bom jesus=PI,
    bonito=MS, cachoeirinha=RS, campo grande=MS, canoas=RS, candeias=BA, cascavel=PR, cruzeiro=SP, cruzeiro
    do sul=AC, guara=DF, guaira=PR, humaita=AM, irati=PR, itabaiana=SE, itapeva=SP, lajeado=RS, palmas=TO,
    palmares=PE, parnamirim=RN, paulista=PE, planaltina=DF, praia grande=SP, redencao=PA, rio branco=AC, rio
    claro=SP, santa barbara=MG, santa cruz=RN, santa luzia=MG, santa maria=RS, santa rita=PB, santana=AP,
    santo andre=SP, sao carlos=SP, sao francisco=MG, sao gabriel=RS, sao goncalo=RJ, sao goncalo do
    amarante=RN, sao jose=SC, sao lourenco=MG, sao sebastiao=SP, sao vicente=SP, sertaozinho=SP,
    taguatinga=DF, toledo=PR, trindade=GO, varzea grande=MT, vicosa=MG, sarandi=PR, viana=ES, novo
    horizonte=SP, itambe=PR, lagoa santa=MG, conde=PB, presidente dutra=MA, caucaia=CE, ananindeua=PA
    """.split(",")
)
# Places that are ordinary words: only where asked, or with their state.
COMMON = words(
    "natal valor bom casa feliz nova colina uniao progresso independencia planalto jardim serra prata ouro terra "
    "loja bonito paraiso maravilha esperanca fe saudade condado conde para mae pai rio belo campos caxias feira "
    "ribeirao prudente mogi centro boa vista alegria triunfo milagres turvo vermelho tavares oliveira"
)


@cache
def cities() -> dict[str, tuple[str, tuple[str, ...]]]:
    table: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, uf = line.split(";")
        key = key_of(name)
        known = table.get(key, (name, ()))
        table[key] = (known[0], (*known[1], uf))
    return table


def key_of(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").split())


def lookup(key: str) -> tuple[str, tuple[str, ...]] | None:
    if key in NICKNAMES:
        name, uf = NICKNAMES[key]
        return name, (uf,)
    entry = cities().get(key)
    if entry and key in LARGEST and LARGEST[key] in entry[1]:
        return entry[0], (LARGEST[key], *(u for u in entry[1] if u != LARGEST[key]))
    return entry
