"""What the pages cost, as a real Chromium sees them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.measure import Row, in_turns
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.config import Settings
from ipt_roleplay.serving.app import address
from ipt_roleplay.serving.options import SAFE_OPTIONS
from tests.web import begin, chromium, free_port

HERE = Path(__file__).parent
STARTS = 5
START_RATIO_AT_MOST = 1.5
TALKS = 3
TURN_RATIO_AT_MOST = 1.5
LINES = (
    "What did the nurse say on Friday?",
    "How is she eating?",
    "Who was with her yesterday?",
    "Where is the card from the surgery?",
    "What time does the bus leave?",
    "Has Martin phoned?",
    "When did you last see her laugh?",
    "Is the boiler working again?",
)
"""Plain questions: they move nothing, so that no talk closes while it is timed."""

WATCHED = "[data-testid=stMainBlockContainer]"
_WATCH = """
() => {
  window.bench = { sent: 0, last: 0 };
  new MutationObserver(() => { window.bench.last = performance.now(); })
    .observe(document.querySelector('[data-testid="stMainBlockContainer"]'), { childList: true, subtree: true, characterData: true });
  document.addEventListener('keydown', (event) => { if (event.key === 'Enter') window.bench.sent = performance.now(); }, true);
}
"""
OUR_REPLY = ".ipt-partner"
ECHO_REPLY = "[data-testid=stChatMessage]"
_DONE = (
    "([replies, had, quiet]) => document.querySelectorAll(replies).length > had"
    " && window.bench.last > window.bench.sent && performance.now() - window.bench.last > quiet"
)
QUIET = 600
"""Milliseconds without a change after which a turn counts as done; they are not part of its time."""


def first_page_row() -> Row:
    """From starting the server to a first page that can be read, beside Streamlit's own demonstration."""
    with chromium() as browser, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Services(Settings(data_dir=Path(folder))).notes.prepare()  # as `tasks.py run` does before it starts the app
        app = [sys.executable, "-m", "ipt_roleplay", "app", "--port"]
        hello = [sys.executable, "-m", "streamlit", "hello", *_options(), "--server.port"]
        ours, theirs = in_turns(
            lambda _: _first_page(browser, app, Path(folder), "Should your talks be kept?"),
            lambda _: _first_page(browser, hello, Path(folder), "Welcome to Streamlit"),
            STARTS,
        )
    return Row(
        what="first page",
        yardstick="`streamlit hello`",
        how=f"server process started until the page's text stands in Chromium, {STARTS} rounds",
        ours=ours,
        theirs=theirs,
        ratio_at_most=START_RATIO_AT_MOST,
    )


def turn_row() -> Row:
    """From Enter to the last change on the page, without the reply's pauses and the practice's own work, beside a bare echo."""
    with chromium() as browser, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        streamlit = [sys.executable, "-m", "streamlit", "run"]
        Services(Settings(data_dir=Path(folder))).notes.prepare()
        with (
            _server([*streamlit, str(HERE / "without_pauses.py"), *_options(), "--server.port"], Path(folder)) as app,
            _server([*streamlit, str(HERE / "echo.py"), *_options(), "--server.port"], Path(folder)) as echo,
        ):
            talks = [(_begin(browser, app), _begin_echo(browser, echo)) for _ in range(TALKS + 1)]
            ours, theirs = in_turns(
                lambda n: _turn(talks[n // len(LINES)][0], OUR_REPLY, LINES[n % len(LINES)]) - _practice_took(Path(folder)),
                lambda n: _turn(talks[n // len(LINES)][1], ECHO_REPLY, LINES[n % len(LINES)]),
                TALKS * len(LINES),
                warm_up=len(LINES),
            )
    return Row(
        what="a turn's page cost",
        yardstick="a bare Streamlit echo",
        how=f"from Enter to the last change of the page in Chromium, less what `take_turn` took (keeping, reading, answering; it has rows of its own) and with the reply's {_pause():.0f} ms "
        f"of pause a word set to 0, {TALKS} talks of {len(LINES)} turns; both send a written reply whole in one run of the page, and in ours the browser uncovers it word by word, which does not change the page",
        ours=ours,
        theirs=theirs,
        ratio_at_most=TURN_RATIO_AT_MOST,
    )


def _practice_took(folder: Path) -> float:
    """Seconds that the last turn took behind the page, as `without_pauses.py` wrote them."""
    return float((folder / "turns.txt").read_text(encoding="ascii").split()[-1])


def _pause() -> float:
    from ipt_roleplay.ui.live import PAUSE

    return 1000 * PAUSE


def _options() -> list[str]:
    """The app's own settings for both sides, so that neither wins by a setting."""
    return [f"--{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in SAFE_OPTIONS.items()]


@contextlib.contextmanager
def _server(command: list[str], folder: Path) -> Iterator[str]:
    """A server on a free port of this computer; ends with the block. `command` lacks only the port. The address lets a browser into ours."""
    port = free_port()
    environ = os.environ | {"IPT_DATA_DIR": str(folder), "PYTHONPATH": str(HERE.parent)}
    process = subprocess.Popen([*command, str(port)], cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        yield address(port, folder)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_page(browser: Browser, command: list[str], folder: Path, text: str) -> float:
    context = browser.new_context()
    page = context.new_page()
    began = time.perf_counter()
    with _server(command, folder) as address:
        _open(page, address)
        page.get_by_text(text).first.wait_for(timeout=60_000)
        taken = time.perf_counter() - began
        context.close()
    return taken


def _open(page: Page, address: str) -> None:
    """Go there as soon as somebody listens; a minute at most."""
    for _ in range(1200):
        with contextlib.suppress(Exception):  # Playwright raises its own Error for a refused connection
            page.goto(address)
            return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing answered at {address} within a minute. Start the app by hand to see why.")


def _begin(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    _open(page, address)
    asked = page.get_by_text("Should your talks be kept?").or_(page.get_by_role("button", name="Practise with Denise"))
    asked.first.wait_for(timeout=60_000)
    if page.get_by_text("Should your talks be kept?").count():
        begin(page, address, keep=True)
    else:
        page.get_by_role("button", name="Practise with Denise").click()
        page.get_by_role("button", name="Begin").click()
        page.get_by_placeholder("Your words").wait_for()
    return _watched(page)


def _begin_echo(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    _open(page, address)
    page.get_by_placeholder("Your words").wait_for(timeout=60_000)
    return _watched(page)


def _watched(page: Page) -> Page:
    page.locator(WATCHED).first.wait_for(state="attached")
    page.wait_for_timeout(1_000)
    page.evaluate(_WATCH)
    return page


def _turn(page: Page, replies: str, words: str) -> float:
    """Seconds from Enter to the last change of the page, once a reply more (a `replies` element) is there and all is quiet."""
    had = page.locator(replies).count()
    page.get_by_placeholder("Your words").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_function(_DONE, arg=[replies, had, QUIET], timeout=30_000)
    return float(page.evaluate("(window.bench.last - window.bench.sent) / 1000"))
