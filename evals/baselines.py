"""What the trained reading is measured against. Everything is fitted to the same labelled turns (`training/labelled`), with no look at the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.rules import signals_of, style_of
from ipt_roleplay.domain import Signal, Style
from ipt_roleplay.encoders.minilm import MiniLmEncoder
from ipt_roleplay.text import words_only
from training.rows import LabelledTurn, read_turns

Said = tuple[str, str | None]
Guess = tuple[Style, frozenset[Signal]]
Reader = Callable[[Sequence[Said]], list[Guess]]
_STYLES, _SIGNALS = tuple(Style), tuple(Signal)
SEED = 1


@cache
def baselines() -> Mapping[str, Reader]:
    """Each name with its reader, fitted once in a process."""
    rows = read_turns()
    return {
        "majority": _majority(rows),
        "VADER": _vader(rows),
        "rules": _rules,
        "TF-IDF + LR": _linear(rows, _tfidf(rows)),
        "frozen MiniLM + LR": _linear(rows, _frozen()),
    }


def _majority(rows: Sequence[LabelledTurn]) -> Reader:
    """The most frequent style, and no signal (none is in most turns)."""
    style = Counter(row.style for row in rows).most_common(1)[0][0]
    return lambda said: [(style, frozenset())] * len(said)


def _rules(said: Sequence[Said]) -> list[Guess]:
    found = [frozenset(span.signal for span in signals_of(text)) for text, _ in said]
    return [(style_of(signals), signals) for signals in found]


def _vader(rows: Sequence[LabelledTurn]) -> Reader:
    """A logistic regression over VADER's four numbers for styles; it knows no signals."""
    from sklearn.linear_model import LogisticRegression
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()

    def numbers(texts: Sequence[str]) -> NDArray[np.float64]:
        return np.array([list(judge.polarity_scores(words_only(text)).values()) for text in texts])

    model = LogisticRegression(max_iter=2000, random_state=SEED).fit(numbers([row.text for row in rows]), [row.style.value for row in rows])
    return lambda said: [(Style(style), frozenset()) for style in model.predict(numbers([text for text, _ in said]))]


def _tfidf(rows: Sequence[LabelledTurn]) -> Callable[[Sequence[Said]], Any]:
    """Words, pairs of words and pieces of words of the turn, and the words of the line before."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [row.text for row in rows]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit(texts)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True).fit(texts)
    before = TfidfVectorizer(min_df=3, sublinear_tf=True).fit([row.context or "" for row in rows])

    def features(said: Sequence[Said]) -> Any:
        own = [text for text, _ in said]
        return hstack([words.transform(own), pieces.transform(own), 0.5 * before.transform([context or "" for _, context in said])]).tocsr()

    return features


def _frozen() -> Callable[[Sequence[Said]], Any]:
    """The shared encoder's vector of the turn, and of the line before."""
    encoder = MiniLmEncoder()

    def features(said: Sequence[Said]) -> Any:
        own = encoder.encode([words_only(text) or text for text, _ in said])
        before = encoder.encode([context or "." for _, context in said])
        return np.concatenate([own, 0.5 * before], axis=1)

    return features


def _linear(rows: Sequence[LabelledTurn], features: Callable[[Sequence[Said]], Any]) -> Reader:
    """Logistic regressions: one for the style, one for each signal."""
    from sklearn.linear_model import LogisticRegression

    given = features([(row.text, row.context) for row in rows])

    def fitted(wanted: Sequence[Any]) -> Any:
        return LogisticRegression(C=10, max_iter=1000, class_weight="balanced", solver="liblinear", random_state=SEED).fit(given, wanted)

    styles = {style: fitted([row.style is style for row in rows]) for style in _STYLES}
    signals = {signal: fitted([signal in row.signals for row in rows]) for signal in _SIGNALS}

    def read(said: Sequence[Said]) -> list[Guess]:
        new = features(said)
        best = np.array([styles[style].predict_proba(new)[:, 1] for style in _STYLES]).argmax(axis=0)
        there = {signal: signals[signal].predict(new) for signal in _SIGNALS}
        return [(_STYLES[best[number]], frozenset(signal for signal in _SIGNALS if there[signal][number])) for number in range(len(said))]

    return read
