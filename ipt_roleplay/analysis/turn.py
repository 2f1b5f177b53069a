"""One learner turn, read: rules find signals and their words, the encoder adds what rules miss, both together decide the style.

A first version: ridge regressions over `features`, fitted by `training/fit_reading.py` to the labelled turns in `training/turns/`
and kept in `reading_weights.npz`. A trained classifier takes this place later, behind the port `TextClassifier`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ipt_roleplay.analysis.body import body_of
from ipt_roleplay.analysis.features import SIGNALS, Matrix, features
from ipt_roleplay.analysis.language import foreign_language
from ipt_roleplay.analysis.signals import signals_of
from ipt_roleplay.domain import Body, Reading, Signal, SignalSpan, Style
from ipt_roleplay.errors import PracticeError
from ipt_roleplay.ports import Encoder, Vector
from ipt_roleplay.text import Span, sentences, words_only

WEIGHTS = Path(__file__).with_name("reading_weights.npz")

_STYLES = tuple(Style)
_WISHES = frozenset(
    (
        Signal.REFUSAL,
        Signal.CLEAR_REQUEST,
        Signal.BOUNDARY,
        Signal.COMPROMISE_OFFER,
        Signal.I_STATEMENT,
        Signal.VALIDATION,
        Signal.QUESTION_OPEN,
    )
)
_HOSTILE = frozenset((Signal.YOU_BLAME, Signal.THREAT, Signal.SARCASM, Signal.ASSUMED_MOTIVE))
CALM = 0.4
"""What is left of the odds of hostility where a wish is said openly and no rule or reading found anything hostile."""

CALM_QUESTION = 0.6
"""The same for a turn with a question in it in which no rule found anything hostile."""

_EITHER_OR = ((Signal.CAPITULATION, Signal.REFUSAL), (Signal.SARCASM, Signal.VALIDATION), (Signal.THREAT, Signal.BOUNDARY))


@dataclass(frozen=True)
class _Weights:
    """Columns over `features`: four styles, then one for each signal with the threshold above which it counts."""

    style: Matrix
    sharpness: float
    signal: Matrix
    thresholds: Matrix


class FirstReading:
    """Reads a turn by encoder and rules; implements `TextClassifier`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def read(self, text: str, context: str | None = None, vector: Vector | None = None) -> Reading:
        """Read `text`; `vector` is the encoding of its words (`words_only`) if already made. `context` is not used yet."""
        ruled = signals_of(text)
        body = body_of(text)
        if any(span.signal is Signal.SILENCE for span in ruled):
            return _silence(ruled, body)
        language = foreign_language(text)
        encoded = self._encoder.encode([words_only(text)])[0] if vector is None else vector
        row = features(encoded, ruled, body, text)
        raw = row @ self._weights.style
        odds = np.exp(self._weights.sharpness * (raw - raw.max()))
        signals = self._with_learned(text, ruled, row)
        scores = _by_codebook({style: float(value) for style, value in zip(_STYLES, odds, strict=True)}, ruled, signals, "?" in text)
        return Reading(style=max(scores, key=lambda one: scores[one]), scores=scores, signals=signals, body=body, language=language)

    def read_many(self, turns: Sequence[tuple[str, str | None]]) -> tuple[Reading, ...]:
        """Read many turns of (text, line before), in order; they are encoded together."""
        vectors = self._encoder.encode([words_only(text) for text, _ in turns]) if turns else ()
        return tuple(self.read(text, context, vector) for (text, context), vector in zip(turns, vectors, strict=True))

    def _with_learned(self, text: str, ruled: Sequence[SignalSpan], row: Matrix) -> tuple[SignalSpan, ...]:
        """The rules' signals, and those the encoder is sure of, shown by the sentence that speaks most for them."""
        found = {span.signal: span for span in ruled}
        values = row @ self._weights.signal
        for number, signal in enumerate(SIGNALS):
            if signal in found or values[number] < self._weights.thresholds[number]:
                continue
            span = self._sentence_for(text, number)
            found[signal] = SignalSpan(signal, span.start, span.end)
        for one, other in _EITHER_OR:
            if one in found and other in found:
                weaker = min((one, other), key=lambda signal: values[SIGNALS.index(signal)])
                del found[weaker]
        return tuple(found[signal] for signal in SIGNALS if signal in found)

    def _sentence_for(self, text: str, number: int) -> Span:
        spans = sentences(text) or (Span(0, len(text)),)
        if len(spans) == 1:
            return spans[0]
        vectors = self._encoder.encode([text[span.start : span.end] for span in spans])
        return spans[int(np.argmax(vectors @ self._weights.signal[: vectors.shape[1], number]))]

    @cached_property
    def _weights(self) -> _Weights:
        with np.load(WEIGHTS, allow_pickle=False) as stored:
            if str(stored["encoder"]) != self._encoder.id:
                raise PracticeError(f"{WEIGHTS.name} was made for another encoder. Run `python -m training.fit_reading`.")
            return _Weights(stored["style"], float(stored["sharpness"]), stored["signal"], stored["thresholds"])


def _by_codebook(odds: dict[Style, float], ruled: Sequence[SignalSpan], signals: Sequence[SignalSpan], asks: bool) -> dict[Style, float]:
    """Scores that sum to 1, after what the codebook says in so many words.

    Giving in, and reasons in place of a wish, drop the wish (passive). A wish said openly, with nothing hostile beside it, is unlikely
    to be an attack; nor is a question in which no rule found anything hostile.
    """
    plain, present = {span.signal for span in ruled}, {span.signal for span in signals}
    gives_in = Signal.CAPITULATION in plain and Signal.CAPITULATION in present
    only_reasons = Signal.JUSTIFICATION in plain and present.isdisjoint(_WISHES)
    if gives_in or only_reasons:
        odds = odds | {Style.ASSERTIVE: 0.25 * odds[Style.ASSERTIVE], Style.PASSIVE: odds[Style.PASSIVE] + 0.5 * odds[Style.ASSERTIVE]}
    elif present.isdisjoint(_HOSTILE) and not plain.isdisjoint(_WISHES):
        odds = _calmed(odds, CALM)
    elif asks and plain.isdisjoint(_HOSTILE):
        odds = _calmed(odds, CALM_QUESTION)
    total = sum(odds.values())
    return {style: value / total for style, value in odds.items()}


def _calmed(odds: dict[Style, float], share: float) -> dict[Style, float]:
    return odds | {style: share * odds[style] for style in (Style.AGGRESSIVE, Style.PASSIVE_AGGRESSIVE)}


def _silence(spans: Sequence[SignalSpan], body: Body | None) -> Reading:
    scores = dict.fromkeys(_STYLES, 0.05) | {Style.PASSIVE: 0.85}
    return Reading(style=Style.PASSIVE, scores=scores, signals=tuple(spans), body=body)
