"""Make the pictures of the README from the running app in a real Chromium: `python3 tasks.py pictures`.

The partner's choices are drawn from a fixed seed, so that a picture changes only when the app does.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.web import App, chromium, settled  # noqa: E402

FOLDER = Path(__file__).with_name("pictures")
PHONE, DESK = (390, 844), (1280, 800)
COLOURS = 96
SAME_CHANCE = """
import random
from types import SimpleNamespace
from ipt_roleplay import bootstrap
bootstrap.random = SimpleNamespace(SystemRandom=lambda: random.Random(11))
"""
"""Every talk draws from a generator of its own that begins alike."""

LINES = (
    "*looks at the table* Sorry, it's just I've got a lot on at work, and there's the car.",
    "I know you're doing a lot. I can't do Wednesday. I'd like you to take her this time.",
    "I heard you. I still can't. Will you take her?",
)


@dataclass(frozen=True)
class Picture:
    """What is shown, how large, in which light."""

    name: str
    show: Callable[[Page, str], None]
    size: tuple[int, int] = PHONE
    scheme: str = "light"


def choosing(page: Page, address: str) -> None:
    """The card of a situation."""
    page.goto(f"{address}/")
    page.get_by_role("button", name="Practise with Denise").wait_for()


def talking(page: Page, address: str) -> None:
    """A talk after some turns."""
    choosing(page, address)
    page.get_by_role("button", name="Practise with Denise").click()
    page.get_by_role("button", name="Begin").click()
    for line in LINES:
        heard = page.locator(".ipt-partner").count()
        page.get_by_placeholder("Your words").fill(line)
        page.keyboard.press("Enter")
        page.wait_for_function(f"document.querySelectorAll('.ipt-partner').length > {heard}", timeout=60_000)
        settled(page)


def feedback(page: Page, address: str) -> None:
    """The coach afterwards."""
    talking(page, address)
    page.get_by_role("button", name="End the talk").click()
    page.get_by_text("How is it now?").wait_for()


def analyse(page: Page, address: str) -> None:
    """A trainee's second line."""
    page.goto(f"{address}/analyse")
    page.locator("[data-testid=stRadio]").get_by_text("passive", exact=True).click()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("2 of 8").wait_for()
    page.locator("[data-testid=stRadio]").get_by_text("passive", exact=True).click()
    page.get_by_role("button", name="reasons").click()


def demo(page: Page, address: str) -> None:
    """The assertive learner, some lines in."""
    page.goto(f"{address}/demo")
    page.get_by_text("Second way: assertive").click()
    for count in range(1, 5):
        page.wait_for_function(f"document.querySelectorAll('.ipt-stage').length == {count}")
        page.get_by_role("button", name="Next line").click()
    page.wait_for_function("document.querySelectorAll('.ipt-stage').length == 5")


PICTURES = (
    Picture("choosing", choosing),
    Picture("talking", talking),
    Picture("feedback", feedback),
    Picture("talking-dark", talking, scheme="dark"),
    Picture("feedback-desk", feedback, size=DESK),
    Picture("analyse", analyse),
    Picture("analyse-desk-dark", analyse, size=DESK, scheme="dark"),
    Picture("demo", demo, size=DESK),
    Picture("demo-dark", demo, size=DESK, scheme="dark"),
)


def main() -> None:
    """Write every picture, and take away what is no longer one."""
    FOLDER.mkdir(exist_ok=True)
    for old in {path.name for path in FOLDER.glob("*.png")} - {f"{picture.name}.png" for picture in PICTURES}:
        (FOLDER / old).unlink()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        app = App(folder, first=SAME_CHANCE)
        stack.callback(app.stop)
        browser = stack.enter_context(chromium())
        for picture in PICTURES:
            print(f"    {picture.name}", flush=True)
            _take(browser, app, picture)


def _take(browser: Browser, app: App, picture: Picture) -> None:
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if picture.scheme == "dark" else "light")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(app.entry)
    page.get_by_text("Keep them until I delete them").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Practise with Denise").wait_for()
    picture.show(page, app.address)
    settled(page)
    page.wait_for_timeout(1_500)  # the reply is still being uncovered, the page still moves to its place
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(FOLDER / f"{picture.name}.png", optimize=True)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
