"""The client's own e-mail, CPF and phone; somebody else's are left alone."""

import re

import phonenumbers
from validate_docbr import CPF

from agent.brain.cues import RELATIVE
from agent.brain.text import fold

_EMAIL = re.compile(
    r"(?<![\w.+-])[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w@])", re.IGNORECASE
)
_CPF = re.compile(r"(?<![\d.,])\d{3}[. ]?\d{3}[. ]?\d{3}[-. ]?\d{2}(?![\d]|[.,]\d)")
_PHONE = re.compile(r"(?<![\d.,])(?:\+?55[ .-]?)?\(?0?[1-9]\d\)?[ .-]?9?[ .]?\d{4}[ .-]?\d{4}(?![\d]|[.,]\d)")
_CARD = re.compile(r"\b\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}\b")
_CLAUSE_END = re.compile(r"[!?;\n]|\.(?!\d|[a-z])|,(?=[^,]*[a-z]{3})")
_SOMEBODY = (
    rf"(?:{RELATIVE}|del[ea]s?|corretor[a]?|gerente|vendedor[a]?|advogad[oa]|contador[a]?|secretari[oa]|atendente|"
    r"pedreiro|socio|socia|patroa|banco|imobiliaria)"
)
# The last of these before the number tells whose it is.
_WHOSE = re.compile(
    rf"\b(?P<other>(?:d[aoe]|com|par[ao]|pr[oa]|meu|minha|n[oa]|o|a|um|uma) (?:o |a )?"
    rf"(?:meu |minha )?{_SOMEBODY}|del[ea]s?)\b|"
    r"\b(?P<mine>(?:meu|minha|nosso) (?:novo |outro )?"
    r"(?:cpf|telefone|celular|numero|whats\w*|zap|contato|e-?mail|tel|cel)|"
    r"me (?:liga|chama|manda|retorna)\w*|eu sou|sou)\b"
)
_OTHERS_AFTER = re.compile(
    rf"^[ ,]*(?:\(|-)? ?(?:esse |este )?(?:e |eh )?(?:o |a )?(?:d[aoe] (?:meu |minha )?{_SOMEBODY}|del[ea])\b"
)
_PROTOCOL = re.compile(
    r"\b(?:protocolo|pedido|contrato|conta|agencia|processo|chamado|boleto|beneficio|matricula|nb)\b\D{0,12}$"
)
_cpf = CPF()


def find_documents(text: str) -> dict[str, str | None]:
    """`text` as the client wrote it. Values in canonical form: eleven digits, E.164, lower case."""
    email = _mine(_EMAIL, text)
    cpf = _find_cpf(text)
    without = _CARD.sub(" ", text.replace(cpf[1], " ") if cpf else text)
    return {
        "email": email[0].group().lower() if email else None,
        "cpf": cpf[0] if cpf else None,
        "phone": _find_phone(without),
    }


def _mine(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    folded = fold(text)
    return [match for match in pattern.finditer(text) if not _is_not_the_clients(folded, match)]


def _is_not_the_clients(folded: str, match: re.Match[str]) -> bool:
    if _OTHERS_AFTER.match(folded[match.end() :]) or _PROTOCOL.search(folded[: match.start()]):
        return True
    before = _CLAUSE_END.split(folded[: match.start()])[-1]
    whose = list(_WHOSE.finditer(before))
    return bool(whose) and whose[-1]["other"] is not None


def _find_cpf(text: str) -> tuple[str, str] | None:
    """Digits and the span as written. Eleven bare digits that are also a mobile number need the word CPF."""
    for match in _mine(_CPF, text):
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
    for match in _mine(_PHONE, text):
        try:
            number = phonenumbers.parse(match.group(), "BR")
        except phonenumbers.NumberParseException:
            continue
        if len(str(number.national_number)) in {10, 11} and phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
