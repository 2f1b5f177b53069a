from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ipt_roleplay.model_server import ModelServer
from tests.web import App, begin, chromium, free_port, say, settled, watched

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made = App(tmp_path_factory.mktemp("web"))
    yield made
    made.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def test_a_whole_practice_and_nothing_leaves_the_machine(app: App, page: Page) -> None:
    asked = watched(page, app.port)
    begin(page, app.entry, keep=True)
    expect(page.locator(".st-key-talk-log")).to_have_attribute("role", "log")
    say(page, "*looks at the table* I've got work on Wednesday.")
    say(page, "I know you're doing a lot. I can't do Wednesday. I'd like you to take her this time.")
    page.get_by_role("button", name="Say nothing").click()
    page.wait_for_function("document.querySelectorAll('.ipt-partner').length > 3", timeout=90_000)
    settled(page)
    page.get_by_role("button", name="End the talk").click()
    page.get_by_text("One moment to try again").wait_for(timeout=60_000)
    expect(page.get_by_role("heading", name="You stopped here")).to_be_visible()
    page.get_by_text("Go to that moment").first.click()
    assert re.search(r"#turn-\d+$", page.url)
    moment = page.locator(f"#{page.url.rsplit('#', 1)[1]}")
    expect(moment).to_be_in_viewport()
    page.reload()
    expect(moment).to_be_in_viewport()
    page.get_by_text(re.compile(r"^\[1\] ")).first.click()
    expect(page.locator("[data-testid=stExpander]").first).to_contain_text(re.compile("From the articles|General knowledge"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Your talks").click()
    page.get_by_role("button", name="Delete …").first.click()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_text("No talks yet").wait_for()
    assert asked == []
    assert app.outside == ""


def test_words_that_speak_of_danger_bring_the_card_and_no_reply(app: App, page: Page) -> None:
    begin_again(page, app)
    page.get_by_placeholder("Your words").fill("I want to kill myself")
    page.keyboard.press("Enter")
    page.get_by_text("Are you thinking about killing yourself?").wait_for()
    expect(page.get_by_text("116 123")).to_be_visible()
    expect(page.get_by_placeholder("Your words")).to_have_count(0)
    page.get_by_role("button", name="It was meant differently").click()
    say(page, "I didn't mean it like that. I can't do Wednesday.")
    expect(page.locator(".ipt-partner")).to_have_count(2)


def test_what_is_typed_is_shown_as_text(app: App, page: Page) -> None:
    asked = watched(page, app.port)
    begin_again(page, app)
    say(page, "<img src=x onerror=alert(1)> ![x](http://192.0.2.1/a.png) <script>alert(1)</script> **no**")
    expect(page.locator(".ipt-learner").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".ipt-learner img, .ipt-learner script").count() == 0
    assert asked == []


def test_a_turn_too_long_is_kept_to_be_shortened(app: App, page: Page) -> None:
    begin_again(page, app)
    page.get_by_placeholder("Your words").fill("No. " * 5_000)
    page.keyboard.press("Enter")
    page.get_by_text("Nothing was sent and your text is kept").wait_for()


def test_off_the_record_a_reload_loses_the_talk_and_says_so(app: App, browser: Browser, tmp_path: Path) -> None:
    own = App(tmp_path)
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    begin(page, own.entry, keep=False)
    say(page, "walrus-marker, I can't.")
    page.reload()
    page.get_by_text("Should your talks be kept?").wait_for(timeout=90_000)
    context.close()
    own.stop()
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file() and b"walrus-marker" in path.read_bytes()]


def test_when_the_model_is_down_the_page_says_whose_line_it_was(browser: Browser, tmp_path: Path) -> None:
    app = App(tmp_path, IPT_MODEL="openai:m", OPENAI_BASE_URL=f"http://127.0.0.1:{free_port()}/v1")
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(app.entry)
    page.get_by_text("a language model that is served on it (m)").wait_for(timeout=90_000)
    begin(page, app.entry, keep=True)
    say(page, "No, Denise. I can't do Wednesday.")
    expect(page.locator(".ipt-note")).to_have_text("Denise's line was written: the model could not be reached.")
    expect(page.locator(".ipt-partner")).to_have_count(2)
    context.close()
    app.stop()
    assert app.outside == ""


def test_a_real_model_speaks_on_the_page_and_a_stopped_reply_is_kept(browser: Browser, tmp_path: Path, llama: ModelServer) -> None:
    app = App(tmp_path, IPT_MODEL="openai:smollm2", OPENAI_BASE_URL=llama.address, OPENAI_API_KEY=llama.key)
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    begin(page, app.entry, keep=True)
    page.get_by_placeholder("Your words").fill("No, Denise. I can't do Wednesday.")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "[...document.querySelectorAll('.ipt-partner')].some((turn, n) => n > 0 && turn.innerText.length > 14)", timeout=60_000
    )
    page.get_by_role("button", name="End the talk").click()
    page.get_by_text("You stopped here").wait_for(timeout=60_000)
    with sqlite3.connect(tmp_path / "data" / "practice.sqlite") as database:
        said = [row[0] for row in database.execute("select text from turn where speaker = 'partner' order by n")]
    assert len(said) == 2
    context.close()
    app.stop()
    assert app.outside == ""


def test_killed_while_she_speaks_every_word_that_was_sent_is_there(browser: Browser, tmp_path: Path) -> None:
    app = App(tmp_path)
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    begin(page, app.entry, keep=True)
    say(page, "I've got work on Wednesday.")
    place = page.url
    page.get_by_placeholder("Your words").fill("I can't do Wednesday, Denise.")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.ipt-partner').length > 2", timeout=90_000)
    app.kill()
    with sqlite3.connect(tmp_path / "data" / "practice.sqlite") as database:
        said = [row[0] for row in database.execute("select text from turn where speaker = 'learner' order by n")]
    assert said == ["I've got work on Wednesday.", "I can't do Wednesday, Denise."]
    again = App(tmp_path, app.port)
    page.goto(place)
    page.get_by_placeholder("Your words").wait_for(timeout=60_000)
    expect(page.locator(".ipt-learner")).to_have_count(2)
    say(page, "So will you take her?")
    expect(page.locator(".ipt-learner")).to_have_count(3)
    context.close()
    again.stop()


def begin_again(page: Page, app: App) -> None:
    """A new talk on an app where saving was chosen before."""
    page.set_default_timeout(90_000)
    page.goto(app.entry)
    page.get_by_text(re.compile("Should your talks be kept|Which talk would you like")).first.wait_for(timeout=90_000)
    if page.get_by_text("Should your talks be kept?").count():
        begin(page, app.entry, keep=True)
        return
    page.get_by_role("button", name="Practise with Denise").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_placeholder("Your words").wait_for()


def test_one_can_go_back_to_a_moment_and_both_ways_are_kept(app: App, page: Page) -> None:
    begin_again(page, app)
    say(page, "okay")
    page.get_by_role("button", name="Say that again, differently").click()
    page.get_by_text("You went back to this moment").wait_for()
    expect(page.locator(".ipt-learner")).to_have_count(0)
    say(page, "I can't do Wednesday, Denise.")
    page.get_by_role("button", name="End the talk").click()
    page.get_by_role("heading", name="The whole talk").wait_for()
    page.get_by_role("link", name="Your talks").click()
    expect(page.get_by_text("Another way, from line 2 of an earlier talk").first).to_be_visible()


def test_trainees_and_groups_have_their_rooms_on_a_phone(app: App, page: Page) -> None:
    page.set_default_timeout(90_000)
    page.goto(app.entry)
    page.goto(f"{app.address}/analyse")
    page.get_by_text("1 of 8").wait_for()
    for number in range(1, 9):
        expect(page.get_by_text(f"{number} of 8")).to_be_in_viewport()
        page.locator("[data-testid=stRadio]").get_by_text("passive", exact=True).click()
        page.get_by_role("button", name="hedging").click()
        expect(page.get_by_role("button", name="hedging")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="See the reference" if number == 8 else "Next").click()
    expect(page.get_by_role("heading", name="You and the reference agree on 5 of 8 styles.")).to_be_visible()
    expect(page.get_by_text("Of the 16 signals that the reference names, you found 2.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.goto(f"{app.address}/demo")
    lines = page.locator(".ipt-stage")
    for count in range(1, 13):
        expect(lines).to_have_count(count)
        expect(page.get_by_role("button", name="Next line")).to_be_focused()
        page.keyboard.press("Enter")
    expect(page.locator(".ipt-ending")).to_contain_text("Denise got her way.")
    expect(page.locator(".ipt-ending")).to_be_in_viewport(ratio=1)
    size = page.locator(".ipt-stage p:not([class])").first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")
    assert size >= 28
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_text("Second way: assertive").click()
    expect(lines).to_have_count(1)
