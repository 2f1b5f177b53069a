"""The talk's page in a real Chromium: what must hold whatever happens around it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ipt_roleplay.model_server import ModelServer
from tests.web import App, begin, chromium, say, settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """For tests that leave the app as it was but for talks of their own."""
    made = App(tmp_path_factory.mktemp("web"))
    yield made
    made.stop()


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


def begin_one(page: Page, app: App) -> None:
    """A new kept talk on the shared app."""
    page.set_default_timeout(90_000)
    page.goto(app.entry)
    asked = page.get_by_text("Should your talks be kept?")
    asked.or_(page.get_by_role("button", name="Practise with Denise")).first.wait_for()
    if asked.count():
        return begin(page, app.entry, keep=True)
    page.get_by_role("button", name="Practise with Denise").click()
    page.get_by_role("button", name="Begin").click()
    return box(page).wait_for()


WATCH_THE_REPLY = """
() => {
  const log = document.querySelector('.st-key-talk-log');
  window.seen = { unsaid: [], added: [], whole: [] };
  new MutationObserver((changes) => changes.forEach((change) => window.seen.added.push(
    [...change.addedNodes].map((node) => node.textContent).join() || change.type))
  ).observe(log, { childList: true, subtree: true, characterData: true });
  const look = () => {
    const unsaid = CSS.highlights.get('ipt-unsaid');
    if (unsaid) window.seen.unsaid.push([...unsaid].map((range) => range.toString()).join());
    const reply = [...log.querySelectorAll('.ipt-partner')].slice(1).map((turn) => turn.innerText.trim());
    if (reply.length) window.seen.whole.push(reply[0]);
    requestAnimationFrame(look);
  };
  look();
}
"""


def test_a_reply_is_seen_word_by_word_and_read_out_once(page: Page, app: App) -> None:
    begin_one(page, app)
    expect(page.locator(".st-key-talk-log")).to_have_attribute("aria-live", "polite")
    page.evaluate(WATCH_THE_REPLY)
    box(page).fill("I can't do Wednesday. I'd like you to take her this time.")
    page.keyboard.press("Enter")
    page.wait_for_function("window.seen.unsaid.length && !window.seen.unsaid.at(-1)")
    seen = page.evaluate("window.seen")
    left = [len(unsaid) for unsaid in seen["unsaid"]]
    assert left == sorted(left, reverse=True)
    assert len(set(left)) > 2, "the words are uncovered one after the other"
    assert len(set(seen["whole"])) == 1, "the page has the whole reply from the start"
    assert len(seen["added"]) == 2, "one change for the learner's words, one for the reply"
    expect(page.get_by_role("button", name="Say that again, differently")).to_be_visible()


def test_who_asked_for_less_motion_sees_a_reply_at_once(browser: Browser, app: App) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page = context.new_page()
    begin_one(page, app)
    page.evaluate(WATCH_THE_REPLY)
    say(page, "I can't do Wednesday.")
    assert page.evaluate("window.seen.unsaid") == []
    context.close()


def test_a_talk_that_ends_shows_its_ending_right_after_her_last_line(page: Page, app: App) -> None:
    begin_one(page, app)
    say(page, "okay")
    say(page, "okay")
    page.get_by_text("The talk is over.").wait_for()
    expect(page.get_by_role("button", name="Look at it together")).to_be_visible()
    expect(page.locator(".ipt-partner")).to_have_count(3)
    assert box(page).count() == 0


def test_a_reply_of_a_model_is_read_out_once_when_it_is_whole(page: Page, tmp_path: Path, llama: ModelServer) -> None:
    app = App(tmp_path, IPT_MODEL="openai:smollm2", OPENAI_BASE_URL=llama.address, OPENAI_API_KEY=llama.key)
    begin(page, app.entry, keep=True)
    page.evaluate(WATCH_THE_REPLY)
    box(page).fill("No, Denise. I can't do Wednesday.")
    page.keyboard.press("Enter")
    page.locator("[aria-hidden=true] .ipt-partner").wait_for(state="attached")
    expect(page.locator(".st-key-talk-log [aria-hidden=true]")).to_have_count(0, timeout=90_000)
    expect(page.locator(".ipt-partner")).to_have_count(2)
    expect(page.get_by_role("button", name="Say that again, differently")).to_be_visible()
    said = page.locator(".ipt-partner").last.inner_text()
    page.reload()
    expect(page.locator(".ipt-partner").last).to_have_text(said, use_inner_text=True)
    app.stop()
