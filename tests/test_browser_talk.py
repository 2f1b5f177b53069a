"""The talk's page in a real Chromium: what must hold whatever happens around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web import App, begin, chromium

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
