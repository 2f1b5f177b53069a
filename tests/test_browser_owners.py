from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web import App, begin, chromium, say, settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)
PHONE = {"width": 390, "height": 844}
TEN = 10


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = App(tmp_path)
    yield made
    made.stop()


def stranger(browser: Browser) -> Page:
    """A page of a browser that was never here."""
    page = browser.new_context(viewport=PHONE).new_page()
    page.set_default_timeout(120_000)
    return page


def test_two_browsers_never_see_each_others_talks(app: App, browser: Browser) -> None:
    hers, his = stranger(browser), stranger(browser)
    begin(hers, app.entry, keep=True)
    say(hers, "No. pelican-marker, not this Wednesday.")
    begin(his, app.entry, keep=True)
    say(his, "I can't. heron-marker, ask me next week.")

    his.goto(hers.url)
    his.get_by_text("This talk is not here any more").wait_for()
    his.goto(hers.url.replace("/talk?", "/feedback?"))
    his.get_by_text("This talk is not here any more").wait_for()
    his.goto(f"{app.address}/talks")
    expect(his.get_by_role("button", name="Go on")).to_have_count(1)
    assert "pelican" not in his.content()

    cookies = his.context.cookies()
    assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies if cookie["name"].startswith("ipt_owner_")] == [(True, "Strict")]
    assert "ipt_owner" not in his.evaluate("document.cookie")

    hers.reload()
    expect(hers.locator(".ipt-learner")).to_contain_text("pelican-marker")
    with sqlite3.connect(app.folder / "data" / "practice.sqlite") as database:
        owners = [row[0] for row in database.execute("select owner from session")]
    assert len(set(owners)) == len(owners) == 2
    assert all(re.fullmatch("[0-9a-f]{40}", owner) for owner in owners)


def test_each_browser_chooses_for_itself_whether_talks_are_kept(app: App, browser: Browser) -> None:
    kept, off = stranger(browser), stranger(browser)
    begin(kept, app.entry, keep=True)
    begin(off, app.entry, keep=False)
    say(off, "cormorant-marker, I can't.")
    kept.goto(app.address)
    kept.get_by_text("Your talks are kept on this computer.").wait_for()
    off.goto(app.address)
    off.get_by_text("Should your talks be kept?").wait_for()
    assert not [path for path in (app.folder / "data").rglob("*") if path.is_file() and b"cormorant" in path.read_bytes()]


def test_a_browser_without_the_address_is_told_where_to_find_it(app: App, browser: Browser) -> None:
    page = stranger(browser)
    assert app.entry.startswith(app.address)
    answer = page.goto(app.address)
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", name="This browser has not been let in yet")).to_be_visible()
    page.goto(app.entry)
    page.get_by_text("Should your talks be kept?").wait_for()
    assert "token" not in page.url


def test_ten_browsers_at_once_and_no_word_goes_astray(app: App, browser: Browser) -> None:
    markers = [f"marker{chr(ord('a') + number) * 6}" for number in range(TEN)]
    pages = [stranger(browser) for _ in markers]
    entry = app.entry
    for page in pages:
        begin(page, entry, keep=True)
    for words in ("I can't do Wednesday, {}.", "No. {} is what I said.", "I'd like you to take her this time. {}."):
        for page, marker in zip(pages, markers, strict=True):  # all are sent before any is waited for
            page.get_by_placeholder("Your words").fill(words.format(marker))
            page.keyboard.press("Enter")
        for page in pages:
            said = page.locator(".ipt-learner")
            expect(said.last).to_contain_text(words.split("{}")[0].strip() or "No.")
            settled(page)
    for page, marker in zip(pages, markers, strict=True):
        expect(page.locator(".ipt-learner")).to_have_count(3)
        expect(page.locator(".ipt-partner")).to_have_count(4)
        shown = page.locator(".st-key-talk-log").inner_text()
        assert shown.count(marker) >= 3
        assert not [other for other in markers if other != marker and other in shown]
        assert page.locator("[data-testid=stAlert]").count() == 0
    with sqlite3.connect(app.folder / "data" / "practice.sqlite") as database:
        rows = database.execute(
            "select session.owner, turn.text from turn join session on session.id = turn.session_id where speaker = 'learner'"
        ).fetchall()
    assert len(rows) == 3 * TEN
    by_owner = {owner: {marker for marker in markers for whose, text in rows if whose == owner and marker in text} for owner, _ in rows}
    assert len(by_owner) == TEN
    assert all(len(found) == 1 for found in by_owner.values())
