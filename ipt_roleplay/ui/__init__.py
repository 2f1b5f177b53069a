"""The web app: one module a page, `look.py` for how things look, `state.py` for what a browser's visit remembers."""
