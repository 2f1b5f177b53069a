"""The web app, but the reply comes without the pauses of someone talking, and says how long the practice itself took. Run by `pages.py`."""

from __future__ import annotations

import os
import time
from pathlib import Path

import streamlit as st

from ipt_roleplay.serving.app import SCRIPT, announced, guards
from ipt_roleplay.session import Answer, Practice
from ipt_roleplay.ui import live

TIMED = "untimed_take_turn"


def time_turns() -> None:
    """Let `take_turn` write its seconds to `turns.txt` in the data folder."""
    untimed = Practice.take_turn

    def take_turn(self: Practice, session_id: str, text: str) -> Answer:
        began = time.perf_counter()
        answer = untimed(self, session_id, text)
        with (Path(os.environ["IPT_DATA_DIR"]) / "turns.txt").open("a", encoding="ascii") as log:
            log.write(f"{time.perf_counter() - began}\n")
        return answer

    for name, function in ((TIMED, untimed), ("take_turn", take_turn)):
        setattr(Practice, name, function)


time_turns()
live.PAUSE = 0.0
app = st.App(SCRIPT, middleware=guards(), lifespan=announced)
