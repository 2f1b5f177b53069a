"""Reading what was said: one turn (style, signals, body), and whole talks.

`turn.py` reads one learner turn; `transcript.py` reads a talk; `formats.py` reads the ways in which people write talks down.
"""
