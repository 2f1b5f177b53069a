"""`ipt-roleplay doctor`: what is set up, what is missing, what would leave this machine."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ipt_roleplay.bootstrap import Services

STALE_AFTER_DAYS = 365
MODEL_WAIT = 30.0
ASK = (("system", "Answer in one word."), ("user", "Are you there?"))


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Check the set-up; exit status 1 if something that is needed does not work."""
    from ipt_roleplay.cli.common import print_json

    checks = _checks()
    if as_json:
        print_json({"ok": all(check["ok"] for check in checks), "checks": checks})
    else:
        for check in checks:
            typer.echo(f"{'ok     ' if check['ok'] else 'MISSING'}  {check['name']}: {check['says']}")
    if not all(check["ok"] for check in checks):
        raise typer.Exit(1)


def _checks() -> list[dict[str, Any]]:
    from ipt_roleplay.cli.common import services
    from ipt_roleplay.errors import PracticeError

    made = services()
    settings = made.settings
    checks = [_check("leaves this machine", lambda: made.leaving.brief)]
    checks.append(_check("partner", lambda: _partner(made)))
    checks.append(_check("data folder", lambda: _folder(settings.data_dir)))
    checks.append(_check("encoder", lambda: f"{made.encoder.id}, {made.encoder.encode(['ready']).shape[1]} numbers a text"))
    checks.append(_check("notes", lambda: f"{len(made.notes.notes())} notes, {made.notes.prepare()} sections in the index"))
    checks.append(_check("talks", lambda: f"{len(made.kept.list())} kept in {settings.database.split('@')[-1]}"))

    def personas() -> str:
        if made.personas.faults():
            raise PracticeError("; ".join(made.personas.faults()))
        return ", ".join(persona.id for persona in made.personas.list())

    checks.append(_check("personas", personas))
    checks.append(_check("helplines", lambda: _helplines(settings.locale)))
    checks.append(_check("web app", lambda: f"streamlit {_version('streamlit')}"))
    return checks


def _check(name: str, look: Any) -> dict[str, Any]:
    from ipt_roleplay.errors import PracticeError

    try:
        return {"name": name, "ok": True, "says": look()}
    except (PracticeError, OSError, PackageNotFoundError) as error:
        return {"name": name, "ok": False, "says": str(error)}


def _partner(made: Services) -> str:
    """Who finds the partner's words; a chosen model is asked for a word."""
    from ipt_roleplay.errors import ModelAnswerError
    from ipt_roleplay.partner.deadline import within

    server, model = made.server, made.model
    if model is None:
        return "written lines"
    with closing(within(MODEL_WAIT, lambda: model.stream(ASK))) as pieces:
        heard = any(pieces)
    if not heard:
        raise ModelAnswerError("gave an empty reply")
    return f"{model.name} at {server.host} answers" if server else f"{model.name} answers"


def _folder(path: Any) -> str:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(path, os.W_OK):
        raise OSError(f"{path} cannot be written. Change its rights, or set IPT_DATA_DIR.")
    return str(path)


def _helplines(locale: str) -> str:
    from ipt_roleplay.safety.helplines import all_countries, help_for

    here = help_for(locale)
    old = [
        f"{line.name} ({country.code})"
        for country in all_countries()
        for line in country.lines
        if (date.today() - line.read).days > STALE_AFTER_DAYS
    ]
    said = f"{len(all_countries())} countries; shown for {here.name if here else 'all of them, as the locale names none'}"
    return f"{said}. Older than 12 months, check them: {', '.join(old)}" if old else said


def _version(package: str) -> str:
    return version(package)
