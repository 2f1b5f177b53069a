"""Character cards, version 2 and 3, in and out: as JSON, in a PNG, as .charx. Nothing of a card is obeyed or run; what it holds is text.

Our own fields travel in `data.extensions.ipt_roleplay`; everything of a card that we do not know is kept and goes out again with it.
Formats as in the specifications of the cards: https://github.com/malfoyslastname/character-card-spec-v2, https://github.com/kwaroran/character-card-spec-v3
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from PIL import Image, PngImagePlugin

from ipt_roleplay.errors import CardError
from ipt_roleplay.personas.interview import COUNTER_MOVES, identifier
from ipt_roleplay.text import clean

Card = dict[str, Any]

OURS = "ipt_roleplay"
MAX_FILE = 10_000_000
MAX_JSON = 2_000_000
MAX_PIXELS = 16_000_000
MAX_DEPTH = 40
PNG_START = b"\x89PNG\r\n\x1a\n"
LONGEST = 600
"""Characters of a card's text that go into one field of a persona."""

NOT_OBEYED = ("system_prompt", "post_history_instructions", "character_book", "alternate_greetings", "group_only_greetings", "assets")
"""What a card may tell a program to do or to show: it is kept for a round trip, reported, and not used."""


@dataclass(frozen=True)
class ImportedCard:
    """What came in: a persona as its file would have it, the card as it was, and what of it is not used."""

    persona: dict[str, Any]
    card: Card
    not_used: tuple[str, ...]


def read_card(content: bytes) -> ImportedCard:
    """Read a card from the bytes of a JSON, PNG or .charx file. Raises CardError saying what to do."""
    if len(content) > MAX_FILE:
        raise CardError(f"The file has {len(content):,} bytes; a card may have {MAX_FILE:,}. Save it with a smaller picture.")
    card = _checked(_parsed(_text_of(content)))
    data = card["data"]
    own = data.get("extensions", {}).get(OURS)
    persona = _ours(own) if isinstance(own, dict) else _guessed(data)
    return ImportedCard(persona, card, tuple(name for name in NOT_OBEYED if data.get(name)))


def make_card(persona: dict[str, Any], before: Card | None = None) -> Card:
    """A version 3 card of a persona's file; `before`: the card it was imported from, whose unknown fields stay."""
    card: Card = json.loads(json.dumps(before)) if before else {}
    data = card.setdefault("data", {})
    scene = persona["situations"][0]
    first = next((family["say"][0] for family in [*scene.get("lines", []), *persona.get("lines", [])] if family["tactic"] == "opening"), "")
    card |= {"spec": "chara_card_v3", "spec_version": "3.0"}
    filled = {
        "name": persona["name"],
        "description": f"{scene['who']}\n{persona['summary']}",
        "personality": persona["summary"],
        "scenario": f"{scene['time']}; {scene['place']}. {scene['happened']}",
        "first_mes": first,
    }
    empty = {
        "mes_example": "", "creator_notes": "", "system_prompt": "", "post_history_instructions": "", "alternate_greetings": [],
        "group_only_greetings": [], "tags": [], "creator": "", "character_version": "", "extensions": {},
    }  # fmt: skip
    for name, value in empty.items():
        data.setdefault(name, value)
    data |= filled
    data["extensions"][OURS] = persona
    return card


def as_json(card: Card) -> bytes:
    """The card as a JSON file."""
    return json.dumps(card, ensure_ascii=False, indent=2).encode("utf-8")


def as_png(card: Card, picture: bytes | None = None) -> bytes:
    """The card in a picture (a plain one if none is given), for readers of version 2 and of version 3."""
    image = _image(picture) if picture else Image.new("RGB", (256, 384), (226, 232, 228))
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("ccv3", base64.b64encode(as_json(card)).decode("ascii"))
    chunks.add_text("chara", base64.b64encode(as_json(card | {"spec": "chara_card_v2", "spec_version": "2.0"})).decode("ascii"))
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=chunks)
    return out.getvalue()


def as_charx(card: Card) -> bytes:
    """The card as a .charx file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", as_json(card))
    return out.getvalue()


def _text_of(content: bytes) -> bytes:
    if content.startswith(PNG_START):
        return _from_png(content)
    if content.startswith(b"PK\x03\x04"):
        return _from_charx(content)
    return content


def _from_png(content: bytes) -> bytes:
    texts = getattr(_image(content), "text", {})
    held = texts.get("ccv3") or texts.get("chara")
    if not held:
        raise CardError("The picture holds no character card. Choose the PNG that the card was saved as, not a copy made by a screenshot.")
    try:
        return base64.b64decode(str(held), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CardError("The card in the picture is damaged. Export it again where it comes from.") from error


def _image(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=["PNG"])
        if image.width * image.height > MAX_PIXELS:
            raise CardError(f"The picture has {image.width} x {image.height} pixels; {MAX_PIXELS:,} in all are allowed. Make it smaller.")
        image.load()
    except CardError:
        raise
    except Exception as error:
        raise CardError("The picture cannot be read. Export the card again as PNG or JSON.") from error
    return image


def _from_charx(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo("card.json").file_size > MAX_JSON:
                raise CardError(f"card.json in the file is larger than {MAX_JSON:,} bytes. Shorten the card where it comes from.")
            with archive.open("card.json") as entry:
                return entry.read(MAX_JSON + 1)
    except KeyError as error:
        raise CardError("There is no card.json in the file. Choose a .charx file, or export the card as JSON.") from error
    except CardError:
        raise
    except Exception as error:
        raise CardError("The .charx file cannot be read. Export the card again, as JSON if there is a choice.") from error


def _parsed(text: bytes) -> object:
    if len(text) > MAX_JSON:
        raise CardError(f"The card's text has more than {MAX_JSON:,} bytes. Shorten it where it comes from.")
    try:
        return json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CardError(
            "That is not a character card: JSON, PNG and .charx can be read. Choose the file that the card was exported as."
        ) from error


def _checked(value: object) -> Card:
    if (
        not isinstance(value, dict)
        or value.get("spec") not in ("chara_card_v2", "chara_card_v3")
        or not isinstance(value.get("data"), dict)
    ):
        raise CardError("That is no character card of version 2 or 3. Export it again in one of these.")
    if _depth(value) > MAX_DEPTH:
        raise CardError("The card is nested too deeply. Export it again without its extensions.")
    data = value["data"]
    if not isinstance(data.get("name"), str) or not clean(data["name"]):
        raise CardError("The card has no name. Give it one where it comes from, and export it again.")
    if not isinstance(data.get("extensions", {}), dict):
        raise CardError("`extensions` of the card is not a set of fields. Export it again without them.")
    return value


def _depth(value: object) -> int:
    level, here = 0, [value]
    while here and level <= MAX_DEPTH:
        level += 1
        here = [inner for item in here for inner in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())]
    return level


def _ours(own: dict[str, Any]) -> dict[str, Any]:
    return own


def _guessed(data: dict[str, Any]) -> dict[str, Any]:
    """A persona from what any card says; to be edited. It counts as coercive until the person says otherwise."""
    name = _short(data["name"], 60)

    def text(field: str, otherwise: str) -> str:
        found = data.get(field)
        plain = found if isinstance(found, str) else ""
        return (
            _short(plain.replace("{{char}}", name).replace("{{user}}", "you").replace("<BOT>", name).replace("<USER>", "you"), LONGEST)
            or otherwise
        )

    return {
        "id": identifier(name, "from card"),
        "name": name,
        "relation": "somebody you know",
        "relationship": "friend",
        "pronoun": "they",
        "summary": text("personality", f"{name}, from a character card."),
        "problem_area": "role_dispute",
        "coercive": True,
        "norms": "direct",
        "patience": 16,
        "presses_with": ["order", "urgency", "guilt"],
        "counter_moves": [tactic.value for tactic in COUNTER_MOVES],
        "situations": [
            {
                "id": "the_talk",
                "title": _short(f"A talk with {name}", LONGEST),
                "time": "An ordinary day",
                "place": "Where you usually talk",
                "channel": "in person",
                "who": text("description", f"{name}."),
                "happened": text("scenario", "Write here what has happened."),
                "usual": "Write here what you usually do.",
                "hidden_interest": "Write here what they may really want, or fear.",
                "goals": [{"kind": "get_something", "text": "Write here what you want from the talk."}],
                "lines": [{"id": "opening_card", "tactic": "opening", "answers": [], "say": [text("first_mes", f"*{name} looks up*")]}],
            }
        ],
    }


def _short(text: str, most: int) -> str:
    plain = clean(text)
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"
