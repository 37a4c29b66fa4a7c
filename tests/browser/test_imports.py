"""A manager brings a list in, sees what would happen, has it written, and takes it back."""

from playwright.sync_api import Page, expect

from tests.browser.people import People, live, no_reload

LIST = "Nome;Celular;Contato;Produto;Valor do crédito\n" + "".join(
    f"Cliente {n};(21) 9{7000 + n}-{n:04};x{n};Home equity;{n + 50}.000,00\n" for n in range(1, 61)
)
WRONG = "Sem Telefone;;;;\nFoguete;(21) 98888-7777;;Foguete;muito\n"


def upload(page: Page, text: str) -> None:
    file = {"name": "lista.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    page.locator("#file").set_input_files(file)
    page.locator(".drop button").click()
    page.wait_for_url("**/imports/*/")


def test_a_list_is_mapped_checked_imported_and_undone_while_boards_follow(people: People) -> None:
    board = live(people.open("bruno"))
    total = board.locator("#col-NEW [data-col-n]")
    before = int(total.inner_text())
    page = live(people.open("bruno", "/imports/"))
    upload(page, LIST + WRONG)
    chosen = page.locator("[data-mapping] select")
    expect(chosen.nth(1)).to_have_value("phone")
    chosen.nth(2).select_option("phone")  # a field belongs to one column
    expect(chosen.nth(1)).to_have_value("")
    chosen.nth(1).select_option("phone")
    expect(chosen.nth(2)).to_have_value("")
    page.locator("[data-mapping] .btn-accent").click()
    expect(page.locator(".figures .good dd")).to_have_text("60")
    expect(page.locator(".figures .bad dd")).to_have_text("2")
    expect(page.locator(".lines tbody tr")).to_have_count(2)
    with no_reload(board):
        page.locator(".import-options .btn-accent").click()
        expect(page.locator(".state-chip")).to_have_attribute("data-state", "online")
        expect(total).to_have_text(str(before + 60))
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator(".import-head .danger").click()
        expect(page.locator(".state-chip")).to_have_attribute("data-state", "off")
        expect(total).to_have_text(str(before))


def test_a_file_that_is_no_list_is_refused_in_a_sentence(people: People) -> None:
    people.troubles.expect("status of 400")
    page = live(people.open("bruno", "/imports/"))
    file = {"name": "foto.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30}
    page.locator("#file").set_input_files(file)
    page.locator(".drop button").click()
    expect(page.locator(".drop [role=alert]")).to_be_visible()
    expect(page.locator(".import-list, .empty-state")).to_be_visible()
