"""`ipt-roleplay chat`: a practice in the terminal."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ipt_roleplay.bootstrap import Services
    from ipt_roleplay.safety import Afraid
    from ipt_roleplay.session import Answer, Practice

HOW = "Your words, or: /silent (say nothing)  /end (stop and look at the talk)  /help (who to call)"


def chat(
    persona: Annotated[str, typer.Argument(help="Who to talk with; `personas list` names them.")],
    situation: Annotated[str | None, typer.Option(help="Which scene; the persona's first if left out.")] = None,
    difficulty: Annotated[str, typer.Option(help="gentle, realistic or tough.")] = "realistic",
    goal: Annotated[int, typer.Option(min=1, help="Which of the scene's goals, counted from 1.")] = 1,
    model: Annotated[
        str | None, typer.Option(help="Who finds the partner's words: authored, local, or openai:NAME; otherwise as IPT_MODEL says.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="For the same answers to the same words.")] = None,
    swap: Annotated[
        str | None,
        typer.Option(
            help="Swap seats: you play the partner, your part is spoken for you (assertive, nice, passive, passive-aggressive, aggressive)."
        ),
    ] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Agree that your words go to the chosen model's server; remembered for later talks.")
    ] = False,
    private: Annotated[
        str | None, typer.Option(help="Names that stay here, between commas: others stand for them on the way to the model; remembered.")
    ] = None,
    off_the_record: Annotated[bool, typer.Option("--off-the-record", help="Keep nothing on disk.")] = False,
) -> None:
    """Practise a talk in the terminal, and read the coach's view afterwards."""
    from ipt_roleplay.cli.common import ready_notes, services
    from ipt_roleplay.domain import Difficulty
    from ipt_roleplay.errors import UnknownNameError

    if difficulty not in tuple(Difficulty):
        raise UnknownNameError("difficulty", difficulty, tuple(Difficulty))
    made = services(model)
    who, scene = made.personas.scene(persona, situation)
    if goal > len(scene.goals):
        raise UnknownNameError("goal", str(goal), [str(number) for number in range(1, len(scene.goals) + 1)])
    agreed = _agreed(made, send, private)
    practice = made.off_the_record() if off_the_record else made.kept
    ready_notes(made)
    kept = "Nothing is kept." if off_the_record else "This talk is kept here."
    _say(f"Practice, not therapy. {made.leaving.sentence if agreed else 'Nothing leaves this computer.'} {kept}")
    if agreed:
        _say(f"{made.leaving.more}\n" if made.model else "")
        if low := made.running_low():
            _say(low)
    else:
        _say(
            f"A model at {made.leaving.to} is chosen, but you have not agreed that your words go there: written lines are used. "
            "To agree, begin with --send. What goes there: the scene, your lines and the partner's; --private NAME,NAME keeps names here.\n"
        )
    _say(f"{who.name}, {who.relation}. {scene.time}; {scene.place}.\n{scene.happened}\nYou want: {scene.goals[goal - 1].text}\n{HOW}\n")
    afraid = _asked_if_afraid(made) if who.coercive else None
    if swap is not None:
        return _other_seat(made, practice, practice.swap(persona, situation, kind=swap, seed=seed, afraid=afraid).id, who.name)
    session = practice.start(persona, situation, goal=scene.goals[goal - 1], difficulty=Difficulty(difficulty), seed=seed, afraid=afraid)
    _say(f"{who.name}: {session.transcript.turns[-1].text}")
    _talk(made, practice, session.id, who.name)
    practice.end(session.id)
    _show_feedback(practice, session.id)
    if not off_the_record:
        _say(f"\nKept as {session.id}. Look again: ipt-roleplay sessions show {session.id}")
    return None


def _agreed(made: Services, send: bool, private: str | None) -> bool:
    """Whether words may go where the chosen model is, also by what was agreed to before."""
    from ipt_roleplay.bootstrap import TERMINAL
    from ipt_roleplay.storage.consent import Consent

    to, before = made.leaving.to, made.consent.read(TERMINAL)
    names = before.private if private is None else tuple(name.strip() for name in private.split(",") if name.strip())
    now = Consent(before.to | {to} if send and to else before.to, names)
    if now != before:
        made.consent.write(TERMINAL, now)
    return not to or to in now.to


def _other_seat(made: Services, practice: Practice, session_id: str, name: str) -> None:
    """The person speaks as the partner; after each line the learner's part answers, with its style at the end."""
    from ipt_roleplay.domain import SAY_NOTHING, Speaker
    from ipt_roleplay.errors import InputError
    from ipt_roleplay.safety import safety_card

    _say(f"You are {name} now, and speak first. Your part is spoken for you.")
    while practice.show(session_id).outcome is None:
        words = _line()
        if words is None or words.strip() == "/end":
            break
        if words.strip() == "/help":
            _say(safety_card(None, made.settings.locale).as_text())
            continue
        try:
            danger = practice.speak_as_partner(session_id, SAY_NOTHING if words.strip() == "/silent" else words)
        except InputError as error:
            _say(str(error))
            continue
        if danger:
            _say(f"The talk stops here.\n\n{safety_card(danger, made.settings.locale).as_text()}")
            break
        _say(f"Your part: {practice.show(session_id).transcript.turns[-1].text}")
    practice.end(session_id)
    for turn in practice.show(session_id).transcript.by(Speaker.LEARNER):
        if turn.reading:
            _say(f"{turn.n:>3}  {turn.text}   ({turn.reading.style.replace('_', '-')})")
    _say("Which of these answers made it hardest to go on pressing? Which one made you press harder?")


def _asked_if_afraid(made: Services) -> Afraid:
    """The gate's question; any answer but "no" shows help and ends the command with status 1."""
    from ipt_roleplay.safety import Afraid, instead_of_a_talk
    from ipt_roleplay.safety.gate import NO_CLEARANCE, QUESTION, WHY

    _say(f"{WHY}\n\n{QUESTION}  (type no, yes, not sure, or leave it empty)")
    if (_line() or "").strip().lower().rstrip(".!") not in ("no", "n", "never"):
        _say("\n" + instead_of_a_talk(made.settings.locale).as_text())
        _say("".join(f"\n- {persona.id}: {persona.name}, {persona.relation}" for persona in made.personas.list() if not persona.coercive))
        raise typer.Exit(1)
    _say(f"{NO_CLEARANCE}\n")
    return Afraid.NO


def _talk(made: Services, practice: Practice, session_id: str, name: str) -> None:
    from ipt_roleplay.domain import SAY_NOTHING
    from ipt_roleplay.errors import InputError
    from ipt_roleplay.safety import safety_card

    while practice.show(session_id).outcome is None:
        words = _line()
        if words is None or words.strip() == "/end":
            return
        if words.strip() == "/help":
            _say(safety_card(None, made.settings.locale).as_text())
            continue
        try:
            answer = practice.take_turn(session_id, SAY_NOTHING if words.strip() == "/silent" else words)
        except InputError as error:
            _say(str(error))
            continue
        if answer.danger:
            _say(f"The talk stops here.\n\n{safety_card(answer.danger, made.settings.locale).as_text()}")
            return
        _stream(name, answer)


def _stream(name: str, answer: Answer) -> None:
    assert answer.reply is not None
    sys.stdout.write(f"{name}: ")
    reply = answer.reply
    with closing(reply.pieces):
        for piece in reply.pieces:
            sys.stdout.write(piece)
            sys.stdout.flush()
            if sys.stdout.isatty() and not reply.streams:
                time.sleep(0.03)
    sys.stdout.write("\n")
    if why := reply.move.stood_in_because:
        _say(f"({name}'s line was written: the model {why}. `ipt-roleplay doctor` says what to do.)")


def _line() -> str | None:
    """The next line of the learner, or None at the end of input."""
    if sys.stdin.isatty():
        sys.stdout.write("You: ")
        sys.stdout.flush()
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _show_feedback(practice: Practice, session_id: str) -> None:
    from ipt_roleplay.cli.analyze import as_text

    _say("\n" + as_text(practice.feedback(session_id)))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
