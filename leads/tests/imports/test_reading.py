"""Whatever a list looks like: it is read, or refused in a sentence."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from crm.core.errors import DomainError
from leads.imports.cleaning import Unreadable, amount_of, date_of, row_clean
from leads.imports.mapping import Head, data_rows
from leads.imports.phones import phone_of
from leads.imports.reading import table_of
from leads.models import MAX_CENTS
from leads.tests.imports.conftest import workbook

TEXT = "Nome;Telefone;Observação\nJoão São;(11) 99812-3340;até amanhã\n"


def rows(data: bytes) -> list[list[object]]:
    table = table_of(data)
    return list(data_rows(table.rows(), Head(table).line))


def mapped(data: bytes) -> dict[str, str]:
    """Heading → field."""
    head = Head(table_of(data))
    return {head.columns[int(number)]: field for number, field in head.mapping.items()}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"], ids=str
)
def test_accents_survive_every_encoding(encoding):
    assert rows(TEXT.encode(encoding)) == [[2, "João São", "(11) 99812-3340", "até amanhã"]]


def test_a_single_broken_character_does_not_make_all_others_strange():
    broken = ("Nome;Telefone\n" + "João São;1\n" * 20).encode() + b"Jo\xe3o;1\n"
    assert rows(broken)[0][1] == "João São"


def test_nor_one_far_behind_the_others():
    broken = ("Nome;Telefone\n" + "Joao;1\n" * 40_000 + "João São;1\n" * 20).encode() + b"Jo\xe3o;1\n"
    assert rows(broken)[-2][1] == "João São"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_are_found_and_quoted_ones_are_text(separator):
    line = separator.join(['"Silva, Maria; a | b\tc"', "11998123340", '"diz ""oi""\nna segunda linha"'])
    data = separator.join(["Nome", "Telefone", "Obs"]) + "\n" + line + "\n\n" + line
    expected = ["Silva, Maria; a | b\tc", "11998123340", 'diz "oi"\nna segunda linha']
    assert rows(data.encode()) == [[2, *expected], [4, *expected]]


def test_excels_note_on_the_separator_is_no_heading():
    assert rows(b"sep=|\nNome|Telefone\nMaria|11998123340\n") == [[3, "Maria", "11998123340"]]


def test_a_stray_quote_swallows_nothing():
    data = 'Nome;Telefone\n"Maria;11998123340\n' + "Caio;11998123341\n" * 80
    assert len(rows(data.encode())) == 81


def test_headings_are_found_below_a_title_and_without_any_the_phone_shows_itself():
    titled = b"Campanha de novembro;;\n;;\nNOME COMPLETO;Celular (WhatsApp)*;E-mail\nMaria;11998123340;m@x.br\n"
    assert mapped(titled) == {"NOME COMPLETO": "name", "Celular (WhatsApp)*": "phone", "E-mail": "email"}
    bare = Head(table_of(b"Maria;11998123340\nCaio;11998123341\n"))
    assert (bare.line, bare.mapping) == (0, {"1": "phone"})


def test_a_row_with_a_phone_is_no_heading_whatever_words_are_in_it():
    list_ = b"Fone;Quem;Fala\n11998123340;Maria;oi\n11998123341;Cliente novo;valor do imovel\n"
    assert Head(table_of(list_)).line == 1
    assert Head(table_of(b"Cliente 1;11998123340\nContato do lead;11998123341;home equity\n")).line == 0


def test_headings_are_guessed_in_portuguese_and_english():
    portuguese = (
        "Nome;Telefone;E-mail;Cidade;UF;Produto;Valor do crédito;Renda mensal;Valor do imóvel;Prazo (meses);Origem"
    )
    guessed = mapped(f"{portuguese};Observações;Entrada\nx;1;;;;;;;;;;;\n".encode())
    assert (
        list(guessed.values())
        == (
            "name phone email city uf product credit_amount monthly_income property_value term_months utm_source "
            "message down_payment"
        ).split()
    )
    assert list(mapped(b"Full name,Phone number,State,Loan amount,Income\na,b,c,d,e\n").values()) == (
        "name phone uf credit_amount monthly_income".split()
    )


def test_a_workbook_keeps_numbers_dates_and_the_values_of_formulas():
    import datetime

    data = workbook(
        [
            ["Lista"],
            [],
            ["Nome", "Telefone", "Valor", "Data"],
            ["Maria", 5511998123340, 1.234, datetime.date(2026, 2, 3)],
        ]
    )
    assert rows(data) == [[4, "Maria", 5511998123340, 1.234, "2026-02-03"]]
    formula = rows(workbook([["Nome", "Telefone"], ["=A9", "11998123340"]]))  # never computed: no value in the file
    cleaned = row_clean(formula[0], {"0": "name", "1": "phone"}, ["Nome", "Telefone"])
    assert cleaned.errors == {"name": "formula"}


def test_texts_are_found_where_excel_keeps_them():
    """In a table of their own, some in pieces; and a formula has the value it was saved with."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    cells = (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v>'
        b'</c><c r="B2"><f>C9+1</f><v>11998123340</v></c></row>'
    )

    def change(part: bytes) -> bytes:
        part = part.replace(b"</Types>", b'<Override PartName="/xl/texts.xml" ContentType="%s"/></Types>' % kind)
        return re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>%s</sheetData>" % cells, part, flags=re.DOTALL)

    words = "<si><t>Nome</t></si><si><t>Telefone</t></si><si><r><t>Maria </t></r><r><t>Souza</t></r></si>"
    texts = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{words}</sst>'
    assert rows(altered([["x"]], change, texts=texts)) == [[2, "Maria Souza", 11998123340]]


def test_a_merged_cell_belongs_to_its_first_cell():
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    for row in (["Nome", "Telefone", "Cidade"], ["Maria", "11998123340", "Santos"], ["Caio", "11998123341", "Santos"]):
        book.active.append(row)
    book.active.merge_cells("C2:C3")
    book.save(file)
    assert rows(file.getvalue()) == [[2, "Maria", "11998123340", "Santos"], [3, "Caio", "11998123341"]]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(320):
                sheet.write(b"0" * 1024 * 1024)
    return file.getvalue()


def altered(rows: list[list[object]], change: Callable[[bytes], bytes], **parts: str) -> bytes:
    """A workbook with another text in each of its parts, and more parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(rows))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
        for name, text in parts.items():
            new.writestr(f"xl/{name}.xml", text)
    return file.getvalue()


def numbered() -> bytes:
    rows = [["Nome", "Telefone"], ["Maria", 1], ["Caio", 2]]
    return altered(rows, lambda part: part.replace(b'<row r="3"', b'<row r="2000000000"'))


def encrypted() -> bytes:
    data = bytearray(workbook([["Nome", "Telefone"], ["Maria", 1]]))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + flags] |= 1
    return bytes(data)


REFUSED = {
    "empty": b"",
    "only zeros": b"\0" * 500,
    "only the mark of UTF-16": b"\xff\xfe",
    "headings alone": b"Nome;Telefone\n",
    "301 columns": (";".join(["a"] * 301) + "\n" + ";".join(["1"] * 301)).encode(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "a PDF": b"%PDF-1.7\n" + bytes(1000) + b"abc",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "another archive": b"PK\x03\x04" + bytes(100),
    "a damaged workbook": workbook([["Nome", "Telefone"], ["Maria", 1]])[:-900],
    "an encrypted workbook": encrypted(),
    "two billion rows": numbered(),
    "a bomb": bomb(),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=list(REFUSED))
def test_what_is_no_list_is_refused_in_a_sentence(data):
    with pytest.raises(DomainError) as refused:
        table = table_of(data)
        Head(table)
        list(table.rows())
    assert str(refused.value.message).endswith(".")


def test_two_hundred_columns_are_read():
    data = ";".join(f"c{n}" for n in range(199)) + ";Telefone\n" + ";".join("x" * 199) + ";11998123340\n"
    assert mapped(data.encode()) == {"Telefone": "phone"}


@pytest.mark.parametrize(
    "written",
    [
        "+55 (11) 99812-3340", "5511998123340", "11998123340", "(11) 99812 3340", "011 99812-3340", "0 15 11 998123340",
        "0055 11 99812-3340", 5511998123340, 11998123340.0, "11998123340.0", "WhatsApp: 11 99812.3340",
        "(11) 99812-3340 / (11) 3333-4444", "11998123340;11988887777", "Maria (11) 99812-3340", "+5511998123340 ",
    ],
)  # fmt: skip
def test_one_phone_in_many_shapes(written):
    assert phone_of(written) == "+5511998123340"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "phone_missing"), (None, "phone_missing"), ("--", "phone_missing"), ("99812-3340", "phone_no_area"),
        ("5,51199E+12", "phone_scientific"), ("1199812 CALL", "phone_invalid"), ("não tem", "phone_invalid"),
        ("11999999999", "phone_placeholder"), ("123", "phone_invalid"), ("1" * 40, "phone_invalid"),
    ],
)  # fmt: skip
def test_what_is_no_phone_says_why(written, why):
    with pytest.raises(Unreadable, match=f"^{why}$"):
        phone_of(written)


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1.234,56", 123_456), ("1,234.56", 123_456), ("R$ 150 mil", 15_000_000), ("R$\u00a0150.000,00", 15_000_000),
        ("150,000", 15_000_000), ("150.000", 15_000_000), ("1500", 150_000), (1.234, 123), (150_000, 15_000_000),
        ("2 milhões", 200_000_000), ("1 500,00 reais", 150_000),
    ],
)  # fmt: skip
def test_amounts_as_people_and_spreadsheets_write_them(written, cents):
    assert amount_of(written) == cents


@pytest.mark.parametrize("written", ["-5", "abc", "1e5", "½", True, "R$", "1.2.3,4,5"])
def test_what_is_no_amount_is_refused(written):
    with pytest.raises(Unreadable):
        amount_of(written)


def test_dates_of_the_future_and_nonsense_are_refused():
    assert date_of("03/02/2026 10:15").date().isoformat() == "2026-02-03"
    for text in ("03/02/2999", "31/02/2026", "ontem", "45000"):
        with pytest.raises(Unreadable):
            date_of(text)


COLUMNS = "phone name email city uf product credit_amount term_months consent consented_on utm_source message".split()


@pytest.mark.parametrize(
    "cell",
    [
        "",
        None,
        "\0",
        "=1+1",
        '="x"',
        "'=x",
        "\ud800",
        "x" * 40_000,
        1e308,
        float(MAX_CENTS),
        -1,
        True,
        "2026-99-99",
        "🦊",
    ],
    ids=repr,
)
def test_no_cell_breaks_the_reading_of_its_row(cell):
    row = row_clean([7, *[cell] * (len(COLUMNS) + 2)], {str(n): name for n, name in enumerate(COLUMNS)}, COLUMNS)
    assert row.errors  # there is no phone in any of these
    assert len(str(row.values.get("message", ""))) <= 4000


def test_words_for_products_states_terms_and_notes():
    cells = [2, "11998123340", "Maria", "M@X.br; outra@x.br", "Campinas - SP", "", "Imóvel em garantia", "", "5 anos"]
    names = ["phone", "name", "email", "city", "uf", "product", "credit_amount", "term_months"]
    row = row_clean(cells, {str(n): name for n, name in enumerate(names)}, names)
    assert row.errors == {}
    assert row.values == {
        "phone": "+5511998123340", "phone_key": "+5511998123340", "name": "Maria", "email": "m@x.br",
        "city": "Campinas", "uf": "SP", "product": "home_equity", "term_months": 60,
    }  # fmt: skip
    with_notes = row_clean(
        [3, "11998123340", "liga à tarde", "dois filhos"],
        {"0": "phone", "1": "message", "2": "message"},
        ["", "Obs", "Família"],
    )
    assert with_notes.values["message"] == "Obs: liga à tarde\nFamília: dois filhos"
