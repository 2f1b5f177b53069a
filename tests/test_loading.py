from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ipt_roleplay.loading import loaded_once

RACE = """
import sys, threading
import bm25s, chromadb, langchain_text_splitters, onnxruntime, snowballstemmer
from pathlib import Path
from ipt_roleplay.bootstrap import Services
from ipt_roleplay.config import Settings

sys.setswitchinterval(1e-4)
made, faults = Services(Settings(data_dir=Path(sys.argv[1]), locale="GB")), []
made.encoder
together = threading.Barrier(2)

def load(name):
    together.wait()
    try:
        getattr(made, name)
    except BaseException as error:
        faults.append(f"{name}: {error!r}")

threads = [threading.Thread(target=load, args=(name,)) for name in ("notes", "kept")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit("; ".join(faults) or 0)
"""
"""What a page and the warming-up do at the same time, after the libraries that both need were loaded but for SQLAlchemy."""


@pytest.mark.parametrize("attempt", range(3))
def test_a_page_and_the_warming_up_can_load_at_the_same_time(tmp_path: Path, attempt: int) -> None:
    done = subprocess.run([sys.executable, "-c", RACE, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


class Slow:
    made = 0

    @loaded_once
    def thing(self) -> object:
        """The thing."""
        time.sleep(0.05)
        self.made += 1
        return object()


def test_what_is_loaded_is_made_once_for_all_threads() -> None:
    slow, got = Slow(), []
    threads = [threading.Thread(target=lambda: got.append(slow.thing)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slow.made == 1
    assert len(set(map(id, got))) == 1


def test_what_could_not_be_loaded_is_tried_again() -> None:
    class Falling:
        faults = 1

        @loaded_once
        def thing(self) -> str:
            """The thing."""
            if self.faults:
                self.faults -= 1
                raise OSError("the disk is busy")
            return "there"

    falling = Falling()
    with pytest.raises(OSError, match="busy"):
        _ = falling.thing
    assert falling.thing == "there"
