"""IPT notes: `notes.py` reads the files, `index.py` keeps ids and vectors (Chroma) and texts (SQLite), `search.py` finds."""
