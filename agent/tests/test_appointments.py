"""When clients want to be spoken to."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.brain.appointments import appointment

# A Thursday, ten in the morning.
NOW = datetime(2026, 11, 19, 10, tzinfo=ZoneInfo("America/Sao_Paulo"))


def due(text: str, **more: object) -> str:
    found = appointment(text, now=NOW, **more)
    return f"{found.due:%d/%m %H:%M}{' call' if found.call else ''}" if found else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("me liga amanhã às 15h", "20/11 15:00 call"),
        ("Pode me ligar amanhã de manhã?", "20/11 09:00 call"),
        ("me liga hj depois das 18h", "19/11 18:00 call"),
        ("me liga às 14:30", "19/11 14:30 call"),
        ("podem me ligar segunda as 9", "23/11 09:00 call"),
        ("liga pra mim quinta-feira à tarde", "26/11 15:00 call"),
        ("Me liguem dia 25 às 10h30", "25/11 10:30 call"),
        ("me chama depois de amanhã", "21/11 09:00"),
        ("pode me chamar às 3 da tarde", "19/11 15:00"),
        ("me chama às 8", "20/11 08:00"),
        ("entra em contato comigo amanhã meio-dia", "20/11 12:00"),
        ("me liga hoje", "19/11 11:00 call"),
        ("prefiro ligação, à noite", "19/11 18:30 call"),
    ],
)
def test_a_wish_has_a_day_and_an_hour(text, expected):
    assert due(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "não me liga amanhã",
        "não precisa ligar às 15h",
        "eu te ligo amanhã às 10h",
        "vocês me ligaram ontem às 15h",
        "me liga",
        "preciso de 50 mil amanhã",
        "pago em 18 vezes",
        "recebo dia 5",
        "amanhã eu mando os documentos",
        "me liga ontem às 99h",
    ],
)
def test_what_is_no_wish_plans_nothing(text):
    assert due(text) == ""


def test_an_hour_alone_is_a_wish_where_somebody_speaks_with_the_client_next():
    assert due("pode ser depois das 18h") == ""
    assert due("pode ser depois das 18h", expected=True) == "19/11 18:00"
    assert due("ok, obrigada", expected=True) == ""
    assert due("em 60 meses", expected=True) == ""
