#!/usr/bin/env python3
"""Takes the pictures of the README from a running demo, in about a minute.

    .venv/bin/python -m agent.loopback --port 9009                # in one terminal: a stand-in for the model
    GROQ_BASE_URL=http://127.0.0.1:9009 GROQ_API_KEY=loopback WEBHOOK_ALLOW_PRIVATE=1 python3 run.py --reset  # another
    .venv/bin/python docs/screenshots.py http://localhost:8000    # in a third

Needs the development packages (`python3 run.py setup --dev`) and a Chromium.
"""

import argparse
import io
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PASSWORD = "livia-demo"
CLIENT = "Márcio Guedes"  # Lívia qualified him and handed him over; he is Ana's
SAID = (
    "oi, boa tarde", "meu nome é Rosana", "quero um empréstimo com garantia do meu carro", "preciso de 30 mil",
    "o carro vale 70 mil", "ganho 6 mil por mês", "em 36 vezes", "moro em Londrina PR",
)  # fmt: skip
# The last bubble is Lívia's and has been for a while: another may follow the first.
ANSWERED = """() => {
  const bubbles = document.querySelectorAll("#sim-screen .wa");
  const last = bubbles[bubbles.length - 1];
  if (!last.matches(".theirs:not(.typing)") || window.count !== bubbles.length) {
    window.count = bubbles.length;
    window.since = Date.now();
  }
  return last.matches(".theirs:not(.typing)") && Date.now() - window.since > 3000;
}"""
FORM = {
    "event_id": "9f2c", "form": {"title": "Simule seu crédito"},
    "answers": [
        {"field": "Nome", "text": "Rosana Prado"}, {"field": "WhatsApp", "text": "(43) 99812-3340"},
        {"field": "Quanto precisa", "text": "R$ 30.000,00"}, {"field": "Cidade", "text": "Londrina"},
    ],
}  # fmt: skip
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MAX_BYTES = 300_000

Step = Callable[[Page, str], None]


def board(page: Page, base: str) -> None:
    visit(page, f"{base}/board/")
    page.locator(".card-lead").first.wait_for()


def drawer(page: Page, base: str) -> None:
    board(page, base)
    page.locator(".card-lead a[data-drawer]", has_text=CLIENT).click()
    page.locator("#drawer .detail").wait_for()


def thread(page: Page, base: str) -> None:
    visit(page, f"{base}/conversations/")
    page.locator("a.row-c", has_text=CLIENT).click()
    page.locator(".thread .msgs > *").first.wait_for()


def lead(page: Page, base: str) -> None:
    drawer(page, base)
    page.goto(f"{base}{page.locator('.card-lead a[data-drawer]', has_text=CLIENT).get_attribute('href')}")
    page.locator("#live[data-state=live]").wait_for(state="attached")


def page_of(path: str, wanted: str) -> Step:
    """A page as it opens, once what is wanted is there."""

    def step(page: Page, base: str) -> None:
        visit(page, f"{base}{path}")
        page.locator(wanted).first.wait_for()

    return step


def palette(page: Page, base: str) -> None:
    board(page, base)
    page.keyboard.press("Control+K")
    page.locator("#palette-query").fill("ma")
    page.locator('.palette-item[href^="/leads/"]').first.wait_for()


def simulator(page: Page, base: str) -> None:
    visit(page, f"{base}/simulator/")
    page.locator("a.sim-person", has_text=CLIENT).click()
    page.locator("#sim-screen > *").first.wait_for()


def whatsapp(page: Page, base: str) -> None:
    visit(page, f"{base}/whatsapp/")
    page.locator(".session").first.wait_for()


def form(page: Page, base: str) -> None:
    page.goto(f"{base}/contato/?utm_source=instagram")


def talk(page: Page, base: str) -> None:
    """A client whom Lívia answers with the model's words, all the way to a simulation."""
    page.goto(f"{base}/simulator/")
    page.locator("form[action='/simulator/person/'] input[name=name]").fill("Rosana")
    with page.expect_navigation():
        page.locator("form[action='/simulator/person/'] button").click()
    for text in SAID:
        page.locator("#sim-text").fill(text)
        page.locator("#sim-text").press("Enter")
        page.locator("#sim-screen .wa.mine", has_text=text).last.wait_for()
        page.wait_for_function(ANSWERED, timeout=60_000)


class Listener(BaseHTTPRequestHandler):
    """Another system, which takes what it is told."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/livia"
    server.shutdown()


def link(page: Page, base: str, address: str) -> None:
    """A system that is told of everything, and one that tells us of leads."""
    page.goto(f"{base}/webhooks/new/")
    page.locator("#id_name").fill("ERP")
    page.locator("#id_url").fill(address)
    for box in page.locator("[name=events]").all():
        box.check()
    page.locator("main .btn-accent").click()
    page.locator("#hook-secret").wait_for()
    visit(page, f"{base}/webhooks/in/")
    page.locator("#in-name").fill("Formulário do site")
    page.locator(".source-new button").click()
    page.locator("#in-key a[href]").first.wait_for()


def webhook(page: Page, base: str) -> None:
    visit(page, f"{base}/webhooks/")
    page.get_by_text("ERP").first.click()
    page.locator(".delivery-row").first.wait_for()


def mapping(page: Page, base: str) -> None:
    visit(page, f"{base}/webhooks/in/")
    page.locator(".source-row").first.click()
    page.locator("#in-mapping").wait_for()
    if not page.locator("#in-example").is_visible():
        page.locator("#in-mapping summary").click()
    page.locator("#in-example").fill(json.dumps(FORM, ensure_ascii=False))
    page.locator("#in-mapping .btn-quiet").click()
    for answer, field in zip(FORM["answers"], ("name", "phone", "credit_amount", "city"), strict=True):
        page.locator(".source-fields li", has_text=answer["text"]).locator("select").select_option(field)
    page.locator("#in-preview", has_text="Rosana").wait_for()
    page.locator("#in-mapping-title").scroll_into_view_if_needed()


def model_simulator(page: Page, base: str) -> None:
    visit(page, f"{base}/simulator/")
    page.locator("a.sim-person", has_text="Rosana").click()
    page.locator("#sim-screen > *").first.wait_for()


def status(page: Page, base: str) -> None:
    visit(page, f"{base}/livia/")


def turn_of(kind: str) -> Step:
    """The page of the latest turn of a kind in which values were collected."""

    def step(page: Page, base: str) -> None:
        page.goto(f"{base}/admin/agent/turn/?kind={kind}")
        page.locator("#result_list tbody tr th a").nth(1).click()
        page.wait_for_url("**/change/**")

    return step


def prompts(page: Page, base: str) -> None:
    page.goto(f"{base}/admin/agent/promptversion/add/?stage=QUALIFICATION")


def preview(page: Page, base: str) -> None:
    page.goto(f"{base}/admin/agent/promptversion/preview/?stage=QUALIFICATION")


def simulation(page: Page, base: str) -> None:
    drawer(page, base)
    address = page.locator("a[href^='/simulations/']").first.get_attribute("href")
    page.goto(f"{base}{address}")


def overview(page: Page, base: str) -> None:
    page.goto(f"{base}/admin/")
    page.locator("#content").wait_for()


def api(page: Page, base: str) -> None:
    page.goto(f"{base}/api/docs")
    page.locator(".opblock").first.wait_for()


# name, who looks, what they do first, and on which screens
PICTURES: list[tuple[str, str, Step, tuple[str, ...]]] = [
    ("board", "ana", board, ("desk", "phone")),
    ("drawer", "ana", drawer, ("desk", "phone")),
    ("lead", "ana", lead, ("desk", "phone")),
    ("leads", "bruno", page_of("/leads/", "table a, .lead-row"), ("desk",)),
    ("tasks", "ana", page_of("/tasks/", "main article, main li"), ("desk", "phone")),
    ("thread", "ana", thread, ("desk", "phone")),
    ("notifications", "ana", page_of("/notifications/settings/", "main form"), ("desk",)),
    ("palette", "bruno", palette, ("desk",)),
    ("simulator", "ana", simulator, ("desk",)),
    ("whatsapp", "bruno", whatsapp, ("desk",)),
    ("form", "", form, ("desk", "phone")),
    ("livia-simulator-model", "bruno", model_simulator, ("desk",)),
    ("livia-turn-model", "bruno", turn_of("model"), ("desk",)),
    ("livia-turn-rules", "bruno", turn_of("rules"), ("desk",)),
    ("livia-status", "bruno", status, ("desk", "phone")),
    ("livia-prompt", "bruno", prompts, ("desk",)),
    ("livia-preview", "bruno", preview, ("desk",)),
    ("simulation", "ana", simulation, ("desk", "phone")),
    ("analytics", "bruno", page_of("/analytics/", "main svg"), ("desk", "phone")),
    ("rotation", "bruno", page_of("/rotation/", "main li, main tr"), ("desk",)),
    ("imports", "bruno", page_of("/imports/", "main form"), ("desk",)),
    ("alerts", "bruno", page_of("/alerts/", "main"), ("desk",)),
    ("privacy", "bruno", page_of("/privacy/", "main table"), ("desk",)),
    ("account", "bruno", page_of("/account/", "main section"), ("desk", "phone")),
    ("keys", "ana", page_of("/account/keys/", "main form"), ("desk",)),
    ("webhook", "bruno", webhook, ("desk",)),
    ("monitoring", "bruno", page_of("/monitoring/", "main table"), ("desk", "phone")),
    ("reports", "bruno", page_of("/monitoring/reports/", "main svg"), ("desk",)),
    ("mapping", "bruno", mapping, ("desk",)),
    ("api", "", api, ("desk",)),
    ("admin", "bruno", overview, ("desk", "phone")),
]


def visit(page: Page, address: str) -> None:
    """Open a page of a member and wait until its socket lives."""
    page.goto(address)
    page.locator("#live[data-state=live]").wait_for(state="attached")


def sign_in(browser: Browser, base: str, who: str) -> dict:
    page = browser.new_page()
    page.goto(f"{base}/login/")
    page.fill("#id_username", f"{who}@demo.livia")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/board/")
    state = page.context.storage_state()
    page.close()
    return state


def shoot(page: Page, path: Path) -> None:
    page.evaluate("document.fonts.ready")
    page.locator(".htmx-request, .skeleton").first.wait_for(state="hidden")
    raw = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    raw.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name:28} {size / 1000:5.0f} kB")  # noqa: T201 - a tool for a terminal
    if size > MAX_BYTES:
        raise SystemExit(f"{path} is larger than {MAX_BYTES // 1000} kB.")


def take(browser: Browser, base: str, language: str, only: list[str]) -> None:
    sessions = {who: sign_in(browser, base, who) for who in ("ana", "bruno")}
    context = browser.new_context(locale=language, storage_state=sessions["bruno"])
    with listening() as address:
        link(context.new_page(), base, address)
        talk(context.new_page(), base)
    context.close()
    for screen, size in (("desk", DESK), ("phone", PHONE)):
        for theme in ("light", "dark"):
            for name, who, step, screens in PICTURES:
                if screen not in screens or (only and name not in only):
                    continue
                context = browser.new_context(
                    viewport=size,
                    color_scheme=theme,
                    locale=language,
                    timezone_id="America/Sao_Paulo",
                    reduced_motion="reduce",
                    storage_state=sessions.get(who),
                )
                page = context.new_page()
                step(page, base)
                shoot(page, FOLDER / f"{name}-{screen}-{theme}.png")
                context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", nargs="?", default="http://localhost:8000", help="address of the running demo")
    parser.add_argument("--language", default="pt-BR")
    parser.add_argument("--only", nargs="*", default=[], help="names of pictures")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser, options.base.rstrip("/"), options.language, options.only)
        browser.close()


if __name__ == "__main__":
    main()
