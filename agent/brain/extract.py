"""Slots from one message, by rules."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers
from validate_docbr import CPF

from agent.brain.choices import find_product
from agent.brain.circumstances import find_occupation, find_paid_off, find_purpose, find_urgency
from agent.brain.names import find_name
from agent.brain.places import find_place
from agent.brain.roles import read_figures
from agent.brain.text import Normalised

_EMAIL = re.compile(
    r"(?<![\w.+-])[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w@])", re.IGNORECASE
)
_CPF = re.compile(r"(?<![\d.,])\d{3}[. ]?\d{3}[. ]?\d{3}[-. ]?\d{2}(?![\d]|[.,]\d)")
_PHONE = re.compile(r"(?<![\d.,])(?:\+?55[ .-]?)?\(?0?[1-9]\d\)?[ .-]?9?[ .]?\d{4}[ .-]?\d{4}(?![\d]|[.,]\d)")
_CARD = re.compile(r"\b\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}\b")
_NOT_MINE = re.compile(
    r"\b(?:cpf|telefone|celular|numero|whatsapp|email|e-mail) (?:d[aoe]|del[ea])s? (?!contato|celular|"
    r"telefone|meu|minha|whatsapp)\w+"
)
_cpf = CPF()


def extract(
    norm: Normalised, *, asked: str | None, intent: str, known: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]]:
    """Slots the text fills, and which of them it corrects."""
    reading = read_figures(norm.text, asked, known)
    slots: dict[str, Any] = dict(reading.slots)
    place = find_place(norm, asked)
    product = find_product(norm.text, asked)
    slots |= {
        "name": find_name(norm, asked),
        "city": place.city,
        "uf": place.uf,
        "product": product,
        "occupation": find_occupation(norm.text, asked),
        "purpose": find_purpose(norm.text, asked),
        "collateral_paid_off": find_paid_off(norm.text, asked, intent),
        "urgency": find_urgency(norm.text, asked),
        **_documents(norm),
    }
    return {slot: value for slot, value in slots.items() if value is not None}, reading.corrected


def _documents(norm: Normalised) -> dict[str, str | None]:
    text = norm.original
    email = _EMAIL.search(text)
    mine = not _NOT_MINE.search(norm.text)
    cpf = _find_cpf(text) if mine else None
    without = _CARD.sub(" ", text.replace(cpf[1], " ") if cpf else text)
    return {
        "email": email.group().lower() if email else None,
        "cpf": cpf[0] if cpf else None,
        "phone": _find_phone(without) if mine else None,
    }


def _find_cpf(text: str) -> tuple[str, str] | None:
    """Digits and the span as written. Eleven bare digits that are also a mobile number need the word CPF."""
    for match in _CPF.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if not _cpf.validate(digits) or len(set(digits)) == 1:
            continue
        if re.fullmatch(r"\d{11}", match.group()) and digits[2] == "9" and _is_phone_said(text):
            continue
        return digits, match.group()
    return None


def _is_phone_said(text: str) -> bool:
    return bool(re.search(r"liga|fone|celular|whats|zap|contato", text, re.IGNORECASE)) and "cpf" not in text.lower()


def _find_phone(text: str) -> str | None:
    if re.search(r"cpf|cnpj|protocolo", text, re.IGNORECASE) and not re.search(
        r"fone|\btel\b|cel|whats|zap|liga|contato", text, re.IGNORECASE
    ):
        return None
    for match in _PHONE.finditer(text):
        try:
            number = phonenumbers.parse(match.group(), "BR")
        except phonenumbers.NumberParseException:
            continue
        if len(str(number.national_number)) in {10, 11} and phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
