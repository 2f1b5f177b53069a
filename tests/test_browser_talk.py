"""The talk's page in a real Chromium: what must hold whatever happens around it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web import App, begin, chromium, say, settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def test_right_after_the_start_every_click_counts(page: Page, tmp_path: Path) -> None:
    """Each click comes as soon as its button stands there, while models and notes are still being loaded."""
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    expect(page.locator(".ipt-partner")).to_have_count(1)
    app.stop()


DRAFT = "I know you're tired, Denise, and"


def box(page: Page) -> Locator:
    return page.get_by_placeholder("Your words")


def type_in(page: Page, words: str) -> None:
    box(page).press_sequentially(words)
    expect(box(page)).to_have_value(words)


def stored(page: Page) -> str:
    """Everything that the browser keeps for this page beyond it."""
    return str(page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"))


def test_a_draft_survives_a_reload_a_visit_to_real_help_and_the_server(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    type_in(page, DRAFT)
    page.reload()
    expect(box(page)).to_have_value(DRAFT)
    page.get_by_role("button", name="I need real help").click()
    page.get_by_text("Where are you?").wait_for()
    page.go_back()
    expect(box(page)).to_have_value(DRAFT)
    page.get_by_role("button", name="I need real help").click()
    page.get_by_role("link", name="Back to the talk").click()
    expect(box(page)).to_have_value(DRAFT)
    app.kill()
    again = App(tmp_path, app.port)
    page.reload()
    expect(box(page)).to_have_value(DRAFT)
    box(page).press_sequentially(" I can't do Wednesday.")
    page.keyboard.press("Enter")
    expect(page.locator(".ipt-learner")).to_contain_text(f"{DRAFT} I can't do Wednesday.")
    expect(page.locator(".ipt-partner")).to_have_count(2)
    page.wait_for_function("Object.keys(sessionStorage).every(key => !key.startsWith('ipt-'))")
    assert DRAFT not in stored(page)
    page.reload()
    expect(page.locator(".ipt-partner")).to_have_count(2)
    settled(page)
    expect(box(page)).to_have_value("")
    again.stop()


def test_each_talk_has_its_own_draft_and_a_deleted_one_leaves_none(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    first = page.url
    type_in(page, "words for the first talk")
    page.goto(app.address)
    page.get_by_role("button", name="Practise with Denise").click()
    page.get_by_role("button", name="Begin").click()
    expect(box(page)).to_have_value("")
    type_in(page, "words for the second")
    page.goto(first)
    expect(box(page)).to_have_value("words for the first talk")
    page.goto(f"{app.address}/talks")
    for _ in range(2):
        page.get_by_role("button", name="Delete …").first.click()
        page.get_by_role("button", name="Delete it").click()
        page.get_by_role("button", name="Delete it").wait_for(state="detached")
    page.get_by_text("No talks yet").wait_for()
    settled(page)
    assert "words for" not in stored(page)
    app.stop()


def test_off_the_record_a_draft_lives_in_the_open_page_only(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=False)
    type_in(page, "walrus-marker")
    assert "walrus" not in stored(page)
    page.get_by_role("button", name="I need real help").click()
    page.get_by_text("Where are you?").wait_for()
    page.go_back()
    expect(box(page)).to_have_value("walrus-marker")
    say(page, "walrus-marker, no.")
    assert "walrus" not in stored(page)
    app.stop()
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file() and b"walrus" in path.read_bytes()]


def test_words_in_the_box_go_along_to_the_moment_one_goes_back_to(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    say(page, "okay")
    type_in(page, "No. I can't do Wednesday.")
    page.get_by_role("button", name="Say that again, differently").click()
    page.get_by_text("You went back to this moment").wait_for()
    expect(box(page)).to_have_value("No. I can't do Wednesday.")
    settled(page)
    page.reload()
    page.get_by_text("You went back to this moment").wait_for()
    expect(box(page)).to_have_value("No. I can't do Wednesday.")
    app.stop()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be frozen here")
def test_words_sent_to_a_server_that_died_before_keeping_them_are_in_the_box_again(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    settled(page)
    os.killpg(app.process.pid, signal.SIGSTOP)
    type_in(page, "No. I can't do Wednesday.")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("")
    app.kill()
    again = App(tmp_path, app.port)
    page.reload()
    expect(box(page)).to_have_value("No. I can't do Wednesday.")
    expect(page.locator(".ipt-learner")).to_have_count(0)
    again.stop()
