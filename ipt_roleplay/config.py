"""Settings, from the environment and one optional file in the data folder.

Order: environment variable, then `settings.json` in the data folder, then the default.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ipt_roleplay.errors import InputError, shorten

SETTINGS = "settings.json"
PACKAGE_FOLDER = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """The folder `name` of data that comes with the program: beside the package in a checkout, inside it in a wheel."""
    inside = PACKAGE_FOLDER / "data" / name
    return inside if inside.is_dir() else PACKAGE_FOLDER.parent / name


MODEL = r"^(authored|local|[a-z][a-z0-9_-]*:[\w.:/@+-]+)$"


class Settings(BaseModel):
    """What can be set; see the design, section 7."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field("authored", pattern=MODEL)
    gguf: Path | None = None
    talk_tokens: int = Field(150_000, ge=1000)
    day_tokens: int = Field(1_000_000, ge=1000)
    price_prompt: float | None = Field(None, ge=0)
    price_reply: float | None = Field(None, ge=0)
    data_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("ipt-roleplay", appauthor=False)))
    database_url: str | None = None
    knowledge_dir: Path = Field(default_factory=lambda: bundled("knowledge"))
    personas_dir: Path = Field(default_factory=lambda: bundled("personas"))
    locale: str = ""

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'practice.sqlite'}"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings for this process. Raises InputError naming the setting that cannot be used."""
    env = os.environ if environ is None else environ
    given = {field: env[f"IPT_{field.upper()}"] for field in Settings.model_fields if env.get(f"IPT_{field.upper()}", "").strip()}
    if "locale" not in given:
        given["locale"] = _country(env)
    try:
        settings = Settings.model_validate(_from_file(given.get("data_dir")) | given)
    except ValidationError as error:
        fault = error.errors()[0]
        if fault["loc"][0] == "model":
            raise InputError(
                f"IPT_MODEL={shorten(str(fault['input']))!r} is not known. Leave it out or say authored (written lines, nothing is sent), local (a model file on this computer), "
                "or openai:NAME for a language model (`openai:gpt-...`, or the name your own server gives it)."
            ) from None
        raise InputError(f"The setting IPT_{str(fault['loc'][0]).upper()} cannot be used: {fault['msg']}.") from error
    return settings


def remember(data_dir: Path, **chosen: str | None) -> Path:
    """Write settings into `settings.json` of the data folder, None to go back to a default; returns the file. Raises InputError."""
    path = data_dir / SETTINGS
    kept = _from_file(str(data_dir)) | chosen
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({name: value for name, value in kept.items() if value is not None}, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)
    return path


def _from_file(data_dir: str | None) -> dict[str, object]:
    folder = Path(data_dir) if data_dir else Path(platformdirs.user_data_dir("ipt-roleplay", appauthor=False))
    path = folder / SETTINGS
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON ({error}). Mend it, or delete it to go back to the defaults.") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} must hold one JSON object, such as {{}}. Mend it, or delete it to go back to the defaults.")
    return found


def _country(env: Mapping[str, str]) -> str:
    """The country of the computer's locale, such as "GB" from `en_GB.UTF-8`; "" if it does not say."""
    language = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    parts = language.split(".")[0].replace("-", "_").split("_")
    return parts[1].upper() if len(parts) > 1 and len(parts[1]) == 2 else ""
