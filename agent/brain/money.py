"""How figures look in Portuguese."""

from decimal import ROUND_HALF_UP, Decimal


def brl(cents: int) -> str:
    """R$ 1.234,56; whole amounts without the cents."""
    reais, rest = divmod(cents, 100)
    whole = f"{reais:,}".replace(",", ".")
    return f"R$ {whole},{rest:02d}" if rest else f"R$ {whole}"


def percent(fraction: Decimal) -> str:
    """0.0119 is "1,19%"."""
    shown = (fraction * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{shown}".replace(".", ",") + "%"


def whole_percent(fraction: Decimal) -> str:
    """0.60 is "60%"."""
    shown = (fraction * 100).normalize()
    return f"{shown:f}".replace(".", ",") + "%"
