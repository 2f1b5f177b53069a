"""`ipt-roleplay analyze`: communication analysis of a written-down talk, or of many single turns."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ipt_roleplay.domain import Feedback, Reading


def analyze(
    file: Annotated[str | None, typer.Argument(help="A transcript (JSON, or lines `Me: ...` / `Them: ...`); - reads stdin.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown (this is also what is printed without an option).")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read rows {id, context, text} on stdin, write one reading for each.")] = False,
) -> None:
    """Look at a talk line by line: style, signals, the turning point, one thing to try, each with its quote and note."""
    if jsonl:
        return _rows()
    if file is None or (as_json and markdown):
        raise typer.BadParameter("Name a transcript file, or - for stdin, or use --jsonl. Use --json or --markdown, not both.")
    from ipt_roleplay.analysis.formats import parse_transcript
    from ipt_roleplay.cli.common import print_json, ready_notes, services
    from ipt_roleplay.coach import TalkAbout

    transcript = parse_transcript(_text(file))
    made = services()
    ready_notes(made)
    feedback = made.coach.feedback(transcript, TalkAbout())
    if as_json:
        print_json(as_document(feedback))
    else:
        typer.echo(as_text(feedback))
    return None


def _text(file: str) -> str:
    from ipt_roleplay.errors import TranscriptError

    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranscriptError(f"{file} is not text in UTF-8. Save it as plain text and try again.") from error
    except OSError as error:
        raise TranscriptError(f"{file} cannot be read ({error.strerror}). Check the name.") from error


def _rows() -> None:
    from ipt_roleplay.cli.common import Row, rows_together, services, text_field
    from ipt_roleplay.text import clean

    reader = services().reader

    def prepare(row: Row) -> tuple[object, str, str | None]:
        context = row.get("context")
        text = clean(text_field(row, "text"))
        if not text:
            raise ValueError('"text" is empty')
        return row.get("id"), text, context if isinstance(context, str) else None

    def answer(turns: list[tuple[object, str, str | None]]) -> list[Row]:
        readings = reader.read_many([(text, context) for _, text, context in turns])
        return [{"id": name} | reading_values(reading, text) for (name, text, _), reading in zip(turns, readings, strict=True)]

    rows_together(prepare, answer, "reading turns")


def reading_values(reading: Reading, text: str) -> dict[str, Any]:
    """A reading as the command line gives it: style, scores, signal names and their spans; a notice if the text is not English."""
    from ipt_roleplay.coach.phrases import NOT_ENGLISH

    values: dict[str, Any] = {
        "style": reading.style.value,
        "scores": {style.value: round(score, 4) for style, score in reading.scores.items()},
        "signals": [signal.value for signal in reading.names],
        "spans": {span.signal.value: [span.start, min(span.end, len(text))] for span in reading.signals},
    }
    return values | ({"notice": NOT_ENGLISH} if reading.language else {})


def as_document(feedback: Feedback) -> dict[str, Any]:
    """Feedback as the JSON that the design fixes; turns count from 1 over both speakers."""
    analysis = feedback.analysis
    return {
        "turns": [
            {
                "n": turn.n,
                "speaker": turn.speaker.value,
                "style": turn.reading.style.value if turn.reading else None,
                "signals": [signal.value for signal in turn.reading.names] if turn.reading else [],
            }
            for turn in analysis.transcript.turns
        ],
        "turning_point": analysis.turning_point,
        "strongest": analysis.strongest,
        "weakest": list(analysis.weakest),
        "findings": [
            {
                "kind": finding.kind.value,
                "turn": finding.turn,
                "quote": finding.quote,
                "text": finding.text,
                "better_line": finding.better_line,
                "citations": list(finding.citations),
            }
            for finding in feedback.findings
        ],
    }


def as_text(feedback: Feedback) -> str:
    """Feedback as Markdown that reads well in a terminal."""
    from ipt_roleplay.coach import nothing_to_fix
    from ipt_roleplay.coach.phrases import NOTHING_TO_FIX, NOTHING_YET, TOO_SHORT
    from ipt_roleplay.domain import FindingKind, Speaker

    lines = [f"# {feedback.headline}", ""]
    if len(feedback.analysis.transcript.by(Speaker.LEARNER)) < 2 and not feedback.findings:
        return "\n".join([*lines, TOO_SHORT])
    titles = {
        FindingKind.STRENGTH: "What went well",
        FindingKind.TRY: "One moment to try again",
        FindingKind.TURNING_POINT: "Where it turned",
        FindingKind.GUILT: "About guilt",
    }
    if feedback.finding(FindingKind.STRENGTH) is None:
        lines += ["## What went well", NOTHING_YET if feedback.finding(FindingKind.TRY) else NOTHING_TO_FIX, ""]
    for finding in feedback.findings:
        marks = "".join(f" [{feedback.number(key)}]" for key in finding.citations)
        lines += [f"## {titles[finding.kind]}", f"Turn {finding.turn}: “{finding.quote}”", f"{finding.text}{marks}"]
        if finding.better_line:
            lines.append(f"You could try: “{finding.better_line}”")
        lines.append("")
    if nothing_to_fix(feedback):
        lines += [NOTHING_TO_FIX, ""]
    lines += [
        f"[{number}] {passage.note_title}: {passage.heading}{_origin(passage.origin)}"
        for number, passage in enumerate(feedback.passages, start=1)
    ]
    return "\n".join(lines).rstrip()


def _origin(origin: str) -> str:
    return "" if origin == "sources" else f" ({origin})"
