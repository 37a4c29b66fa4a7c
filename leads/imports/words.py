"""Words a list uses for states, products, yes and no; all folded."""

from leads.models import Product

_STATES = (
    "AC Acre, AL Alagoas, AP Amapa, AM Amazonas, BA Bahia, CE Ceara, DF Distrito Federal, ES Espirito Santo, GO Goias, "
    "MA Maranhao, MT Mato Grosso, MS Mato Grosso do Sul, MG Minas Gerais, PA Para, PB Paraiba, PR Parana, "
    "PE Pernambuco, PI Piaui, RJ Rio de Janeiro, RN Rio Grande do Norte, RS Rio Grande do Sul, RO Rondonia, "
    "RR Roraima, SC Santa Catarina, SP Sao Paulo, SE Sergipe, TO Tocantins"
)
STATES = {
    word.lower(): entry[:2] for entry in _STATES.split(", ") for word in (entry[:2], entry[3:])
}  # fmt: skip

_PRODUCTS = {
    Product.HOME_EQUITY: "home equity, imovel em garantia, garantia de imovel, emprestimo com garantia de imovel, "
    "credito com garantia de imovel, cgi, refinanciamento de imovel, refinanciamento imobiliario",
    Product.REAL_ESTATE: "real estate financing, financiamento imobiliario, financiamento de imovel, imobiliario, "
    "credito imobiliario, casa propria, mortgage, financiamento",
    Product.AUTO_EQUITY: "auto equity, veiculo em garantia, garantia de veiculo, emprestimo com garantia de veiculo, "
    "credito com garantia de veiculo, refinanciamento de veiculo, car equity, carro em garantia",
    Product.CONSORCIO: "consorcio, consorcio imobiliario, consorcio de imovel, consorcio de veiculo, carta de credito",
    Product.PERSONAL: "personal loan, emprestimo pessoal, credito pessoal, pessoal, emprestimo",
    Product.PAYROLL: "payroll loan, consignado, emprestimo consignado, credito consignado, payroll",
}
PRODUCTS = {
    **{word: product.value for product, words in _PRODUCTS.items() for word in words.split(", ")},
    **{product.value.replace("_", " "): product.value for product in Product},
}
YES = frozenset("sim s yes y on true verdadeiro 1 x ok aceito aceita concordo autorizado autoriza autorizo".split())
NO = frozenset("nao n no off false falso 0 recusou recusado negado".split())
# Written where nothing is known.
NOTHING = frozenset(
    ["", "-", "–", "—", "--", "n/a", "na", "nd", "n/d", "null", "none", "nan", "nao informado", "nao informada", "sem"]
)
