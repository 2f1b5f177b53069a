from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_help_in_the_docs_is_the_programs_own() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, 'docs'); import cli_pages; sys.stdout.write(cli_pages.page())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == made, "run `python docs/cli_pages.py`"


def test_links_between_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_folder_that_the_readme_names_is_there() -> None:
    where = (ROOT / "README.md").read_text(encoding="utf-8").split("## Where things are")[1].split("\n## ")[0]
    for name in re.findall(r"^\| `([^`]+)` \|", where, re.MULTILINE):
        assert (ROOT / name).exists(), name


def test_the_commands_of_the_readme_are_known() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    helps = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for command in re.findall(r"^ipt-roleplay ((?:[a-z]+ ?)+)", readme, re.MULTILINE):
        words = command.split()
        assert any(f"## ipt-roleplay {' '.join(words[:count])}\n" in helps for count in (2, 1)), command


def test_the_readme_shows_every_picture_that_the_command_makes() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, 'docs'); import pictures; print(*(one.name for one in pictures.PICTURES))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    lie_there = {path.stem for path in (ROOT / "docs" / "pictures").glob("*.png")}
    named = set(re.findall(r"docs/pictures/([\w-]+)\.png", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert set(made) == lie_there == named, "run `python3 tasks.py pictures`"


def test_every_picture_of_the_readme_says_in_words_what_it_shows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.findall(r'<img src="[^"]+"[^>]* alt="([^"]*)"', readme) + re.findall(r"!\[([^\]]*)\]\(", readme)
    assert len(told) == len(re.findall(r"<img |!\[", readme))
    assert all(len(words) > 40 for words in told)
