"""Talks as people write them down: JSON, or lines that begin with a speaker ("Me: ...", "Them: ...")."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ipt_roleplay.domain import Speaker, Transcript, Turn
from ipt_roleplay.errors import TranscriptError, shorten
from ipt_roleplay.text import clean

MAX_TURNS = 400
MAX_CHARACTERS = 200_000
_LINE = re.compile(r"^\s*(?:\[[^\]\n]{4,25}\]\s*)?([^\W\d_][\w .'’()-]{0,30}?)\s*:\s+(\S.*)$|^\s*([^\W\d_][\w .'’()-]{0,30}?)\s*:\s*$")
_ME = {"me", "i", "learner", "user", "you", "myself", "client", "patient"}
_HOW = 'Write one turn a line, "Me: ..." and "Them: ...", or JSON: {"turns": [{"speaker": "learner", "text": "..."}]}.'


def parse_transcript(text: str) -> Transcript:
    """Read a talk. Raises TranscriptError saying what to write instead."""
    if len(text) > MAX_CHARACTERS:
        raise TranscriptError(f"That is {len(text):,} characters; a transcript may have {MAX_CHARACTERS:,}. Analyse it in parts.")
    stripped = text.lstrip("\ufeff \t\r\n")
    if not stripped:
        raise TranscriptError(f"There is nothing in it yet. {_HOW}")
    pairs = (
        _from_json(stripped) if stripped[0] in "{[" and not re.match(r"\[[^\]\n]*\d[^\]\n]*\]\s*\w", stripped) else _from_lines(stripped)
    )
    said = [(speaker, words) for speaker, raw in pairs if (words := clean(raw))]
    if not any(speaker is Speaker.LEARNER for speaker, _ in said):
        raise TranscriptError(f'None of the turns is yours: begin your lines with "Me:". {_HOW}')
    if len(said) > MAX_TURNS:
        raise TranscriptError(f"That is {len(said)} turns; a transcript may have {MAX_TURNS}. Analyse it in parts.")
    return Transcript(tuple(Turn(n, speaker, words) for n, (speaker, words) in enumerate(said, start=1)))


def _from_json(text: str) -> Sequence[tuple[Speaker, str]]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise TranscriptError(f"This looks like JSON and cannot be read: {error}. {_HOW}") from error
    except RecursionError as error:
        raise TranscriptError(f"This JSON is nested too deeply. {_HOW}") from error
    turns = found.get("turns") if isinstance(found, dict) else found
    if not isinstance(turns, list):
        raise TranscriptError(f'There is no list "turns" in it. {_HOW}')
    return [_json_turn(number, turn) for number, turn in enumerate(turns, start=1)]


def _json_turn(number: int, turn: object) -> tuple[Speaker, str]:
    if not isinstance(turn, dict) or not isinstance(turn.get("text"), str) or not isinstance(turn.get("speaker"), str):
        raise TranscriptError(f'Turn {number} needs a "speaker" and a "text". {_HOW}')
    speaker = turn["speaker"].strip().lower()
    if speaker in _ME:
        return Speaker.LEARNER, turn["text"]
    if speaker in ("partner", "them", "assistant", "other"):
        return Speaker.PARTNER, turn["text"]
    raise TranscriptError(f"Turn {number}: the speaker is {shorten(turn['speaker'], 30)!r}. Allowed: learner, partner.")


def _from_lines(text: str) -> Sequence[tuple[Speaker, str]]:
    turns: list[tuple[Speaker, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.match(line)
        if match:
            name = (match.group(1) or match.group(3)).strip().lower()
            turns.append((Speaker.LEARNER if name in _ME else Speaker.PARTNER, match.group(2) or ""))
        elif turns:
            speaker, said = turns[-1]
            turns[-1] = speaker, f"{said}\n{line.strip()}" if said else line.strip()
        else:
            raise TranscriptError(f"Line {number} does not say who speaks. {_HOW}")
    return turns
