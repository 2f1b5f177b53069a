from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.walk import stops
from tests.web import App, chromium

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
AXE = Axe()
GRAVE = ("serious", "critical")

FOCUSED = {"analyse, next line": ".st-key-analyse-line", "demo, end": ".ipt-ending", "danger": ".st-key-card-head h1"}
"""Where the keyboard is put at these stops, because what had it is gone or off."""

FIRST_SCREEN = {"danger": ".ipt-emergency", "feedback": ".ipt-button", "feedback, given in": ".ipt-button", "demo, end": ".ipt-ending"}
"""What a phone shows without scrolling: whom to call, both buttons of the feedback, how the talk ended."""

PRESSED = (
    ".stButton button, [data-testid=stPageLink] a, [data-testid=stRadioOption], [data-testid=stButtonGroup] button, .ipt-button,"
    " [data-testid=stChatInputSubmitButton], [data-testid=stSelectbox] div:has(> input), [data-testid=stCheckbox] label, summary"
)
_SMALL = """
(pressed) => [...document.querySelectorAll(pressed)].filter((one) => one.checkVisibility())
  .map((one) => [one.innerText || one.getAttribute("aria-label") || one.tagName, one.getBoundingClientRect().height])
  .filter(([, height]) => height < 44).map(([name, height]) => `${name}: ${height} px`)
"""
_AT_REST = """
async (scheme) => {
  while (getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme !== scheme) await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done, 50));
  const seen = (one) => one.effect.target?.checkVisibility() && one.effect.getComputedTiming().iterations !== Infinity;
  const ended = document.getAnimations().filter(seen).map((one) => one.finished.catch(() => null));
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("something goes on moving")), 20000));
  await Promise.race([Promise.all(ended), late]);
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made = App(tmp_path_factory.mktemp("looks"))
    yield made
    made.stop()


# Off the record first: to keep is remembered, and then nobody is asked again.
@pytest.mark.parametrize(("size", "keep"), [(DESK, False), (PHONE, True)], ids=["desk", "phone"])
def test_every_page_can_be_read_and_pressed_by_anyone(browser: Browser, app: App, size: ViewportSize, keep: bool) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    faults: list[str] = []
    titles: dict[str, str] = {}
    for stop in stops(page, app, keep=keep):
        faults += [f"{stop}: {fault}" for fault in [*_arrival(page, stop, size), *_looks(page, "light"), *_looks(page, "dark")]]
        titles[page.url.removeprefix(app.address).split("?")[0]] = page.title()
    context.close()
    assert faults == []
    assert len(titles) == 12, titles
    assert len(set(titles.values())) == len(titles), titles
    assert app.outside == ""


def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang='en'><title>x</title><main><h1>x</h1><p style='color: #bbb'>too faint</p><button></button></main>")
    assert sorted(fault.split()[0] for fault in _axe(page)) == ["button-name", "color-contrast"]
    page.close()


def _arrival(page: Page, stop: str, size: ViewportSize) -> Iterator[str]:
    """What is looked at once a page: it does not depend on the colours."""
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} headings of the first level"
    if not page.locator("html[lang=en]").count():
        yield "no language is named"
    if stop in FOCUSED:
        expect(page.locator(FOCUSED[stop])).to_be_focused()
    if size is PHONE:
        yield from (f"too small for a thumb: {small}" for small in page.evaluate(_SMALL, PRESSED))
        if stop in FIRST_SCREEN:
            expect(page.locator(FIRST_SCREEN[stop])).to_be_in_viewport(ratio=1)


def _looks(page: Page, scheme: str) -> Iterator[str]:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.evaluate(_AT_REST, scheme)
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > page.evaluate("window.innerWidth"):
        yield f"{scheme}: {wide} px wide"
    yield from (f"{scheme}: {fault}" for fault in _axe(page))


def _axe(page: Page) -> Iterator[str]:
    """Each node that breaks a rule gravely: the rule, the node, and why."""
    for violation in AXE.run(page).response["violations"]:
        if violation["impact"] in GRAVE:
            for node in violation["nodes"]:
                yield f"{violation['id']} ({violation['impact']}) at {node['target']}: {node['failureSummary']}"
