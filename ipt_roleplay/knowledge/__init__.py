"""IPT notes: `notes.py` reads the files, `index.py` keeps ids and vectors (Chroma), `search.py` finds, `own.py` keeps what somebody adds."""
