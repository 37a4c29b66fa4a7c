"""What a column of a file can be, and by which headings it is recognised, Portuguese and English."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGE = "message"


@dataclass(frozen=True)
class Field:
    """`headings` are folded words; the longest one found in a heading decides."""

    name: str
    label: Any
    headings: tuple[str, ...]


def _field(name: str, label: Any, headings: str) -> Field:
    return Field(name, label, tuple(headings.split(", ")))


FIELDS = {
    field.name: field
    for field in (
        _field(
            "phone",
            _("Phone"),
            "telefone, telefones, fone, celular, cel, tel, whatsapp, whats, zap, numero de telefone, "
            "numero do whatsapp, numero de whatsapp, "
            "phone, phone number, mobile, cell, contact number, telefone 1, celular 1, phone 1",
        ),
        _field(
            "name",
            _("Name"),
            "nome, nome completo, nome do cliente, nome do lead, cliente, lead, contato, name, full name, client, "
            "customer, first name, nome contato",
        ),
        _field("email", _("E-mail"), "e mail, email, mail, correio eletronico, e mail address, email address"),
        _field("city", _("City"), "cidade, municipio, city, town, cidade uf, cidade estado"),
        _field("uf", _("State"), "uf, estado, state, unidade federativa"),
        _field(
            "product",
            _("Product"),
            "produto, nome do produto, tipo de credito, tipo de produto, modalidade, linha de credito, product, "
            "interesse",
        ),
        _field(
            "credit_amount",
            _("Credit (R$)"),
            "valor, credito, valor do credito, valor de credito, valor desejado, valor solicitado, valor pretendido, "
            "valor do emprestimo, valor do financiamento, montante, amount, credit, credit amount, loan amount, value",
        ),
        _field(
            "monthly_income",
            _("Monthly income (R$)"),
            "renda, renda mensal, renda familiar, renda bruta, salario, faturamento, income, monthly income, salary",
        ),
        _field(
            "property_value",
            _("Property value (R$)"),
            "valor do imovel, valor imovel, imovel, property value, home value, house value",
        ),
        _field(
            "vehicle_value",
            _("Vehicle value (R$)"),
            "valor do veiculo, valor veiculo, valor do carro, veiculo, vehicle value, car value",
        ),
        _field(
            "down_payment",
            _("Down payment (R$)"),
            "entrada, valor da entrada, valor de entrada, sinal, down payment, deposit",
        ),
        _field(
            "term_months",
            _("Term (months)"),
            "prazo, prazo meses, prazo em meses, parcelas, numero de parcelas, quantidade de parcelas, meses, term, "
            "months, term months, installments",
        ),
        _field("purpose", _("Purpose"), "finalidade, objetivo, motivo do credito, purpose, goal"),
        _field(
            MESSAGE,
            _("Note"),
            "observacao, observacoes, obs, mensagem, comentario, comentarios, anotacao, anotacoes, nota, notas, note, "
            "notes, message, comment, comments, remarks",
        ),
        _field(
            "utm_source",
            _("Where they came from (utm_source)"),
            "origem, origem do lead, fonte, canal, midia, utm source, source, lead source, channel",
        ),
        _field("utm_medium", "utm_medium", "utm medium, medium"),
        _field("utm_campaign", "utm_campaign", "utm campaign, campanha, campaign, nome da campanha"),
        _field("utm_term", "utm_term", "utm term"),
        _field("utm_content", "utm_content", "utm content, anuncio, ad, ad name"),
        _field(
            "consent",
            _("Consent (yes or no)"),
            "consentimento, consentiu, aceite, aceita, aceita contato, autoriza, autorizacao, autoriza contato, "
            "opt in, optin, lgpd, consent, consented",
        ),
        _field(
            "consented_on",
            _("Date of the consent"),
            "data do consentimento, data de consentimento, data consentimento, data do aceite, data aceite, "
            "data da autorizacao, consent date, opt in date, data opt in",
        ),
    )
}
TRACKED = tuple(name for name in FIELDS if name.startswith("utm_"))
AMOUNTS = ("credit_amount", "monthly_income", "property_value", "vehicle_value", "down_payment")


def folded(text: str) -> str:
    """Without accents and capitals, on one line."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def words_of(heading: Any) -> str:
    """`"Telefone (WhatsApp)*"` → `"telefone whatsapp"`."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", folded(str(heading))).split())


def likeness(field: Field, words: str) -> int:
    """How surely a heading means a field: 0 is not at all; a whole match counts more than any part."""
    if not words or len(words) > 60:
        return 0
    if words in field.headings:
        return 1000
    padded = f" {words} "
    return max((len(heading) for heading in field.headings if f" {heading} " in padded), default=0)
