"""The product's main job, from a client's "oi" to a consultant's answer, in three browsers at once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board import cards, expect_in
from tests.browser.people import People, live, no_reload, post

# What Maria answers to whatever Lívia asks; the first whose words stand in the question.
ANSWERS = (
    (r"chamar\?|primeiro nome", "Maria"),
    (r"consultor seguir|chamar um consultor|consultor continue", "sim, pode chamar"),
    (r"procurando|opções combina", "quero um empréstimo com garantia da minha casa"),
    (r"renda", "ganho 20 mil por mês"),
    (r"vale o imóvel|vale hoje|valor do imóvel", "a casa vale 800 mil"),
    (r"quanto tempo|prazo", "15 anos"),
    (r"quitad", "está quitada"),
    (r"usar o dinheiro|quitar dívidas", "para reformar"),
    (r"trabalha|situação", "sou clt"),
    (r"cidade", "Campinas SP"),
    (r"valor você precisa|de quanto você precisa", "300 mil"),
)


@pytest.fixture
def only_ana_available(people: People) -> Iterator[None]:
    """The rotation's next is Ana, because Caio is away."""
    caio = people.open("caio")
    post(caio, "/account/availability/", available=0)
    yield
    post(caio, "/account/availability/", available=1)


@pytest.fixture
def phone(people: People) -> Page:
    """The simulator with Maria's phone in hand."""
    page = people.open("bruno", "/simulator/")
    page.locator("form[action='/simulator/person/'] input[name=name]").fill("Maria da Penha")
    with page.expect_navigation():  # until the scripts run: before, Enter is only a new line
        page.locator("form[action='/simulator/person/'] button").click()
    expect(page.locator("#sim-screen .wa")).to_have_count(0)
    return page


def says(phone: Page, text: str) -> None:
    """Type into the phone on screen."""
    mine = phone.locator("#sim-screen .wa.mine")
    count = mine.count()
    phone.locator("#sim-text").fill(text)
    phone.locator("#sim-text").press("Enter")
    expect(phone.locator("#sim-text")).to_have_value("")
    expect(mine).to_have_count(count + 1)


def reply_to_last(phone: Page) -> str:
    """What the screen shows below Maria's last message, up to a question or a goodbye."""
    last = phone.locator("#sim-screen .wa:not(.typing)").last
    expect(last).to_have_class(re.compile("theirs"))
    expect(last).to_contain_text(re.compile(r"\?|consultor"))
    lines = phone.locator("#sim-screen .wa:not(.typing)").evaluate_all(
        "all => all.map(line => [line.matches('.mine'), line.querySelector('.text').textContent])"
    )
    said = []
    for mine, text in reversed(lines):
        if mine:
            break
        said.insert(0, text)
    return "\n".join(said)


def answer_to(question: str) -> str:
    last = question.rsplit("\n\n", 1)[-1]
    for asked in (last.splitlines()[-1], last, question):
        for words, answer in ANSWERS:
            if re.search(words, asked, re.IGNORECASE):
                return answer
    raise AssertionError(f"Maria has no answer to: {question}")


def talk_until_handed_over(phone: Page, card: Locator) -> str:
    """Maria answers whatever she is asked; what Lívia wrote in all."""
    heard = []
    for _turn in range(16):
        heard.append(reply_to_last(phone))
        if "consultor" in heard[-1] and "?" not in heard[-1].splitlines()[-1]:
            return "\n".join(heard)
        says(phone, answer_to(heard[-1]))
    raise AssertionError("no handoff:\n" + "\n".join(heard))


@pytest.mark.usefixtures("only_ana_available")
def test_a_client_says_oi_and_becomes_anas_lead_whom_she_answers(people: People, phone: Page) -> None:
    ana = live(people.open("ana"))
    unread = int(ana.locator("#bell").get_attribute("data-unread") or 0)
    with no_reload(ana):
        says(phone, "oi")
        card = ana.locator(f"#{_new_card(ana)}")
        expect_in(card, "NEW")
        expect(card.locator(".livia")).to_be_visible()
        heard = talk_until_handed_over(phone, card)
        assert "R$ 300.000" in heard
        assert "sujeita a análise de crédito" in heard
        expect_in(card, "QUALIFIED")
        expect(card.locator(".livia")).to_have_count(0)
        expect(card.locator(".foot .ava")).to_have_attribute("title", "Ana Clara")
        expect(card.locator(".temp.hot")).to_be_visible()
        expect(ana.locator("#toasts")).to_contain_text("Maria")
        expect(ana.locator("#bell")).not_to_have_attribute("data-unread", str(unread))
        assert ana.title().startswith("(")
    thread = _open_from_the_bell(ana)
    _answer(ana, phone, thread)


def _new_card(page: Page) -> str:
    """The card of whoever has just written, wherever it appeared."""
    card = cards(page, "NEW").filter(has_text="Maria").first
    expect(card).to_be_visible()
    return card.get_attribute("id") or ""


def _open_from_the_bell(ana: Page) -> Locator:
    """Bell → the lead Lívia hands over → its conversation."""
    ana.locator("#bell-button").click()
    ana.locator("#bell-menu .note.unread a").first.click()
    expect(ana.locator(".detail .summary")).to_be_visible()
    ana.locator(".lead-chat a[href^='/conversations/']").first.click()
    thread = live(ana).locator(".thread")
    expect(thread.locator(".bubble.in").last).to_be_visible()
    return thread


def _answer(ana: Page, phone: Page, thread: Locator) -> None:
    """Ana writes; it stands on Maria's phone, and what Maria reads turns blue for Ana."""
    with no_reload(ana, phone):
        writing = ana.locator("form[data-composer] textarea")
        writing.fill("Oi Maria, aqui é a Ana. Já vi a sua simulação!")
        writing.press("Enter")
        expect(writing).to_have_value("")
        line = phone.locator("#sim-screen .wa.theirs").last
        expect(line).to_contain_text("aqui é a Ana")
        bubble = thread.locator(".bubble.out").last
        expect(bubble).to_contain_text("aqui é a Ana")
        expect(bubble.locator(".tick.read")).to_be_visible()
        says(phone, "oi Ana, obrigada!")
        expect(thread.locator(".bubble.in").last).to_contain_text("oi Ana, obrigada!")


def test_a_consultant_takes_over_and_livia_falls_silent_until_she_gets_it_back(people: People, phone: Page) -> None:
    says(phone, "oi")
    reply_to_last(phone)
    bruno = people.open("bruno", "/conversations/?tab=all")
    bruno.locator("#rows .row-c", has_text="Maria").first.click()
    attend = live(bruno).locator(".attend")
    with no_reload(bruno):
        expect(attend).not_to_have_class(re.compile("person"))
        attend.get_by_role("button").click()
        expect(attend).to_have_class(re.compile("person"))
        bruno.locator("form[data-composer] textarea").fill("Bom dia! Sou o Bruno.")
        bruno.locator("form[data-composer] .btn-accent:not([data-rec])").click()
        expect(phone.locator("#sim-screen .wa.theirs").last).to_contain_text("Sou o Bruno")
        says(phone, "quero 300 mil")
        expect(bruno.locator(".thread .bubble.in").last).to_contain_text("quero 300 mil")
        attend.get_by_role("button").click()
        expect(attend).not_to_have_class(re.compile("person"))
        says(phone, "meu nome é Maria")
        expect(bruno.locator(".thread .bubble.bot").last).to_contain_text("Maria")
