#!/usr/bin/env python3
"""Takes the pictures of the README from a running demo, in about a minute.

    python3 run.py --reset                                        # in one terminal: fresh demo data
    .venv/bin/python docs/screenshots.py http://localhost:8000    # in another

Needs the development packages (`python3 run.py setup --dev`) and a Chromium.
"""

import argparse
import io
import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PASSWORD = "livia-demo"
CLIENT = "Márcio Guedes"  # Lívia qualified him and handed him over; he is Ana's
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MAX_BYTES = 300_000

Step = Callable[[Page, str], None]


def board(page: Page, base: str) -> None:
    visit(page, f"{base}/board/")
    page.locator(".card-lead").first.wait_for()


def drawer(page: Page, base: str) -> None:
    board(page, base)
    page.locator(".card-lead a[data-drawer]", has_text=CLIENT).click()
    page.locator("#drawer-body [data-rooms]").wait_for()


def thread(page: Page, base: str) -> None:
    visit(page, f"{base}/conversations/")
    page.locator("a.row-c", has_text=CLIENT).click()
    page.locator(".thread .msgs > *").first.wait_for()


def simulator(page: Page, base: str) -> None:
    visit(page, f"{base}/simulator/")
    page.locator("a.sim-person", has_text=CLIENT).click()
    page.locator("#sim-screen > *").first.wait_for()


def whatsapp(page: Page, base: str) -> None:
    visit(page, f"{base}/whatsapp/")
    page.locator(".session").first.wait_for()


def form(page: Page, base: str) -> None:
    page.goto(f"{base}/contato/?utm_source=instagram")


# name, who looks, what they do first, and on which screens
PICTURES: list[tuple[str, str, Step, tuple[str, ...]]] = [
    ("board", "ana", board, ("desk", "phone")),
    ("drawer", "ana", drawer, ("desk", "phone")),
    ("thread", "ana", thread, ("desk", "phone")),
    ("simulator", "ana", simulator, ("desk",)),
    ("whatsapp", "bruno", whatsapp, ("desk",)),
    ("form", "", form, ("desk", "phone")),
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


def take(browser: Browser, base: str, language: str) -> None:
    sessions = {who: sign_in(browser, base, who) for who in ("ana", "bruno")}
    for screen, size in (("desk", DESK), ("phone", PHONE)):
        for theme in ("light", "dark"):
            for name, who, step, screens in PICTURES:
                if screen not in screens:
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
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser, options.base.rstrip("/"), options.language)
        browser.close()


if __name__ == "__main__":
    main()
