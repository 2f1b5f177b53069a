"""The talk's page in a real Chromium: what must hold whatever happens around it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ipt_roleplay.model_server import ModelServer
from tests.servers import Listening, answering
from tests.web import ROOT, App, begin, chromium, say, settled

try:
    import resource
except ModuleNotFoundError:  # Windows
    resource = None  # type: ignore[assignment]

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


def wait_until_stored(page: Page, words: str) -> None:
    page.wait_for_function("words => JSON.stringify({...sessionStorage}).includes(words)", arg=words)


def wait_until_gone(page: Page, words: str) -> None:
    page.wait_for_function("words => !JSON.stringify({...sessionStorage}).includes(words)", arg=words)


def test_a_draft_survives_a_reload_a_visit_to_real_help_and_the_server(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    type_in(page, DRAFT)
    wait_until_stored(page, DRAFT)
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


def test_each_talk_has_its_own_draft_and_a_deleted_one_leaves_none(page: Page, app: App) -> None:
    begin_one(page, app)
    first = page.url
    type_in(page, "words for the first talk")
    wait_until_stored(page, "words for the first talk")
    begin_one(page, app)
    expect(box(page)).to_have_value("")
    type_in(page, "words for the second")
    wait_until_stored(page, "words for the second")
    page.goto(first)
    expect(box(page)).to_have_value("words for the first talk")
    page.goto(f"{app.address}/talks")
    for _ in range(2):
        page.get_by_role("button", name="Delete …").first.click()
        page.get_by_role("button", name="Delete it").click()
        page.get_by_role("button", name="Delete it").wait_for(state="detached")
        settled(page)
    wait_until_gone(page, "words for")
    assert "words for" not in stored(page)


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


def test_words_in_the_box_go_along_to_the_moment_one_goes_back_to(page: Page, app: App) -> None:
    begin_one(page, app)
    say(page, "okay")
    type_in(page, "No. I can't do Wednesday.")
    page.get_by_role("button", name="Say that again, differently").click()
    page.get_by_text("You went back to this moment").wait_for()
    expect(box(page)).to_have_value("No. I can't do Wednesday.")
    settled(page)
    page.reload()
    page.get_by_text("You went back to this moment").wait_for()
    expect(box(page)).to_have_value("No. I can't do Wednesday.")


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


def two_tabs(browser: Browser, app: App) -> tuple[Page, Page]:
    """The same kept talk, open twice; nothing was said yet."""
    context = browser.new_context(viewport=PHONE)
    first, second = context.new_page(), context.new_page()
    begin_one(first, app)
    second.set_default_timeout(90_000)
    second.goto(first.url)
    box(second).wait_for()
    settled(second)
    return first, second


def test_in_a_tab_that_fell_behind_no_word_is_lost(browser: Browser, app: App) -> None:
    first, second = two_tabs(browser, app)
    say(first, "I can't do Wednesday.")
    box(second).fill("I'd rather you asked me first.")
    second.keyboard.press("Enter")
    second.get_by_text("This talk went on in another tab").wait_for()
    expect(box(second)).to_have_value("I'd rather you asked me first.")
    expect(second.locator(".ipt-learner")).to_have_text(re.compile("I can't do Wednesday"))
    expect(second.locator(".ipt-partner")).to_have_count(2)
    settled(second)
    second.reload()
    expect(box(second)).to_have_value("I'd rather you asked me first.")
    expect(second.locator(".ipt-partner")).to_have_count(2)
    box(second).press("Enter")
    expect(second.locator(".ipt-learner").last).to_contain_text("I'd rather you asked me first.")
    expect(second.locator(".ipt-partner")).to_have_count(3)
    expect(second.get_by_text("another tab")).to_have_count(0)
    first.get_by_role("button", name="Say nothing").click()
    first.get_by_text("nothing was done from this tab").wait_for()
    expect(first.locator(".ipt-learner")).to_have_count(2)
    first.context.close()


def test_while_she_speaks_in_one_tab_nothing_is_done_from_another(page: Page, stalled: tuple[App, Listening]) -> None:
    app, server = stalled
    begin_one(page, app)
    asked = len(server.words)
    box(page).fill("No, Denise. I can't do Wednesday.")
    page.keyboard.press("Enter")
    expect(page.locator(".ipt-partner").nth(1)).to_contain_text("You always")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_text("Denise is still speaking. Reload the page").wait_for(timeout=60_000)
    box(other).fill("And another thing.")
    box(other).press("Enter")
    other.get_by_text("nothing was done from this tab").wait_for()
    expect(box(other)).to_have_value("And another thing.")
    expect(other.locator(".ipt-learner")).to_have_count(1)
    box(page).fill("Let me finish.")
    page.keyboard.press("Enter")
    expect(page.locator(".ipt-partner").nth(2)).to_contain_text("You always")
    assert len(server.words) == asked + 2, "the model was asked once for each turn"


def test_words_for_a_talk_that_was_ended_in_another_tab_can_be_copied(browser: Browser, app: App) -> None:
    first, second = two_tabs(browser, app)
    first.get_by_role("button", name="End the talk").click()
    first.get_by_role("heading", name="The whole talk").wait_for()
    box(second).fill("I'd rather you asked me first.")
    second.keyboard.press("Enter")
    second.get_by_text("The talk is over.").wait_for()
    expect(second.get_by_label("Your words, not sent")).to_have_value("I'd rather you asked me first.")
    first.context.close()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can limit a running process from outside")
def test_when_the_disk_is_full_the_words_are_in_the_box_again(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    say(page, "I can't do Wednesday.")
    limits = resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
    box(page).fill("Will you take her this time?")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("could not be saved")).wait_for()
    expect(page.get_by_text("Your words are in the box again")).to_be_visible()
    expect(box(page)).to_have_value("Will you take her this time?")
    expect(page.locator(".ipt-learner")).to_have_count(1)
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, limits)
    box(page).press("Enter")
    expect(page.locator(".ipt-partner")).to_have_count(3)
    expect(page.get_by_text(re.compile("could not be saved"))).to_have_count(0)
    app.stop()


def test_a_database_of_a_newer_version_is_left_alone_and_the_words_stay(page: Page, tmp_path: Path) -> None:
    app = App(tmp_path)
    begin(page, app.entry, keep=True)
    place = page.url
    type_in(page, "I can't do Wednesday.")
    app.kill()
    path = tmp_path / "data" / "practice.sqlite"
    with sqlite3.connect(path) as database:
        known = database.execute("select version_num from alembic_version").fetchone()[0]
        database.execute("update alembic_version set version_num = '9999'")
        database.commit()
        database.execute("pragma wal_checkpoint(truncate)")
    before = path.read_bytes()
    again = App(tmp_path, app.port)
    expect(box(page)).to_be_enabled(timeout=60_000)
    box(page).press("Enter")
    page.get_by_text("made by a newer version of ipt-roleplay").wait_for()
    expect(page.get_by_text("It was not touched")).to_be_visible()
    expect(box(page)).to_have_value("I can't do Wednesday.")
    page.get_by_role("button", name="Try again").click()
    settled(page)
    expect(box(page)).to_have_value("I can't do Wednesday.")
    page.goto(app.address)
    page.get_by_role("link", name="Your talks").click()
    page.get_by_text("made by a newer version of ipt-roleplay").wait_for()
    page.get_by_role("link", name="Choose again whether talks are kept").click()
    page.get_by_text("Stay off the record").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Practise with Denise").wait_for()
    again.stop()
    assert path.read_bytes() == before
    with sqlite3.connect(path) as database:
        database.execute("update alembic_version set version_num = ?", (known,))
    mended = App(tmp_path, app.port)
    page.goto(mended.address)
    page.get_by_text("Keep them for 30 days").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Practise with Denise").wait_for()
    page.goto(place)
    expect(box(page)).to_have_value("I can't do Wednesday.")
    box(page).press("Enter")
    expect(page.locator(".ipt-learner")).to_contain_text("I can't do Wednesday.")
    mended.stop()


def begun(words: str) -> bytes:
    """The beginning of a model's answer, after which its server falls silent."""
    piece = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    choice = {"index": 0, "delta": {"role": "assistant", "content": words}, "finish_reason": None}
    body = f"data: {json.dumps(piece | {'choices': [choice]})}\n\n"
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{body}".encode()


@pytest.fixture(scope="module")
def stalled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, Listening]]:
    """An app whose model says a sentence, begins another, and goes no further."""
    with answering(begun("You always do that. And then "), hang_up=False) as server:
        app = App(tmp_path_factory.mktemp("stalled"), IPT_MODEL="openai:m", OPENAI_BASE_URL=server.address)
        yield app, server
        app.stop()


def said_by_the_partner(page: Page, app: App) -> list[str]:
    talk = page.url.split("id=")[1].split("#")[0]
    with sqlite3.connect(app.folder / "data" / "practice.sqlite") as database:
        return [
            row[0] for row in database.execute("select text from turn where session_id = ? and speaker = 'partner' order by n", (talk,))
        ]


@pytest.mark.parametrize("how", ["reload", "end", "speak on"])
def test_stopped_while_a_model_speaks_what_was_said_is_kept_and_shown(page: Page, stalled: tuple[App, Listening], how: str) -> None:
    app, _ = stalled
    begin_one(page, app)
    box(page).fill("No, Denise. I can't do Wednesday.")
    page.keyboard.press("Enter")
    reply = page.locator(".ipt-partner").nth(1)
    expect(reply).to_contain_text("You always do that.")
    if how == "reload":
        page.reload()
    elif how == "end":
        page.get_by_role("button", name="End the talk").click()
        reply = page.get_by_text("You always do that.").last
    else:
        box(page).fill("Let me finish.")
        page.keyboard.press("Enter")
        expect(page.locator(".ipt-learner")).to_have_count(2)
    cut = re.compile(r"You always do that\. …")
    expect(reply).to_contain_text(cut)
    assert cut.fullmatch(said_by_the_partner(page, app)[1])


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux can limit a running process from outside")
def test_words_that_are_kept_are_answered_when_the_disk_has_room_again(page: Page, tmp_path: Path) -> None:
    with answering(begun("You always do that. And then "), hang_up=False) as server:
        speaking = App(tmp_path, IPT_MODEL="openai:m", OPENAI_BASE_URL=server.address)
        begin(page, speaking.entry, keep=True)
        box(page).fill("No, Denise. I can't do Wednesday.")
        page.keyboard.press("Enter")
        expect(page.locator(".ipt-partner").nth(1)).to_contain_text("You always")
        speaking.kill()
    place = page.url
    app = App(tmp_path, speaking.port)
    page.goto(f"{app.address}/talks")
    page.get_by_role("button", name="Delete …").wait_for()
    limits = resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
    page.goto(place)
    page.get_by_text(re.compile("could not be saved")).wait_for()
    expect(page.locator(".ipt-learner")).to_contain_text("No, Denise. I can't do Wednesday.")
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, limits)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".ipt-partner")).to_have_count(2)
    expect(page.get_by_text(re.compile("could not be saved"))).to_have_count(0)
    app.stop()


def test_a_persona_file_may_be_edited_while_one_talks(page: Page, tmp_path: Path) -> None:
    personas = tmp_path / "personas"
    shutil.copytree(ROOT / "personas", personas)
    path = personas / "aggressive_sister.yaml"
    before = path.read_text(encoding="utf-8")
    app = App(tmp_path, IPT_PERSONAS_DIR=str(personas))
    begin(page, app.entry, keep=True)
    say(page, "I can't do Wednesday.")
    place = page.url
    path.write_text(before.replace("name: Denise", "name: Dora", 1), encoding="utf-8")
    say(page, "I said no.")
    expect(page.get_by_role("heading", name="Dora, your older sister")).to_be_visible()
    path.write_text(before.replace("name: Denise", "name: [Denise", 1), encoding="utf-8")
    say(page, "No.")
    expect(page.locator(".ipt-learner")).to_have_count(3)
    expect(page.locator(".ipt-partner")).to_have_count(4)
    type_in(page, "Will you take her?")
    page.goto(app.address)
    page.get_by_text(re.compile(r"A persona file cannot be used: aggressive_sister\.yaml:\d+: ")).wait_for()
    app.kill()
    again = App(tmp_path, app.port, IPT_PERSONAS_DIR=str(personas))
    page.goto(place)
    page.get_by_text(re.compile(r"aggressive_sister\.yaml:\d+: ")).wait_for()
    assert page.get_by_text("encountered an error").count() == 0
    path.write_text(before, encoding="utf-8")
    page.get_by_role("button", name="Try again").click()
    expect(box(page)).to_have_value("Will you take her?")
    expect(page.locator(".ipt-learner")).to_have_count(3)
    again.stop()
