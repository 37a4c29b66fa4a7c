"""The places of Brazil: states, the IBGE municipalities (data/README.md), nicknames, regions."""

import re
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
CAPITALS = dict(
    " ".join(entry.split()).split("=")
    for entry in """
    AC=Rio Branco, AL=Maceió, AP=Macapá, AM=Manaus, BA=Salvador, CE=Fortaleza, DF=Brasília, ES=Vitória, GO=Goiânia,
    MA=São Luís, MT=Cuiabá, MS=Campo Grande, MG=Belo Horizonte, PA=Belém, PB=João Pessoa, PR=Curitiba, PE=Recife,
    PI=Teresina, RJ=Rio de Janeiro, RN=Natal, RS=Porto Alegre, RO=Porto Velho, RR=Boa Vista, SC=Florianópolis,
    SP=São Paulo, SE=Aracaju, TO=Palmas
    """.split(",")
)
NICKNAMES = {
    "bh": ("Belo Horizonte", "MG"),
    "belo": ("Belo Horizonte", "MG"),
    "beaga": ("Belo Horizonte", "MG"),
    "belzonte": ("Belo Horizonte", "MG"),
    "floripa": ("Florianópolis", "SC"),
    "poa": ("Porto Alegre", "RS"),
    "sampa": ("São Paulo", "SP"),
    "sp capital": ("São Paulo", "SP"),
    "sao paulo capital": ("São Paulo", "SP"),
    "rio": ("Rio de Janeiro", "RJ"),
    "rj capital": ("Rio de Janeiro", "RJ"),
    "capital paulista": ("São Paulo", "SP"),
    "capital fluminense": ("Rio de Janeiro", "RJ"),
    "capital mineira": ("Belo Horizonte", "MG"),
    "capital gaucha": ("Porto Alegre", "RS"),
    "capital baiana": ("Salvador", "BA"),
    "capital paranaense": ("Curitiba", "PR"),
    "capital catarinense": ("Florianópolis", "SC"),
    "capital goiana": ("Goiânia", "GO"),
    "capital capixaba": ("Vitória", "ES"),
    "capital pernambucana": ("Recife", "PE"),
    "capital cearense": ("Fortaleza", "CE"),
    "capital federal": ("Brasília", "DF"),
    "bsb": ("Brasília", "DF"),
    "cwb": ("Curitiba", "PR"),
    "ctba": ("Curitiba", "PR"),
    "jampa": ("João Pessoa", "PB"),
    "sjc": ("São José dos Campos", "SP"),
    "sjrp": ("São José do Rio Preto", "SP"),
    "rio preto": ("São José do Rio Preto", "SP"),
    "sbc": ("São Bernardo do Campo", "SP"),
    "sao bernardo": ("São Bernardo do Campo", "SP"),
    "scs": ("São Caetano do Sul", "SP"),
    "sao caetano": ("São Caetano do Sul", "SP"),
    "sao luiz": ("São Luís", "MA"),
    "ribeirao": ("Ribeirão Preto", "SP"),
    "jf": ("Juiz de Fora", "MG"),
    "bc": ("Balneário Camboriú", "SC"),
    "caxias": ("Caxias do Sul", "RS"),
    "prudente": ("Presidente Prudente", "SP"),
    "foz": ("Foz do Iguaçu", "PR"),
    "gyn": ("Goiânia", "GO"),
    "mogi": ("Mogi das Cruzes", "SP"),
    "cachoeiro": ("Cachoeiro de Itapemirim", "ES"),
    "campos": ("Campos dos Goytacazes", "RJ"),
    "valadares": ("Governador Valadares", "MG"),
    "conquista": ("Vitória da Conquista", "BA"),
    "feira": ("Feira de Santana", "BA"),
    "jaboatao": ("Jaboatão dos Guararapes", "PE"),
    "campina": ("Campina Grande", "PB"),
    "caldas": ("Caldas Novas", "GO"),
    "angra": ("Angra dos Reis", "RJ"),
    "sao joao de meriti": ("São João de Meriti", "RJ"),
    "aparecida de goias": ("Aparecida de Goiânia", "GO"),
    "santa barbara do oeste": ("Santa Bárbara d'Oeste", "SP"),
}
# Administrative regions of the Distrito Federal: no municipalities, but what people answer.
_DF = (
    "Ceilândia", "Taguatinga", "Samambaia", "Guará", "Planaltina", "Sobradinho", "Águas Claras", "Recanto das Emas",
    "Brazlândia", "Riacho Fundo", "Vicente Pires", "Asa Norte", "Asa Sul", "Lago Sul", "Lago Norte", "Plano Piloto",
)  # fmt: skip
REGIONS = {
    "abc": "SP",
    "abc paulista": "SP",
    "grande abc": "SP",
    "grande sao paulo": "SP",
    "grande sp": "SP",
    "baixada santista": "SP",
    "vale do paraiba": "SP",
    "baixada fluminense": "RJ",
    "grande rio": "RJ",
    "regiao dos lagos": "RJ",
    "regiao serrana": "RJ",
    "grande bh": "MG",
    "triangulo mineiro": "MG",
    "sul de minas": "MG",
    "zona da mata mineira": "MG",
    "vale do itajai": "SC",
    "serra gaucha": "RS",
    "grande recife": "PE",
    "grande vitoria": "ES",
    "entorno do df": "GO",
}
DEMONYMS = dict(
    entry.split("=")
    for entry in """
    paulista=SP paulistano=SP carioca=RJ fluminense=RJ mineiro=MG mineira=MG gaucho=RS gaucha=RS baiano=BA baiana=BA
    paranaense=PR catarinense=SC capixaba=ES pernambucano=PE pernambucana=PE cearense=CE goiano=GO goiana=GO
    paraense=PA amazonense=AM maranhense=MA piauiense=PI potiguar=RN paraibano=PB paraibana=PB alagoano=AL
    alagoana=AL sergipano=SE sergipana=SE tocantinense=TO acreano=AC brasiliense=DF candango=DF rondoniense=RO
    """.split()
)
# Where several places share a name, the much larger one; where none is, the state stays open.
LARGEST = dict(
    " ".join(entry.split()).split("=")
    for entry in """
    alvorada=RS, amparo=SP, anchieta=ES, aparecida=SP, aracoiaba=CE, bandeirantes=PR, barra bonita=SP, belem=PA,
    belmonte=BA, boa esperanca=MG, boa vista=RR, bocaina=SP, bom jesus=PI, bonito=MS, buritis=RO, cachoeirinha=RS,
    campo grande=MS, candeias=BA, capanema=PA, cascavel=PR, colinas=MA, colorado=PR, conde=PB, cruzeiro do sul=AC,
    floresta=PE, goiana=PE, guaira=PR, humaita=AM, iguatu=CE, ipora=GO, irati=PR, itabaiana=SE, itambe=PR,
    itapeva=SP, itaporanga=PB, lagoa santa=MG, lajeado=RS, marau=RS, mesquita=RJ, monte alegre=PA, morrinhos=GO,
    nova santa rita=RS, novo horizonte=SP, ouro branco=MG, pacatuba=CE, palmas=TO, palmeira=PR, parnamirim=RN,
    paulista=PE, petrolandia=PE, pitangueiras=SP, praia grande=SP, presidente dutra=MA, queimadas=PB, redencao=PA,
    rio branco=AC, rio claro=SP, rio negro=PR, santa barbara=MG, santa cruz=RN, santa ines=MA, santa isabel=SP,
    santa luzia=MG, santa maria=RS, santa rita=PB, santana=AP, santo andre=SP, sao carlos=SP, sao francisco=MG,
    sao gabriel=RS, sao goncalo do amarante=RN, sao sebastiao=SP, sao vicente=SP, sarandi=PR, serrinha=BA,
    sertaozinho=SP, soledade=RS, tabatinga=AM, toledo=PR, trindade=GO, varzea grande=MT, viana=ES, vicosa=MG,
    wenceslau braz=PR
    """.split(",")
)
# The state capitals and the other cities of some 250,000 people or more: what a misspelt name most likely means.
BIG = frozenset(
    " ".join(name.split())
    for name in """
    rio branco, maceio, macapa, manaus, salvador, fortaleza, brasilia, vitoria, goiania, sao luis, cuiaba,
    campo grande, belo horizonte, belem, joao pessoa, curitiba, recife, teresina, rio de janeiro, natal,
    porto alegre, porto velho, boa vista, florianopolis, sao paulo, aracaju, palmas, guarulhos, campinas,
    sao goncalo, duque de caxias, nova iguacu, sao bernardo do campo, santo andre, osasco, jaboatao dos guararapes,
    sao jose dos campos, ribeirao preto, uberlandia, sorocaba, contagem, feira de santana, joinville,
    aparecida de goiania, londrina, juiz de fora, ananindeua, serra, niteroi, caxias do sul, campos dos goytacazes,
    vila velha, maua, sao jose do rio preto, mogi das cruzes, betim, santos, diadema, maringa, jundiai,
    campina grande, montes claros, piracicaba, carapicuiba, bauru, itaquaquecetuba, olinda, anapolis, cariacica,
    sao vicente, caruaru, vitoria da conquista, caucaia, petrolina, blumenau, franca, ponta grossa, canoas,
    pelotas, ribeirao das neves, uberaba, paulista, cascavel, praia grande, sao jose dos pinhais, limeira, guaruja,
    santarem, camacari, petropolis, suzano, mossoro, taubate, varzea grande, sao jose, sumare, palhoca, barueri,
    embu das artes, juazeiro do norte, governador valadares, taboao da serra, foz do iguacu, gravatai, maraba,
    imperatriz, ipatinga, parnamirim, dourados, chapeco, itajai, marica, santa maria, americana, sete lagoas,
    divinopolis, rondonopolis, colombo, cotia, jaragua do sul, itabuna, ilheus, lauro de freitas, juazeiro,
    araraquara, sao carlos, presidente prudente, volta redonda, macae, cabo frio, novo hamburgo, viamao,
    sao leopoldo, criciuma, itapevi, indaiatuba, hortolandia, jacarei, maracanau, sobral, arapiraca, parauapebas
    """.split(",")
)
# Places that are ordinary words or common names: only where asked, with their state, or after a strong cue.
COMMON = words(
    "natal valor bom casa feliz nova colina uniao progresso independencia planalto jardim serra prata ouro terra "
    "loja bonito paraiso maravilha esperanca fe saudade condado conde para mae pai rio belo campos caxias feira "
    "ribeirao prudente mogi centro boa vista alegria triunfo milagres turvo vermelho tavares oliveira conquista "
    "campina caldas abc foz barra central floresta palmas franca salvador vitoria santos aparecida socorro alegre "
    "chaves machado capela carneiros prado mesquita primavera aurora delta garca pilar pimenta passagem resende "
    "machadinho cantagalo curral currais amparo gentil derrubadas centenario linhares brotas batalha trindade "
    "luz marques bandeira nobres registro caibi posse varginha jacinto guia divino goias parana amapa pernambuco "
    "lima horizonte fronteira formosa canela castelo cedro pinheiro pereiro salto saltinho salgado areia areal lagoa "
    "cruzeiro cristal diamante esmeraldas rubi rubiata safira viana alvorada candeias amaralina anchieta iracema "
    "jussara marilia carolina natalia lucia helena virginia adelia florida gloria graca piedade redencao "
    "extrema mirante mirador flores flora arame bom jesus cajuru carmo sales salesopolis cardoso cunha coimbra viseu"
)
# How people shorten the first word of a name.
SHORT = {
    "s": "sao",
    "sao": "sao",
    "sta": "santa",
    "sto": "santo",
    "rib": "ribeirao",
    "pres": "presidente",
    "gov": "governador",
    "cel": "coronel",
    "mal": "marechal",
    "gal": "general",
    "eng": "engenheiro",
    "dr": "doutor",
    "pe": "padre",
    "prof": "professor",
    "pto": "porto",
    "p": "porto",
    "bal": "balneario",
    "baln": "balneario",
    "cons": "conselheiro",
    "mons": "monsenhor",
    "brig": "brigadeiro",
    "n": "nova",
    "sra": "senhora",
    "cach": "cachoeira",
    "v": "vila",
}
_SAINTS = ("sao", "santo", "santa")
_WEST = re.compile(r"d'?oeste|d oeste")


@cache
def cities() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Key of a name -> its spelling and the states that have one, in the order of IBGE's codes."""
    table: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, uf, _ = line.split(";")
        known = table.get(key_of(name), (name, ()))
        table[key_of(name)] = (known[0], (*known[1], uf))
    return table


def key_of(name: str) -> str:
    """Folded, hyphens as blanks, "d'Oeste" as "do Oeste"."""
    return _WEST.sub("do oeste", " ".join(fold(name).replace("-", " ").split()))


@cache
def _nicknames() -> dict[str, tuple[str, str]]:
    return {key_of(name): (name, "DF") for name in _DF} | NICKNAMES


def lookup(key: str, uf: str | None = None) -> tuple[str, tuple[str, ...]] | None:
    """Spelling of a place and its states, the likeliest first; `uf` is the state the client named."""
    entry = _entry(key, uf) or next((found for other in _saints(key) if (found := _entry(other, uf))), None)
    if entry and key in LARGEST and LARGEST[key] in entry[1]:
        return entry[0], (LARGEST[key], *(u for u in entry[1] if u != LARGEST[key]))
    return entry


def _entry(key: str, uf: str | None) -> tuple[str, tuple[str, ...]] | None:
    listed = cities().get(key)
    if key in _nicknames() and not (listed and uf in listed[1]):
        name, state = _nicknames()[key]
        if uf in {None, state}:
            return name, (state,)
    return listed


def _saints(key: str) -> list[str]:
    """ "S. André" was read as "São André": the other forms of the word."""
    first, _, rest = key.partition(" ")
    return [f"{other} {rest}" for other in _SAINTS if other != first] if rest and first in _SAINTS else []


def is_certain(key: str, ufs: tuple[str, ...]) -> bool:
    """Whether the state follows from the name alone."""
    return len(ufs) == 1 or key in LARGEST
