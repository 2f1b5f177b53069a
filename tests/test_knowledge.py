from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from ipt_roleplay.encoders.minilm import MiniLmEncoder
from ipt_roleplay.errors import KnowledgeError, NoteFileError, UnknownNameError
from ipt_roleplay.knowledge.index import parts_of
from ipt_roleplay.knowledge.notes import read_notes, sections_of
from ipt_roleplay.knowledge.search import NoteSearch
from ipt_roleplay.knowledge.vectors import SHIPPED, key_of, read_vectors

ROOT = Path(__file__).resolve().parents[1]
NOTES = ROOT / "knowledge"
SOURCES = os.environ.get("IPT_SOURCES_DIR")
needs_sources = pytest.mark.skipif(not SOURCES, reason="IPT_SOURCES_DIR does not say where the source articles lie")


@pytest.fixture(scope="module")
def search(encoder: MiniLmEncoder, tmp_path_factory: pytest.TempPathFactory) -> NoteSearch:
    made = NoteSearch(NOTES, tmp_path_factory.mktemp("notes"), encoder)
    made.prepare()
    return made


def test_there_are_notes_on_what_the_coach_needs() -> None:
    ids = {note.id for note in read_notes(NOTES)}
    assert len(ids) >= 12
    assert {
        "communication-analysis",
        "role-play",
        "passive-communication",
        "assertive-communication",
        "guilt",
        "self-care",
        "role-disputes",
        "aggressive-sister-case",
    } <= ids


def test_every_section_is_of_a_size_to_be_read_beside_a_quote() -> None:
    for note in read_notes(NOTES):
        sections = sections_of(note)
        assert 2 <= len(sections) <= 5
        for section in sections:
            assert 50 <= len(section.text.split()) <= 250, section.key
            if section.origin == "sources":
                assert note.sources, section.key


@needs_sources
def test_every_source_line_range_exists() -> None:
    lengths = {path.name[:3]: len(path.read_text(encoding="utf-8").splitlines()) for path in Path(SOURCES or "").glob("*.txt")}
    for note in read_notes(NOTES):
        for source in note.sources:
            first, last = map(int, source.lines.split("-"))
            assert 1 <= first <= last <= lengths[source.file], note.id


@needs_sources
def test_no_eight_words_in_a_row_are_copied() -> None:
    def words(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))

    copied = set()
    for path in Path(SOURCES or "").glob("*.txt"):
        found = words(path.read_text(encoding="utf-8"))
        copied |= {tuple(found[start : start + 8]) for start in range(len(found) - 7)}
    for note in read_notes(NOTES):
        said = words(f"{note.title} {note.body}")
        assert not [run for start in range(len(said) - 7) if (run := tuple(said[start : start + 8])) in copied], note.id


def test_the_list_of_sources_names_each_that_is_cited() -> None:
    listed = {entry["file"] for entry in yaml.safe_load((NOTES / "sources.yaml").read_text(encoding="utf-8"))}
    assert {source.file for note in read_notes(NOTES) for source in note.sources} <= listed


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("I feel guilty that I can't do more for my ill mother", "guilt"),
        ("What is an I-statement?", "i-statements"),
        ("she pointed her finger at me and told me what to say to the doctor", "aggressive-sister-case"),
        ("what if they keep coming up with objections", "holding-through-objections"),
        ("looking away and just saying okay", "passive-communication"),
        ("when does role play happen in therapy", "role-play"),
        ("how do I say no kindly", "assertive-communication"),
        ("sarcasm and sulking", "passive-aggressive-communication"),
        ("we both expect different things of each other", "role-disputes"),
        ("how can we meet in the middle", "listening-and-compromise"),
    ],
)
def test_a_question_finds_its_note(search: NoteSearch, question: str, note: str) -> None:
    assert note in {passage.note_id for passage in search.search(question, k=2)}


def test_what_the_notes_do_not_know_scores_low(search: NoteSearch) -> None:
    near = search.search("It is normal to feel guilty when you cannot help more", 1)[0].score
    far = search.search("How do I make sourdough bread rise?", 1)[0].score
    assert near > 2 * far


def test_the_index_holds_ids_and_vectors_and_no_text(encoder: MiniLmEncoder, tmp_path: Path) -> None:
    made = NoteSearch(NOTES, tmp_path / "index", encoder)
    made.prepare()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())
    assert len(stored) > 300_000
    for section in (section for note in made.notes() for section in sections_of(note)):
        assert section.text.encode()[:40] not in stored
        assert section.heading.encode() not in stored


class Counting:
    """The encoder, counting the texts it was given."""

    def __init__(self, encoder: MiniLmEncoder) -> None:
        self._encoder, self.id, self.texts = encoder, encoder.id, 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        return self._encoder.encode(texts)


def test_the_shipped_vectors_are_those_of_the_notes_and_a_first_start_encodes_nothing(encoder: MiniLmEncoder, tmp_path: Path) -> None:
    counting = Counting(encoder)
    made = NoteSearch(NOTES, tmp_path / "index", counting)
    made.prepare()
    assert counting.texts == 0, "notes were edited: python -m training.note_vectors"
    _, texts = parts_of([section for note in made.notes() for section in sections_of(note)])
    shipped = read_vectors([NOTES / SHIPPED], encoder.id)
    assert set(shipped) == {key_of(text) for text in texts}
    for text in texts[::40]:
        assert float(encoder.encode([text])[0] @ shipped[key_of(text)]) > 0.98


@pytest.mark.parametrize("shipped", [b"", b"not a file of vectors", b"PK\x03\x04 broken"])
def test_only_what_changed_is_encoded_again(encoder: MiniLmEncoder, tmp_path: Path, shipped: bytes) -> None:
    folder, counting = tmp_path / "notes", Counting(encoder)
    folder.mkdir()
    (folder / SHIPPED).write_bytes(shipped)
    note = "---\nid: tea\ntitle: Tea\ntopics: [tea]\norigin: general knowledge\n---\n## Tea is a drink\n\nTea is made from leaves. It is hot.\n"
    (folder / "tea.md").write_text(note, encoding="utf-8")
    made = NoteSearch(folder, tmp_path / "index", counting)
    made.prepare()
    assert counting.texts == 3  # the whole, the heading, the two sentences
    made.prepare(rebuild=True)
    assert counting.texts == 3
    (folder / "tea.md").write_text(note + "\n## Coffee is another\n\nIt is made from beans.\n", encoding="utf-8")
    assert made.search("coffee", 1)[0].heading == "Coffee is another"
    assert counting.texts == 7  # three new ones, and the question


def test_a_damaged_index_is_made_anew_and_said_once(encoder: MiniLmEncoder, tmp_path: Path) -> None:
    first = NoteSearch(NOTES, tmp_path / "index", encoder)
    first.prepare()
    first.close()
    for path in (tmp_path / "index").rglob("*.sqlite*"):
        path.write_bytes(b"not a database")
    again = NoteSearch(NOTES, tmp_path / "index", encoder)
    again.prepare()
    assert again.rebuilt_because is not None
    assert "damaged" in again.rebuilt_because
    assert again.search("guilt", 1)
    again.close()
    third = NoteSearch(NOTES, tmp_path / "index", encoder)
    third.prepare()
    assert third.rebuilt_because is None


@pytest.mark.parametrize("scanned", [20_000, 100])
def test_chroma_finds_in_many_what_a_look_at_all_finds_in_few(
    encoder: MiniLmEncoder, tmp_path: Path, search: NoteSearch, monkeypatch: pytest.MonkeyPatch, scanned: int
) -> None:
    monkeypatch.setattr("ipt_roleplay.knowledge.index.SCANNED_AT_MOST", scanned)
    made = NoteSearch(NOTES, tmp_path / "index", encoder)
    for question in ("I feel guilty about my mother", "what if they keep coming up with objections", "sarcasm and sulking"):
        assert made.search(question, 1)[0].heading == search.search(question, 1)[0].heading
    made.close()
    parts = next((tmp_path / "index").rglob("parts.npy"))
    parts.write_bytes(parts.read_bytes()[:5000])
    again = NoteSearch(NOTES, tmp_path / "index", encoder)
    assert again.search("sarcasm and sulking", 1)
    assert "damaged" in str(again.rebuilt_because)


def test_a_first_question_does_not_wait_for_chroma(encoder: MiniLmEncoder, tmp_path: Path) -> None:
    NoteSearch(NOTES, tmp_path / "index", encoder).prepare()
    code = (
        "import sys\nfrom pathlib import Path\nfrom ipt_roleplay.encoders.minilm import MiniLmEncoder\n"
        "from ipt_roleplay.knowledge.search import NoteSearch\n"
        "assert NoteSearch(Path(sys.argv[1]), Path(sys.argv[2]), MiniLmEncoder()).search('guilt', 1)\nprint('chromadb' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(NOTES), str(tmp_path / "index")], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_changed_notes_are_searched_as_they_are_now(encoder: MiniLmEncoder, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    note = "---\nid: tea\ntitle: Tea\ntopics: [tea]\norigin: general knowledge\n---\n## Tea is a drink\n\nTea is made from leaves and hot water and it is nice.\n"
    (folder / "tea.md").write_text(note, encoding="utf-8")
    NoteSearch(folder, tmp_path / "index", encoder).prepare()
    (folder / "tea.md").write_text(note.replace("Tea is a drink", "Tea is a leaf"), encoding="utf-8")
    made = NoteSearch(folder, tmp_path / "index", encoder)
    assert made.search("tea", 1)[0].heading == "Tea is a leaf"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no front matter", "starts with front matter"),
        ("---\nid: x y\ntitle: Abc\ntopics: []\norigin: sources\n---\n## H\ntext", "`id`"),
        ("---\nid: abc\ntitle: Abc\ntopics: []\norigin: somewhere\n---\n## H\ntext", "`origin`"),
        ("---\nid: [abc\n---\n## H\ntext", "not readable as YAML"),
    ],
)
def test_a_note_that_cannot_be_read_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "bad.md").write_text(text, encoding="utf-8")
    with pytest.raises(NoteFileError, match=r"bad\.md") as caught:
        read_notes(tmp_path)
    assert says in str(caught.value)


def test_an_empty_folder_and_an_unknown_note_say_what_to_do(encoder: MiniLmEncoder, search: NoteSearch, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="IPT_KNOWLEDGE_DIR"):
        NoteSearch(tmp_path, tmp_path / "index", encoder).prepare()
    with pytest.raises(UnknownNameError, match="guilt"):
        search.note("gilt")


def test_a_note_edited_while_the_app_runs_is_found_and_a_broken_one_breaks_nothing(encoder: MiniLmEncoder, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for source in NOTES.iterdir():
        (notes / source.name).write_bytes(source.read_bytes())
    found = NoteSearch(notes, tmp_path / "index", encoder)
    question = "Which instrument does the ferryman play?"
    assert found.search(question)[0].score < 0.6
    guilt = notes / "guilt.md"
    before = guilt.read_text(encoding="utf-8")
    guilt.write_text(
        before + "\n## What the ferryman plays\n" + "The ferryman plays the accordion, an instrument with bellows. " * 8, encoding="utf-8"
    )
    assert found.search(question)[0].heading == "What the ferryman plays"
    guilt.write_text("---\nid: [\n---\n", encoding="utf-8")
    assert found.search(question)[0].heading == "What the ferryman plays"
    guilt.write_text(before, encoding="utf-8")
    assert "What the ferryman plays" not in {passage.heading for passage in found.search(question)}
