"""The notes: search, browse, read one, print it; and notes of one's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from ipt_roleplay.domain import Note, Passage
from ipt_roleplay.errors import InputError, UnknownNameError
from ipt_roleplay.ui import look, routes, state
from ipt_roleplay.ui.footer import footer

AREAS = ("grief", "role disputes", "role transitions", "interpersonal deficits")
TALKS_LOOKED_AT = 20
WORTH_SHOWING = 0.2
"""Score from which a passage of one's own notes is shown."""

_REMOVING = "note-to-remove"


def page() -> None:
    """Search and list."""
    _all()
    footer(here=routes.NOTES)


def one_page() -> None:
    """The note whose id the address names."""
    try:
        _one(state.asked_for("id") or "")
    except UnknownNameError:
        st.title("This note is not there", anchor=False)
        look.prose("It may have been removed.")
    footer(here=routes.NOTE)


def _all() -> None:
    st.title("Notes", anchor=False)
    look.prose("What the coach rests on: what five articles on IPT say, each named, and some general knowledge, marked as such.")
    question = st.text_input("What are you looking for?", placeholder="In your own words: how do I say no to my mother?").strip()
    if question:
        with st.spinner("Looking …"):
            _found(question)
    else:
        _browse(state.services().notes.notes())
    _own()


def _found(question: str) -> None:
    from ipt_roleplay.knowledge.search import answered

    services = state.services()
    passages = services.notes.search(question, 5)
    if not answered(passages):
        look.prose("The notes say little about this. Nearest to it:")
    _passages(question, passages)
    own = [passage for passage in services.own_notes.search(question, 3) if passage.score >= WORTH_SHOWING]
    if own:
        st.header("In your own notes", anchor=False)
        _passages(question, own)


def _passages(question: str, passages: Sequence[Passage]) -> None:
    from ipt_roleplay.knowledge.search import matching

    for number, passage in enumerate(passages):
        with st.expander(f"{passage.note_title}: {passage.heading}", expanded=number == 0):
            look.marked(passage.text, matching(question, passage.text))
            look.prose(_where_from(passage), kind="label")
            routes.link(routes.NOTE, "Read the whole note", id=passage.note_id)


def _browse(notes: Sequence[Note]) -> None:
    counts = Counter(topic for note in notes for topic in note.topics)
    shared = [topic for topic, count in counts.most_common() if count > 1 and topic not in AREAS]
    topics = [*(area for area in AREAS if area in counts), *shared][:16]
    chosen = st.pills("Topic", topics, key="notes-topic") if topics else None
    shown = [note for note in notes if chosen is None or chosen in note.topics]
    with st.container(key="tight-note-list"):
        for note in sorted(shown, key=lambda note: note.title):
            routes.link(routes.NOTE, note.title, id=note.id)


def _one(note_id: str) -> None:
    from ipt_roleplay.knowledge.handout import handout
    from ipt_roleplay.knowledge.notes import GENERAL_KNOWLEDGE, OWN, sections_of

    services = state.services()
    note = services.own_notes.note(note_id) if note_id.startswith("own-") else services.notes.note(note_id)
    sections = sections_of(note)
    st.title(note.title, anchor=False)
    if note.origin == OWN:
        look.prose(f"Your own, from {note.file}, added {note.added}. The coach does not cite it.")
    for section in sections:
        st.header(section.heading, anchor=False)
        look.prose(*section.text.split("\n\n"))
        if section.origin == GENERAL_KNOWLEDGE:
            look.prose("General knowledge, not from the articles.", kind="label")
    if note.sources:
        with st.expander("Where this is from"):
            look.prose(f"Said in: {services.articles.named(note.sources)}.")
            for name, article in services.articles.of(note.sources).items():
                look.told(
                    _first_upper(name), _first_upper(f"{article.kind}{f', {article.date}' if article.date else ''}. {article.caveat}")
                )
    page_to_print = handout(sections, services.articles)
    st.download_button("A page to print", page_to_print, file_name=f"{note.id}.html", mime="text/html", width="stretch")
    if note.origin != OWN:
        _cited(note)


def _cited(note: Note) -> None:
    """Which of one's talks the coach cited this note in; read when asked for."""
    if not st.button("In which of my talks was this cited?", type="tertiary", key=f"cited-{note.id}"):
        return
    practice = state.practice()
    ended = [session for session in practice.list() if session.outcome is not None and not session.swapped][:TALKS_LOOKED_AT]
    with st.spinner("Looking through your talks …"):
        citing = [session for session in ended if any(passage.note_id == note.id for passage in practice.feedback(session.id).passages)]
    for session in citing:
        persona, situation = state.services().personas.scene(session.persona_id, session.situation_id)
        routes.link(routes.FEEDBACK, f"{situation.title}: {persona.name}, {session.started_at.astimezone():%d %B, %H:%M}", id=session.id)
    if not citing:
        look.prose("In none of them." if ended else "There is no finished talk yet.")


def _own() -> None:
    own = state.services().own_notes
    with st.expander("Notes of your own"):
        look.prose(
            "A handout, your group's rules: Markdown, text, PDF or Word. They stay on this computer until you remove them, and whoever uses "
            "this app here finds them. Search shows them apart; the coach does not cite them."
        )
        brought = st.file_uploader("Add files", type=["md", "txt", "pdf", "docx"], accept_multiple_files=True, key=_uploader())
        if brought and st.button("Add", type="primary", width="stretch"):
            _add([(file.name, file.getvalue()) for file in brought])
        _say_what_happened()
        for note in own.notes():
            _own_row(note)


def _own_row(note: Note) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"own-{note.id}"):
        routes.link(routes.NOTE, f"{note.title} ({note.file})", id=note.id)
        if st.session_state.get(_REMOVING) != note.id:
            st.button("Remove …", key=f"remove-{note.id}", type="tertiary", on_click=_ask, args=(note.id,))
            return
        st.button("Keep it", key=f"keep-{note.id}", on_click=_ask, args=(None,))
        st.button("Remove it for good", key=f"gone-{note.id}", type="primary", on_click=_remove, args=(note.id,))


def _ask(note_id: str | None) -> None:
    st.session_state[_REMOVING] = note_id


def _remove(note_id: str) -> None:
    _ask(None)
    state.services().own_notes.remove(note_id)


def _uploader() -> str:
    """The uploader's key; a new one empties it."""
    return f"own-files-{st.session_state.setdefault('own-files', 0)}"


def _add(brought: Sequence[tuple[str, bytes]]) -> None:
    bar, added, refused = st.progress(0.0, "Reading …"), list[str](), list[str]()
    for name, data in brought:

        def reading(done: int, total: int, name: str = name) -> None:
            bar.progress(min(1.0, done / total), f"Reading {name}: page {done} of {total}")

        def indexing(done: int, total: int, name: str = name) -> None:
            bar.progress(min(1.0, done / total), f"Making {name} searchable: {done} of {total}")

        try:
            added.append(state.services().own_notes.add(name, data, reading, indexing).file)
        except InputError as error:
            refused.append(str(error))
    st.session_state["own-notes-said"] = added, refused
    st.session_state["own-files"] += 1
    st.rerun()


def _say_what_happened() -> None:
    added, refused = st.session_state.pop("own-notes-said", ((), ()))
    if added:
        st.success(f"Added: {', '.join(added)}.")
    for fault in refused:
        st.error(fault)


def _where_from(passage: Passage) -> str:
    if passage.origin == "own":
        return "From your own notes."
    return f"From {state.services().articles.named(passage.sources)}." if passage.sources else "General knowledge, not from the articles."


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
