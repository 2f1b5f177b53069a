"""A trainee's coding beside the reference: per turn what agrees, in all plain counts and no mark. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_roleplay.coding.exercise import Exercise
from ipt_roleplay.domain import Signal, Style


@dataclass(frozen=True)
class Coding:
    """How a trainee codes one turn."""

    style: Style
    signals: frozenset[Signal] = frozenset()


@dataclass(frozen=True)
class Comparison:
    """One turn: the trainee's coding (None if left out) beside the reference; signals in the order of the codebook."""

    n: int
    own: Coding | None
    reference: Coding

    @property
    def style_agrees(self) -> bool:
        """Whether both chose the same style."""
        return self.own is not None and self.own.style is self.reference.style

    @property
    def found(self) -> tuple[Signal, ...]:
        """Signals that both name."""
        return _in_order(self._own_signals & self.reference.signals)

    @property
    def missed(self) -> tuple[Signal, ...]:
        """Signals that only the reference names."""
        return _in_order(self.reference.signals - self._own_signals)

    @property
    def added(self) -> tuple[Signal, ...]:
        """Signals that only the trainee names."""
        return _in_order(self._own_signals - self.reference.signals)

    @property
    def _own_signals(self) -> frozenset[Signal]:
        return self.own.signals if self.own else frozenset()


@dataclass(frozen=True)
class Agreement:
    """The counts over all turns that the trainee coded."""

    coded: int
    styles_agreed: int
    signals_found: int
    signals_missed: int
    signals_added: int


def compare(exercise: Exercise, own: Mapping[int, Coding]) -> tuple[Comparison, ...]:
    """Every learner turn of the exercise with the trainee's coding of it, by turn number.

    Raises ValueError if `own` codes a turn that is not a learner's.
    """
    reference = {turn.n: Coding(turn.reading.style, frozenset(turn.reading.names)) for turn in exercise.to_code if turn.reading}
    strange = sorted(set(own) - set(reference))
    if strange:
        raise ValueError(f"turns {strange} are not to be coded; there are {sorted(reference)}")
    return tuple(Comparison(n, own.get(n), coding) for n, coding in reference.items())


def agreement(comparisons: tuple[Comparison, ...]) -> Agreement:
    """The plain counts; turns that were left out count nowhere."""
    coded = [one for one in comparisons if one.own is not None]
    return Agreement(
        coded=len(coded),
        styles_agreed=sum(one.style_agrees for one in coded),
        signals_found=sum(len(one.found) for one in coded),
        signals_missed=sum(len(one.missed) for one in coded),
        signals_added=sum(len(one.added) for one in coded),
    )


def _in_order(signals: frozenset[Signal]) -> tuple[Signal, ...]:
    return tuple(signal for signal in Signal if signal in signals)
