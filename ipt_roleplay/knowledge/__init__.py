"""IPT notes: `notes.py` reads the files, `index.py` keeps ids and vectors (Chroma) and texts (SQLite), `search.py` finds."""

from ipt_roleplay.knowledge.notes import read_notes
from ipt_roleplay.knowledge.search import NoteSearch

__all__ = ["NoteSearch", "read_notes"]
