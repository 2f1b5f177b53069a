"""What the model is told: who it plays (the same bytes all through a talk), the talk, and last what to do with this turn."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from ipt_roleplay.domain import Speaker, Tactic, Turn
from ipt_roleplay.partner.authored import Decision
from ipt_roleplay.partner.remembered import remembered
from ipt_roleplay.partner.reply import Scene
from ipt_roleplay.partner.slots import SLOT
from ipt_roleplay.prompts import TACTIC_WORDS, limit_in_words, render, state_in_words

RECENT = 420
"""Tokens of the newest turns that the model is shown as they were said."""

STEP = 8
"""Turns leave that part so many at a time, so that a server's cache of the prompt stays good in between; even, for the roles."""

FACTS = 640
"""Tokens for what was stated before that."""

LONGEST_SHOWN = 1500
"""Characters of one turn that the model is shown: small models have little room."""

BEFORE_THE_TALK = "(The talk begins. You speak first.)"


def messages_for(scene: Scene, decided: Decision, count: Callable[[str], int], warning: str = "") -> list[tuple[str, str]]:
    """Messages of (role, text): one system message, then user and assistant in turn, as strict chat templates want it.

    The direction is in the last user message, after the learner's words. `count` says how many tokens a text has; `warning`, why an earlier
    try was not used.
    """
    earlier = scene.transcript.turns[:-1]
    begin = _window(earlier, count)
    talk = earlier[begin:]
    messages = [("system", _persona(scene)), ("user", _before(scene, begin, count))]
    for role, text in ((_role(turn), turn.text[:LONGEST_SHOWN]) for turn in talk):
        if messages[-1][0] == role:
            messages[-1] = (role, f"{messages[-1][1]}\n{text}")
        else:
            messages.append((role, text))
    direction = _direction(scene, decided) + (f"\n{warning}" if warning else "")
    if messages[-1][0] == "user":
        messages[-1] = ("user", f"{messages[-1][1]}\n{direction}")
    else:
        messages.append(("user", direction))
    return messages


def _window(turns: Sequence[Turn], count: Callable[[str], int]) -> int:
    """From which turn on the talk is shown as it was said."""
    begin = 0
    while begin + STEP < len(turns) and sum(count(turn.text[:LONGEST_SHOWN]) for turn in turns[begin:]) > RECENT:
        begin += STEP
    return begin


def _before(scene: Scene, begin: int, count: Callable[[str], int]) -> str:
    """What comes before the turns that are shown: that the talk begins, or what was stated in it so far."""
    if not begin:
        return BEFORE_THE_TALK
    stated = remembered(scene.transcript.turns[:begin], scene.persona.name, FACTS, count)
    return render("partner_before", facts="\n".join(f"- {one}" for one in stated) or "- nothing of weight")


def _persona(scene: Scene) -> str:
    persona, situation = scene.persona, scene.situation
    return render(
        "partner_persona",
        name=persona.name,
        relation=persona.relation,
        summary=persona.summary,
        who=situation.who,
        time=situation.time,
        place=situation.place,
        channel=situation.channel,
        happened=situation.happened,
        hidden_interest=situation.hidden_interest,
        facts="\n".join(f"- {fact}" for fact in (*persona.facts, *situation.facts)),
    )


def _direction(scene: Scene, decided: Decision) -> str:
    return render(
        "partner_turn",
        words=decided.turn.text[:LONGEST_SHOWN],
        name=scene.persona.name,
        state=state_in_words(decided.state),
        tactic=TACTIC_WORDS[decided.tactic],
        voice="\n".join(f"- {line}" for line in _voice(scene, decided)),
        limit=limit_in_words(decided.tactic),
    )


def _voice(scene: Scene, decided: Decision) -> list[str]:
    """Two written lines of the tactic, other ones from turn to turn; other lines of the scene where it has fewer."""
    lines = [line for family in scene.situation.by_tactic[decided.tactic] for line in family.say if not SLOT.search(line)]
    chance = random.Random(f"{scene.seed}:{len(scene.transcript.turns)}:voice")
    chance.shuffle(lines)
    others = (
        line for family in scene.situation.families for line in family.say if family.tactic is not Tactic.TAKE_UP and not SLOT.search(line)
    )
    return [*lines, *others][:2]


def _role(turn: Turn) -> str:
    return "user" if turn.speaker is Speaker.LEARNER else "assistant"
