"""The lead page and its drawer: editing in place, what others do meanwhile, notes, files, merging."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import People, live, no_reload, post


def a_lead(page: Page, name: str, *, owner: str = "", **fields: object) -> int:
    """A lead of its own for a test, by the API; given away by a manager's page if an owner is named."""
    phone = f"+5531{time.time_ns() % 10**9:09d}"
    lead = post(page, "/api/leads", json=True, name=name, phone=phone, **fields).json()
    if owner and lead["consultant"]["name"] != owner:
        consultant = (
            page.request.get(f"/leads/{lead['id']}/").text().split(f'">{owner}</option>')[0].split('value="')[-1]
        )
        assert post(page, f"/leads/{lead['id']}/assign/", consultant=consultant.split('"')[0]).ok
    return lead["id"]


def value(page: Page, lead: int, name: str) -> Locator:
    return page.locator(f"#field-{lead}-{name} .value")


def editor(page: Page, lead: int, name: str) -> Locator:
    """The field's value pressed: its editor, with the focus in it."""
    value(page, lead, name).press("Enter")
    field = page.locator(f"#field-{lead}-{name} [data-field]")
    expect(field).to_be_focused()
    return field


def test_two_people_edit_one_field_and_see_both_values(people: People) -> None:
    people.troubles.expect(r"status of (409|422)")
    bruno = live(people.open("bruno"))
    lead = a_lead(bruno, "Maria Dois Editores", owner="Ana Clara")
    ana = live(people.open("ana", f"/leads/{lead}/"))
    bruno.goto(f"/leads/{lead}/")
    live(bruno)
    with no_reload(ana, bruno):
        field = editor(ana, lead, "city")
        field.fill("Olinda")
        theirs = editor(bruno, lead, "city")
        theirs.fill("Recife")
        theirs.press("Enter")
        expect(value(bruno, lead, "city")).to_have_text("Recife")
        expect(value(bruno, lead, "city")).to_be_focused()
        expect(field).to_have_value("Olinda")  # Bruno's change does not take away what Ana types
        field.press("Enter")
        conflict = ana.locator(f"#field-{lead}-city .conflict")
        expect(conflict).to_contain_text("Recife")
        expect(conflict).to_contain_text("Bruno")
        conflict.locator("[data-take-theirs]").click()
        expect(value(ana, lead, "city")).to_have_text("Recife")
        editor(ana, lead, "email").fill("nada")
        value(ana, lead, "uf").focus()  # leaving saves, and what is wrong is said
        expect(ana.locator(f"#field-{lead}-email .error")).to_be_visible()
        ana.locator(f"#field-{lead}-email [data-field]").press("Escape")
        expect(value(ana, lead, "email")).to_have_text("–")
        editor(ana, lead, "credit_amount").fill("350 mil")
        ana.keyboard.press("Tab")
        expect(value(bruno, lead, "credit_amount")).to_contain_text("350.000,00")


def test_who_loses_a_lead_while_it_is_open_in_the_drawer_is_told(people: People) -> None:
    people.troubles.expect(r"status of 404")
    bruno = live(people.open("bruno"))
    lead = a_lead(bruno, "Maria Troca de Mãos", owner="Ana Clara")
    ana = live(people.open("ana", f"/board/?lead={lead}"))
    expect(ana.locator(f"#drawer #detail-{lead}")).to_be_visible()
    live(ana)
    bruno.goto(f"/leads/{lead}/")
    live(bruno)
    with no_reload(bruno):
        form = bruno.locator("form.assign")
        form.locator("select").select_option(label="Caio Mendes")
        form.locator("[name=reason]").fill("fala espanhol")
        form.locator("button").click()
        expect(bruno.locator(".detail-head .owner")).to_contain_text("Caio Mendes")
        expect(bruno.locator(".history [data-kind=assigned]").first).to_contain_text("fala espanhol")
        expect(ana.locator("#drawer .lead-lost")).to_be_visible()
        ana.locator("#drawer [data-lost-close]").click()
        expect(ana.locator("#drawer")).not_to_be_visible()
    expect(ana).not_to_have_url(re.compile("lead="))  # a step back in the history takes its time


@pytest.mark.thorough
def test_back_closes_the_drawer_and_the_address_opens_it(people: People) -> None:
    ana = live(people.open("ana"))
    card = ana.locator(".card-lead").first
    lead = (card.get_attribute("id") or "").removeprefix("lead-")
    drawer = ana.locator("#drawer")
    with no_reload(ana):
        card.locator(".name").press("Enter")
        expect(drawer.locator(f"#detail-{lead}")).to_be_visible()
        assert f"lead={lead}" in ana.url
        drawer.locator("[data-tab-to=timeline]").click()
        expect(drawer.locator(".history-box")).to_be_visible()
        ana.go_back()
        expect(drawer).not_to_be_visible()
        ana.go_forward()
        expect(drawer.locator(f"#detail-{lead}")).to_be_visible()
        expect(drawer.locator("[data-tab-to=data]")).to_have_attribute("aria-pressed", "true")
        ana.keyboard.press("Escape")
        expect(drawer).not_to_be_visible()
        assert "lead=" not in ana.url


@pytest.mark.thorough
def test_a_note_names_somebody_by_keyboard_and_they_are_told(people: People) -> None:
    bruno = live(people.open("bruno"))
    lead = a_lead(bruno, "Maria das Notas", owner="Ana Clara")
    ana = live(people.open("ana", f"/leads/{lead}/"))
    note = ana.locator(".note-new textarea")
    note.focus()
    with no_reload(ana, bruno):
        ana.keyboard.type("Veja isto, @bru")
        expect(ana.locator("#mentions [aria-selected=true]")).to_have_text("Bruno Rocha")
        ana.keyboard.press("Enter")
        expect(note).to_have_value("Veja isto, @Bruno Rocha ")
        ana.keyboard.type("@cai")
        expect(ana.locator("#mentions")).not_to_be_visible()  # Caio does not see this lead
        ana.locator(".note-new button").click()
        expect(ana.locator(".notes .mention")).to_have_text("@Bruno Rocha")
        expect(note).to_have_value("")
        expect(bruno.locator("#bell")).not_to_have_attribute("data-unread", "0")
    note.fill("meio escrita")
    bruno.goto(f"/leads/{lead}/")
    live(bruno)
    ana.locator(".detail-head h2").click()
    bruno.locator(".note-item [aria-pressed]").click()
    expect(ana.locator(".note-item.pinned")).to_be_visible()
    expect(note).to_have_value("meio escrita")


def test_files_are_added_several_at_once_and_refused_ones_say_why(people: People, tmp_path: Path) -> None:
    people.troubles.expect(r"status of 400")
    bruno = live(people.open("bruno"))
    page = live(people.open("bruno", f"/leads/{a_lead(bruno, 'Maria dos Papéis')}/"))
    contents = {"contrato.pdf": b"%PDF-1.4\n1", "rg.png": b"\x89PNG\r\n\x1a\n1", "vazio.pdf": b"", "jogo.exe": b"MZ\0"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with no_reload(page):
        page.locator("[data-file-input]").set_input_files([tmp_path / name for name in contents])
        expect(page.locator(".file-troubles li")).to_have_count(2)
        expect(page.locator(".file-item a")).to_have_text(["rg.png", "contrato.pdf"])
        expect(page.locator(".file-troubles")).to_contain_text("jogo.exe")
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator(".file-item button").first.click()
        expect(page.locator(".file-item a")).to_have_text(["contrato.pdf"])


@pytest.mark.thorough
def test_two_leads_are_merged_by_hand_and_made_two_again(people: People) -> None:
    bruno = live(people.open("bruno"))
    name = f"Joaquina {time.time_ns() % 10**6}"
    keep, gone = a_lead(bruno, f"{name} Um", owner="Ana Clara"), a_lead(bruno, f"{name} Dois", city="Natal")
    ana = live(people.open("ana"))
    bruno.goto(f"/leads/{keep}/")
    live(bruno)
    bruno.locator(".detail-actions [data-modal]").click()
    bruno.locator("#merge-q").fill(f"{name} dois")
    expect(bruno.locator("#merge-found button")).to_have_count(1)
    bruno.locator("#merge-found button").click()
    if bruno.locator("#modal [name=keep]").get_attribute("value") != str(keep):
        bruno.locator("#modal .start").click()
    expect(bruno.locator("#modal [name=keep]")).to_have_value(str(keep))
    expect(bruno.locator("#modal .taken")).to_contain_text("Natal")
    with bruno.expect_navigation():
        bruno.locator("#modal .btn-accent").click()
    live(bruno)
    expect(value(bruno, keep, "city")).to_have_text("Natal")
    with no_reload(bruno, ana):
        bruno.once("dialog", lambda dialog: dialog.accept())
        bruno.locator(".history [data-kind=merged] button").click()
        expect(value(bruno, keep, "city")).to_have_text("–")
        expect(bruno.locator(".history [data-kind=unmerged]")).to_be_visible()
    bruno.goto(f"/leads/{gone}/")
    expect(bruno.locator(".detail-head h2")).to_have_text(f"{name} Dois")


@pytest.mark.parametrize("width", [390, pytest.param(1440, marks=pytest.mark.thorough)])
def test_nothing_is_wider_than_the_screen(people: People, width: int) -> None:
    ana = live(people.open("ana", viewport={"width": width, "height": 844}))
    ana.goto(ana.locator(".card-lead .name").first.get_attribute("href") or "")
    live(ana)
    expect(ana.locator(".detail-tabs")).to_be_visible(visible=width < 1000)
    assert ana.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.thorough
def test_a_new_lead_says_at_once_that_it_is_there_already(people: People) -> None:
    lead = a_lead(live(people.open("bruno")), "Maria Já Cadastrada", owner="Ana Clara")
    ana = live(people.open("ana"))
    phone = ana.request.get(f"/leads/{lead}/field/phone/?show=1", headers={"HX-Request": "true"}).text()
    ana.locator("[hx-get='/leads/new/']").first.click()
    ana.locator("#modal [name=phone]").press_sequentially(phone.split("<span>")[1].split("</span>")[0])
    expect(ana.locator("#lead-known a")).to_have_attribute("href", f"/leads/{lead}/")
