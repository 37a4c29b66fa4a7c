"""The ways Brazilians write one amount, for tests that must not depend on chosen examples."""

_UNITS = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove"
).split()
_TENS = "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split()
_HUNDREDS = ("cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos").split()


def in_words(n: int) -> str:
    """A whole number below a thousand million, spelled out."""
    if n < 20:
        return _UNITS[n]
    if n < 100:
        return _TENS[n // 10 - 2] + (f" e {_UNITS[n % 10]}" if n % 10 else "")
    if n < 1000:
        return "cem" if n == 100 else _HUNDREDS[n // 100 - 1] + (f" e {in_words(n % 100)}" if n % 100 else "")
    if n < 1_000_000:
        thousands, rest = divmod(n, 1000)
        head = "mil" if thousands == 1 else f"{in_words(thousands)} mil"
        return head + _tail(rest, rest < 100 or rest % 100 == 0)
    millions, rest = divmod(n, 1_000_000)
    head = "um milhão" if millions == 1 else f"{in_words(millions)} milhões"
    return head + _tail(rest, rest % 100_000 == 0)


def _tail(rest: int, linked: bool) -> str:
    return f"{' e' if linked else ''} {in_words(rest)}" if rest else ""


def writings(reais: int) -> list[str]:
    dotted = f"{reais:,}".replace(",", ".")
    found = [dotted, f"R$ {dotted}", f"R${dotted},00", str(reais), f"{reais} reais", in_words(reais), f"uns {dotted}"]
    thousands, rest = divmod(reais, 1000)
    if 0 < thousands < 1000 and rest == 0:
        found += [
            f"{thousands} mil",
            f"{thousands}mil",
            f"{thousands}k",
            f"R$ {thousands} mil",
            f"{thousands} mil reais",
        ]
    if 0 < thousands < 100 and rest and rest % 100 == 0:
        found += [f"{thousands} mil e {rest}", f"{thousands},{rest // 100} mil", f"{thousands}.{rest // 100}k"]
    millions, rest = divmod(reais, 1_000_000)
    if millions and rest % 100_000 == 0:
        number = f"{millions},{rest // 100_000}" if rest else str(millions)
        found += [f"{number} mi", f"{number} milhões" if millions > 1 else f"{number} milhão"]
    return found
