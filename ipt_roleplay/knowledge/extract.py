"""Text out of a file somebody brings: Markdown, plain text, PDF, Word.

A file from outside can be broken or built to do harm, so it is read in a process of its own, with a time limit and (where the system has one) a
memory limit: `python -m ipt_roleplay.knowledge.extract KIND` takes the bytes on its input and prints JSON lines.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from ipt_roleplay.errors import NoteFileError
from ipt_roleplay.text import clean

KINDS = {".md": "text", ".markdown": "text", ".txt": "text", ".pdf": "pdf", ".docx": "docx"}
BYTES = 20_000_000
PAGES = 300
CHARACTERS = 250_000
UNPACKED = 60_000_000
SECONDS = 60.0
MEMORY = 1_500_000_000

Progress = Callable[[int, int], None]
"""Told how many of how many pages are read."""


@dataclass(frozen=True)
class Part:
    """A stretch of a file under its own heading; a PDF's are its pages."""

    heading: str
    text: str


class _RefusedError(Exception):
    """The file is not taken; the message says why and what to do, beginning in mid-sentence after the file's name."""


def extract(name: str, data: bytes, progress: Progress | None = None, seconds: float = SECONDS) -> tuple[Part, ...]:
    """What stands in a file, in order, cleaned of what cannot be seen. Raises NoteFileError saying what to do."""
    kind = KINDS.get(PurePath(name).suffix.lower())
    shown = PurePath(name).name
    if kind is None:
        raise NoteFileError(
            f"{shown}: only Markdown, text, PDF and Word files (.md, .txt, .pdf, .docx) can be added. Save it as one of these."
        )
    if not data.strip():
        raise NoteFileError(f"{shown} is empty.")
    if len(data) > BYTES:
        raise NoteFileError(
            f"{shown} has {len(data) / 1e6:.0f} MB; at most {BYTES // 1_000_000} can be added. Take out pictures, or split it."
        )
    parts = tuple(_apart(shown, kind, data, progress, seconds))
    length = sum(len(part.text) for part in parts)
    if length > CHARACTERS:
        raise NoteFileError(
            f"{shown} has {length:,} characters of text; at most {CHARACTERS:,} can be added. Split it, or take the part you need."
        )
    if not any(part.text for part in parts):
        raise NoteFileError(
            f"{shown} has no text in it, only pictures perhaps. Run text recognition (OCR) over it first, or type what you need."
        )
    return tuple(part for part in parts if part.text)


def _apart(name: str, kind: str, data: bytes, progress: Progress | None, seconds: float) -> Iterator[Part]:
    process = subprocess.Popen(  # noqa: S603 - this very module
        [sys.executable, "-m", "ipt_roleplay.knowledge.extract", kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin
    assert process.stdout
    late = threading.Timer(seconds, process.kill)
    late.start()
    ended = False
    try:
        threading.Thread(target=_give, args=(process.stdin, data), daemon=True).start()
        for line in process.stdout:
            said = json.loads(line)
            if "refused" in said:
                raise NoteFileError(f"{name} {said['refused']}")
            ended = ended or "end" in said
            if "text" in said:
                yield Part(clean(said["heading"])[:120], clean(said["text"]))
            if progress and "of" in said:
                progress(said["done"], said["of"])
    except ValueError as error:
        raise NoteFileError(f"{name} cannot be read: it is damaged.") from error
    finally:
        late.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
    if not ended:
        raise NoteFileError(f"{name} cannot be read: it is damaged, or takes too much time or memory. Save it anew, or as text.")


def _give(pipe: io.BufferedWriter, data: bytes) -> None:
    try:
        with pipe:
            pipe.write(data)
    except OSError:
        pass  # it did not wait for the end: what it said tells why


def _main() -> None:
    _limit_memory()
    say = sys.stdout
    try:
        for said in _READERS[sys.argv[1]](sys.stdin.buffer.read()):
            say.write(json.dumps(said) + "\n")
        say.write('{"end": true}\n')
    except _RefusedError as refused:
        say.write(json.dumps({"refused": str(refused)}) + "\n")
    except Exception:  # noqa: BLE001 - whatever a library makes of a broken file
        say.write(json.dumps({"refused": "cannot be read: it is damaged. Save it anew, or as text."}) + "\n")
    say.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _text(data: bytes) -> Iterator[dict[str, object]]:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _RefusedError("is not a text, whatever its name says.")
    heading, lines = "", list[str]()
    for line in _decoded(data).splitlines():
        if found := re.match(r"#{1,6}\s+(\S.*)", line):
            yield {"heading": heading, "text": "\n".join(lines)}
            heading, lines = found[1].strip("# "), []
        else:
            lines.append(line)
    yield {"heading": heading, "text": "\n".join(lines)}


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _pdf(data: bytes) -> Iterator[dict[str, object]]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _RefusedError("is locked with a password. Save it without one and add that.")
    pages = len(reader.pages)
    if pages > PAGES:
        raise _RefusedError(f"has {pages:,} pages; at most {PAGES} can be added. Save the pages that you need as a file of their own.")
    for number, page in enumerate(reader.pages, start=1):
        yield {"heading": f"Page {number}", "text": page.extract_text(), "done": number, "of": pages}


def _docx(data: bytes) -> Iterator[dict[str, object]]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
            raise _RefusedError("unpacks to far more than a text needs and was not opened. Save it as text.")
        if packed.testzip():  # reads no more of an entry than it claims to hold
            raise _RefusedError("cannot be read: it is damaged. Save it anew.")
    from docx import Document
    from docx.text.paragraph import Paragraph

    heading, lines = "", list[str]()
    for block in Document(io.BytesIO(data)).iter_inner_content():
        if not isinstance(block, Paragraph):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        elif ((block.style and block.style.name) or "").startswith(("Heading", "Title")) and block.text.strip():
            yield {"heading": heading, "text": "\n".join(lines)}
            heading, lines = block.text.strip(), []
        else:
            lines.append(block.text)
    yield {"heading": heading, "text": "\n".join(lines)}


_READERS = {"text": _text, "pdf": _pdf, "docx": _docx}

if __name__ == "__main__":
    _main()
