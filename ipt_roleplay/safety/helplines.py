"""Helplines, from the checked file beside this module: every number with the source it was read from and the day it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("helplines.yaml")


@dataclass(frozen=True)
class Helpline:
    """One line: whom it is for (`kind`), how to reach it, when it answers, where that was read and when."""

    kind: str
    name: str
    contact: str
    hours: str
    source: str
    read: date


@dataclass(frozen=True)
class CountryHelp:
    """What can be reached in a country."""

    code: str
    name: str
    emergency: str
    lines: tuple[Helpline, ...]


@cache
def all_countries() -> tuple[CountryHelp, ...]:
    """Every country of the file, by name."""
    found = (_country(entry) for entry in _file()["countries"])
    return tuple(sorted(found, key=lambda country: country.name))


def help_for(locale: str) -> CountryHelp | None:
    """The country of a two-letter code such as "GB", or None if the file has none for it."""
    return next((country for country in all_countries() if country.code == locale.upper()), None)


@cache
def directories() -> tuple[Helpline, ...]:
    """Directories that list lines in many countries."""
    return tuple(
        _line({"kind": "directory", "hours": "", **entry})
        for entry in _file().get("directories", [])
        if entry.get("scope", "").lower().startswith(("inter", "world", "global"))
    )


@cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def _country(entry: dict[str, Any]) -> CountryHelp:
    return CountryHelp(
        code=entry["code"],
        name=entry["name"],
        emergency=str(entry["emergency"]["number"]),
        lines=tuple(_line(line) for line in entry.get("lines", [])),
    )


def _line(entry: dict[str, Any]) -> Helpline:
    return Helpline(
        kind=entry["kind"],
        name=entry["name"],
        contact=entry["contact"],
        hours=entry.get("hours") or "",
        source=entry["source"],
        read=entry["read"],
    )
