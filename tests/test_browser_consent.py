"""A model on another computer is chosen: nothing goes there before a yes, on the page as it is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.web import App, chromium, say, settled

pytestmark = pytest.mark.browser
ELSEWHERE = "model.example.org"
PHONE: ViewportSize = {"width": 390, "height": 844}
ASKED = f"Yes, my words in this talk and later ones may go to {ELSEWHERE}"


def to_the_question(page: Page, app: App) -> None:
    page.goto(app.entry)
    page.get_by_text("Should your talks be kept?").wait_for()
    page.get_by_text("Keep them for 30 days").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Practise with Denise").click()
    page.get_by_text(f"May your words go to {ELSEWHERE}?").wait_for()
    settled(page)


def test_nothing_goes_there_before_a_yes_and_the_names_are_remembered(tmp_path: Path) -> None:
    app = App(tmp_path, IPT_MODEL="openai:big", OPENAI_BASE_URL=f"https://{ELSEWHERE}/v1", OPENAI_API_KEY="sk-secret")
    with chromium() as browser:
        page = browser.new_context(viewport=PHONE).new_page()
        page.set_default_timeout(90_000)
        to_the_question(page, app)
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert found == []
        page.get_by_role("button", name="Begin").click()
        page.get_by_placeholder("Your words").wait_for()
        say(page, "No, Denise. I can't do Wednesday.")
        assert app.outside == ""
        page.goto(app.address)
        page.get_by_role("button", name="Practise with Denise").click()
        page.get_by_text(ASKED).click()
        page.get_by_role("textbox", name="Names that stay here").fill("Anna, Piotr")
        page.get_by_role("textbox", name="Names that stay here").press("Enter")
        settled(page)
        page.get_by_role("button", name="Begin").click()
        page.get_by_placeholder("Your words").wait_for()
        say(page, "No, Denise. Anna can't come on Wednesday.")
        assert ELSEWHERE in app.outside
        page.goto(app.address)
        page.get_by_role("button", name="Practise with Denise").click()
        expect(page.get_by_role("textbox", name="Names that stay here")).to_have_value("Anna, Piotr")
        page.get_by_role("link", name="Settings").click()
        page.get_by_role("heading", name="Where your words go").wait_for()
        settled(page)
        expect(page.get_by_text(f"What you say goes to {ELSEWHERE}.")).to_have_count(1)
        expect(page.get_by_role("textbox", name="Names that stay here")).to_have_value("Anna, Piotr")
        assert [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")] == []
        sent = app.outside
        page.get_by_role("button", name=f"Take back my yes to {ELSEWHERE}").click()
        page.get_by_text("you have not said yes to it").wait_for()
        page.goto(app.address)
        page.get_by_role("button", name="Practise with Denise").click()
        page.get_by_role("button", name="Begin").click()
        page.get_by_placeholder("Your words").wait_for()
        say(page, "No, Denise. Piotr can't come on Wednesday.")
        assert app.outside == sent
    app.stop()
    assert "sk-secret" not in (tmp_path / "said.log").read_text(encoding="utf-8")
