"""The page of a day in a real browser: planned, done with a way back, put off, by keyboard and by others."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import People, live, no_reload


def plan(page: Page, title: str, lead: str = "Rodrigo Falcão") -> None:
    form = page.locator("#quick-task")
    form.locator("[name=q]").fill(lead.split()[0])
    expect(page.get_by_role("option", name=lead)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(form.locator("[name=title]")).to_be_focused()
    form.locator("[name=title]").fill(title)
    page.keyboard.press("Enter")
    expect(page.locator(".task", has_text=title)).to_be_visible()
    expect(form.locator("[name=title]")).to_have_value("")


def row(page: Page, title: str):
    return page.locator("#day .task[data-state=open]", has_text=title)


def test_a_task_is_planned_done_and_taken_back_without_a_reload(people: People) -> None:
    bruno = live(people.open("bruno", "/tasks/?who=all"))
    with no_reload(bruno):
        plan(bruno, "Conferir a matrícula")
        row(bruno, "Conferir a matrícula").locator(".task-check").click()
        expect(row(bruno, "Conferir a matrícula")).to_have_count(0)
        expect(bruno.locator("[data-group=done] .task", has_text="Conferir a matrícula")).to_be_visible()
        bruno.locator(".toast-c .link-quiet").first.click()
        expect(row(bruno, "Conferir a matrícula")).to_be_visible()


@pytest.mark.thorough
def test_what_others_do_shows_at_once_and_by_keyboard_it_is_done(people: People) -> None:
    bruno = live(people.open("bruno", "/tasks/?who=all"))
    watcher = live(people.open("bruno", "/tasks/?who=all"))
    plan(bruno, "Só pelo teclado")
    expect(row(watcher, "Só pelo teclado")).to_be_visible()
    title = row(watcher, "Só pelo teclado")
    watcher.locator("#main").focus()
    for _ in range(watcher.locator("#day .task").count()):
        watcher.keyboard.press("j")
        if title.evaluate("row => row === document.activeElement"):
            break
    watcher.keyboard.press("s")
    expect(watcher.locator("#task-snooze")).to_be_visible()
    watcher.locator("#task-snooze [data-when=monday]").click()
    expect(watcher.locator(".toast-c").first).to_be_visible()
    title.focus()
    watcher.keyboard.press("x")
    expect(title).to_have_count(0)
    expect(row(bruno, "Só pelo teclado")).to_have_count(0)


@pytest.mark.thorough
def test_a_task_is_changed_in_its_place(people: People) -> None:
    ana = live(people.open("ana", "/tasks/"))
    first = ana.locator("#day .task[data-state=open]").first
    task_id = first.get_attribute("id")
    first.locator("[data-task-edit]").click()
    field = ana.locator(f"#{task_id} [name=title]")
    expect(field).to_be_focused()
    field.fill("Título corrigido")
    ana.keyboard.press("Enter")
    expect(ana.locator(f"#{task_id} .task-title")).to_contain_text("Título corrigido")


@pytest.mark.thorough
def test_a_form_without_a_lead_says_so_and_keeps_what_was_typed(people: People) -> None:
    people.troubles.expect("422")
    ana = live(people.open("ana", "/tasks/", viewport={"width": 390, "height": 844}))
    ana.locator("#quick-task [name=title]").fill("Sem cliente")
    ana.keyboard.press("Enter")
    expect(ana.locator("#quick-task .error")).to_be_visible()
    expect(ana.locator("#quick-task [name=title]")).to_have_value("Sem cliente")
    assert ana.evaluate("document.documentElement.scrollWidth <= innerWidth")
