"""Make the vectors that are shipped beside the notes: `python -m training.note_vectors`, after every edit of a note."""

from __future__ import annotations

from pathlib import Path

from ipt_roleplay.encoders.minilm import MiniLmEncoder
from ipt_roleplay.knowledge.index import parts_of
from ipt_roleplay.knowledge.notes import read_notes, sections_of
from ipt_roleplay.knowledge.vectors import SHIPPED, write_vectors

NOTES = Path(__file__).parent.parent / "knowledge"


def main() -> None:
    """From the notes to their file of vectors."""
    encoder = MiniLmEncoder()
    _, texts = parts_of([section for note in read_notes(NOTES) for section in sections_of(note)])
    write_vectors(NOTES / SHIPPED, encoder.id, texts, encoder.encode(texts))
    print(f"{len(set(texts)):,} texts")


if __name__ == "__main__":
    main()
