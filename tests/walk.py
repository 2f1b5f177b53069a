"""One walk past every page of the app, as a learner, a trainee and a group would go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from tests.web import App, say, settled

LINES = (
    "*looks at the table* Sorry, it's just I've got a lot on at work, and there's the car.",
    "I can see you're worn out. I can't do Wednesday. Can you take her this time?",
)
GIVES_IN = ("Okay. I'll do it.", "Okay. I'll do that one as well.", "Sorry. Yes, I'll take her on Wednesday.", "Okay.", "Yes, okay.")
EXERCISE_LINES = 8


def stops(page: Page, app: App, *, keep: bool) -> Iterator[str]:
    """Stand still at every page in turn and name it; whoever walks along looks around meanwhile."""
    page.set_default_timeout(60_000)
    page.goto(app.entry)
    page.get_by_text("Should your talks be kept?").wait_for()
    yield _at("welcome", page)
    yield from _analyse(page, app)
    yield from _demo(page, app)
    page.goto(app.address)
    yield from _a_practice(page, keep)
    yield from _gate(page)
    yield from _your_talks(page)
    yield from _notes(page)
    yield from _help(page)


def _a_practice(page: Page, keep: bool) -> Iterator[str]:
    page.get_by_text("Keep them for 30 days" if keep else "Stay off the record").click()
    page.get_by_text("every line is saved" if keep else "nothing is written to disk").wait_for()
    yield _at("welcome, chosen", page)
    _press(page, "Go on", page.get_by_role("button", name="Practise with Denise"))
    yield _at("choose", page)
    page.get_by_role("link", name="Your talks").click()
    page.get_by_text("No talks yet").wait_for()
    yield _at("talks, none yet", page)
    _press(page, "Choose a situation", page.get_by_role("button", name="Practise with Denise"))
    yield from _to_the_talk(page)
    for line in LINES:
        say(page, line)
    yield _at("talk", page)
    page.get_by_role("button", name="Hint").click()
    page.get_by_text("Which of these would you try?").wait_for()
    yield _at("talk, hints", page)
    page.keyboard.press("Escape")
    page.get_by_text("Which of these would you try?").wait_for(state="detached")
    page.get_by_placeholder("Your words").fill("I want to kill myself")
    page.keyboard.press("Enter")
    page.get_by_text("Are you thinking about killing yourself?").wait_for()
    yield _at("danger", page)
    _press(page, "It was meant differently", page.get_by_placeholder("Your words"))
    _press(page, "End the talk", page.get_by_text("One moment to try again"))
    yield _at("feedback", page)
    _press(page, "Practise it from the start", page.get_by_text("What do you want from this talk?"))
    yield from _the_other_seat(page)
    yield from _given_in(page)


def _to_the_talk(page: Page) -> Iterator[str]:
    _press(page, "Practise with Denise", page.get_by_text("What do you want from this talk?"))
    yield _at("prepare", page)
    _press(page, "Begin", page.get_by_placeholder("Your words"))
    yield _at("talk, first line", page)


def _given_in(page: Page) -> Iterator[str]:
    """A talk to its end: the partner gets her way."""
    _press(page, "Begin", page.get_by_placeholder("Your words"))
    for line in GIVES_IN:
        say(page, line)
        if page.get_by_role("button", name="Look at it together").count():
            break
    page.get_by_role("button", name="Look at it together").wait_for()
    yield _at("talk, over", page)
    _press(page, "Look at it together", page.get_by_role("heading", name="The whole talk"))
    yield _at("feedback, given in", page)


def _the_other_seat(page: Page) -> Iterator[str]:
    page.get_by_role("link", name="Swap seats").click()
    page.get_by_role("button", name="Begin as Denise").wait_for()
    yield _at("other seat, before", page)
    _press(page, "Begin as Denise", page.get_by_placeholder("Your words"))
    yield _at("other seat, nobody spoke yet", page)
    page.get_by_placeholder("Your words").fill("You're taking Mum on Wednesday. I've told her.")
    page.keyboard.press("Enter")
    page.locator(".ipt-learner").first.wait_for()
    yield _at("other seat", page)
    _press(page, "Enough: look at it", page.get_by_role("heading", name="What you heard in Denise's seat"))
    yield _at("other seat, after", page)
    _press(page, "Now from your own seat", page.get_by_text("What do you want from this talk?"))


def _gate(page: Page) -> Iterator[str]:
    """Before a talk with someone who controls."""
    page.get_by_role("link", name="All situations").click()
    _press(page, "Practise with Neil", page.get_by_text("Are you ever afraid of what they might do?").first)
    yield _at("gate", page)
    page.locator("[data-testid=stRadio]").get_by_text("Yes", exact=True).click()
    page.get_by_role("link", name="See the other talks").wait_for()
    yield _at("gate, afraid", page)
    page.get_by_role("link", name="See the other talks").click()
    page.get_by_role("button", name="Practise with Denise").wait_for()


def _your_talks(page: Page) -> Iterator[str]:
    page.get_by_role("link", name="Your talks").click()
    page.get_by_role("button", name="Delete …").first.wait_for()
    yield _at("talks", page)
    page.get_by_role("button", name="Delete …").first.click()
    page.get_by_role("dialog").wait_for()
    yield _at("talks, delete", page)
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("dialog").wait_for(state="detached")


def _notes(page: Page) -> Iterator[str]:
    page.get_by_role("link", name="Notes", exact=True).click()
    page.get_by_role("heading", name="Notes", exact=True).wait_for()
    page.get_by_text("Notes of your own").click()
    yield _at("notes", page)
    page.get_by_label("What are you looking for?").fill("I feel guilty when I say no to my mother")
    page.keyboard.press("Enter")
    page.locator("mark").first.wait_for()
    yield _at("notes, found", page)
    page.get_by_role("link", name="Read the whole note").first.click()
    page.get_by_text("Where this is from").click()
    yield _at("a note", page)


def _help(page: Page) -> Iterator[str]:
    page.get_by_role("link", name="I need real help").click()
    page.get_by_text(re.compile("Emergency in")).first.wait_for()
    yield _at("help", page)


def _analyse(page: Page, app: App) -> Iterator[str]:
    page.goto(f"{app.address}/analyse")
    for number in range(1, EXERCISE_LINES + 1):
        page.get_by_text(f"{number} of {EXERCISE_LINES}", exact=True).wait_for()
        settled(page)
        if number == 2:
            yield _at("analyse, next line", page)
        page.locator("[data-testid=stRadio]").get_by_text("passive", exact=True).click()
        page.get_by_role("button", name="hedging").click()
        expect(page.get_by_role("button", name="hedging")).to_have_attribute("aria-pressed", "true")
        if number == 1:
            yield _at("analyse", page)
        page.get_by_role("button", name="See the reference" if number == EXERCISE_LINES else "Next").click()
    page.get_by_role("heading", name=re.compile("You and the reference agree")).wait_for()
    yield _at("analyse, reference", page)


def _demo(page: Page, app: App) -> Iterator[str]:
    page.goto(f"{app.address}/demo")
    page.locator(".ipt-stage").first.wait_for()
    yield _at("demo, start", page)
    for count in range(1, 13):
        expect(page.locator(".ipt-stage")).to_have_count(count)
        page.get_by_role("button", name="Next line").click()
    page.locator(".ipt-ending").wait_for()
    yield _at("demo, end", page)


def _at(name: str, page: Page) -> str:
    settled(page)
    return name


def _press(page: Page, name: str, then: Locator) -> None:
    """Press a button and wait for what comes."""
    settled(page)
    page.get_by_role("button", name=name).click()
    then.wait_for()
    settled(page)
