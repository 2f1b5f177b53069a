"""Model files on this computer: which there are, and how one is fetched, with the checksum and the licence that its source publishes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ipt_roleplay.errors import InputError, UnknownNameError
from ipt_roleplay.loading import ONE_AT_A_TIME

FOLDER = "models"
"""The folder for fetched files in the data folder."""

MIRROR = "https://huggingface.co"
"""Where files are fetched from, unless IPT_MODEL_MIRROR names another server with the same addresses."""

MAGIC = b"GGUF"
CHUNK = 1 << 20
_NAME = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)/(?P<file>[\w./-]+\.gguf)", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    """A file at a mirror: `size` in bytes, `sha256` and `licence` as the mirror publishes them; `revision` names the very version."""

    repo: str
    file: str
    revision: str
    size: int
    sha256: str
    licence: str


def model_files(data_dir: Path) -> tuple[Path, ...]:
    """The whole GGUF files in the data folder, by name."""
    return tuple(sorted((data_dir / FOLDER).glob("**/*.gguf")))


def checked(path: Path) -> Path:
    """The absolute path of a GGUF file. Raises InputError if it is none."""
    try:
        with path.open("rb") as file:
            begins = file.read(len(MAGIC))
    except OSError:
        raise InputError(f"{path} cannot be read. Give the path of a GGUF file, or a name from `ipt-roleplay model list`.") from None
    if begins != MAGIC:
        raise InputError(f"{path.name} is no GGUF file. Language models for llama.cpp have that format; their names end in .gguf.")
    return path.resolve()


def offered(name: str, mirror: str = MIRROR) -> Offer:
    """What a mirror says of OWNER/NAME/FILE.gguf. Raises InputError: unknown there, not reached, or published without a checksum."""
    found = _NAME.fullmatch(name)
    if not found or ".." in name:
        raise InputError("A file to fetch is named OWNER/NAME/FILE.gguf, as its page's address shows it.")
    with ONE_AT_A_TIME:
        import httpx2
    repo, file = found["repo"], found["file"]
    try:
        answer = httpx2.get(f"{mirror}/api/models/{repo}", params={"blobs": "true"}, timeout=30.0, follow_redirects=True)
        answer.raise_for_status()
        page = answer.json()
        entry = next((one for one in page["siblings"] if one["rfilename"] == file), None)
        if entry is None:
            raise UnknownNameError("file", file, [one["rfilename"] for one in page["siblings"] if one["rfilename"].endswith(".gguf")])
        published = entry.get("lfs") or {}
        licence = str((page.get("cardData") or {}).get("license") or "not stated")
        return Offer(repo, file, page["sha"], int(published["size"]), published["sha256"].lower(), licence)
    except httpx2.HTTPStatusError as error:
        said = (
            "has no such model, or not for everybody" if error.response.status_code in (401, 403, 404) else "does not answer as it should"
        )
        raise InputError(f"{mirror} {said} ({repo}, status {error.response.status_code}). Check the name, or try later.") from None
    except httpx2.HTTPError:
        raise InputError(f"{mirror} cannot be reached. Check the connection, or set IPT_MODEL_MIRROR to a mirror.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"{mirror} publishes no checksum for {file}: it is not fetched. Fetch it yourself, check it, then `ipt-roleplay model use FILE`."
        ) from None


def fetch(offer: Offer, data_dir: Path, progress: Callable[[int, int], None], mirror: str = MIRROR) -> Path:
    """Bring the file here; what an earlier try brought is gone on from. Returns its path.

    `progress` is told how many bytes of how many. Raises InputError if the way breaks (what came is kept) or the checksum is another one (nothing is kept).
    """
    with ONE_AT_A_TIME:
        import httpx2
    path = data_dir / FOLDER / offer.repo.replace("/", "--") / Path(offer.file).name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{offer.sha256[:12]}.part")
    have = part.stat().st_size if part.is_file() else 0
    address = f"{mirror}/{offer.repo}/resolve/{quote(offer.revision)}/{quote(offer.file)}"
    try:
        if have < offer.size:
            headers = {"Range": f"bytes={have}-"} if have else {}
            with httpx2.stream("GET", address, headers=headers, timeout=60.0, follow_redirects=True) as answer:
                answer.raise_for_status()
                have = have if answer.status_code == 206 else 0  # a mirror that cannot go on begins anew
                with part.open("ab" if have else "wb") as file:
                    for piece in answer.iter_bytes(CHUNK):
                        file.write(piece)
                        have += len(piece)
                        progress(have, offer.size)
                        if have > offer.size:
                            break
    except httpx2.HTTPError:
        raise InputError(
            f"The way broke off after {have:,} of {offer.size:,} bytes. They are kept: give the same command again to go on."
        ) from None
    except OSError as error:
        raise InputError(f"{part.parent} cannot be written ({error.strerror}). Make room, or set IPT_DATA_DIR to another place.") from None
    if have < offer.size:
        raise InputError(f"The way broke off after {have:,} of {offer.size:,} bytes. They are kept: give the same command again to go on.")
    if _sha256(part) != offer.sha256:
        with suppress(OSError):
            part.unlink()
        raise InputError(
            "What came is not what its source publishes (another checksum), and was deleted. Try again, or choose another source."
        )
    os.replace(part, path)
    return checked(path)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
