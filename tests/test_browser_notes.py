"""The notes page: what one looks for is found and marked, notes of one's own come and go, and nothing in them becomes more than text."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web import App, begin, chromium, say, settled

HANDOUT = b"# House rules\n\n<b>No phones</b> at the table. ![x](http://example.org/x.png)\n\n- The kettle is for everyone."


@pytest.fixture
def app(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = App(tmp_path)
    yield made
    made.stop()


def test_own_notes_are_added_found_apart_shown_as_text_and_removed(app: App, tmp_path: Path) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "127.0.0.1" not in request.url else None)
        page.goto(app.entry)
        page.get_by_text("Keep them for 30 days").click()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("link", name="Notes", exact=True).click()
        page.get_by_text("Notes of your own").click()
        files = [("rules.md", HANDOUT), ("broken.pdf", b"nothing of a PDF")]
        page.locator("input[type=file]").set_input_files([{"name": n, "mimeType": "text/plain", "buffer": data} for n, data in files])
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_text("Added: rules.md").wait_for()
        expect(page.get_by_text("broken.pdf cannot be read")).to_be_visible()
        _look_for(page, "who may use the kettle?")
        page.get_by_role("heading", name="In your own notes").wait_for()
        page.get_by_text("rules: House rules").wait_for()
        expect(page.locator("mark", has_text="kettle").last).to_be_visible()
        page.goto(f"{app.address}/note?id=own-rules")
        page.get_by_text("<b>No phones</b> at the table. ![x](http://example.org/x.png)").wait_for()
        with page.expect_download() as got:
            page.get_by_role("button", name="A page to print").click()
        printed = got.value.path().read_text(encoding="utf-8")
        assert "&lt;b&gt;No phones" in printed
        assert "default-src 'none'" in printed
        page.get_by_role("link", name="Notes", exact=True).click()
        page.get_by_text("Notes of your own").click()
        page.get_by_role("button", name="Remove …").click()
        page.get_by_role("button", name="Remove it for good").click()
        page.get_by_role("link", name="rules (rules.md)").wait_for(state="detached")
        settled(page)
        assert asked == []
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"kettle" not in stored
    assert app.outside == ""


def test_a_note_says_which_talks_it_was_cited_in(app: App) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        begin(page, app.entry, keep=True)
        say(page, "I can't do Wednesday. I'd like you to take her this time.")
        page.get_by_role("button", name="End the talk").click()
        page.get_by_text("What this rests on").wait_for()
        page.locator("summary", has_text="[1]").click()
        page.get_by_role("link", name="Read the whole note").first.click()
        page.get_by_role("button", name="In which of my talks was this cited?").click()
        page.get_by_role("link", name="The doctor's appointment: Denise").wait_for()


def _look_for(page: Page, words: str) -> None:
    page.get_by_label("What are you looking for?").fill(words)
    page.keyboard.press("Enter")
