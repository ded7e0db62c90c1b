"""
How the classifier learns, and how well: cross-validation over texts and over phrases.

    python -m corpus.training            writes smsgw/rules/content.json
    python -m corpus.training --check    prints how well it does
"""

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from corpus.generate import TEXTS
from smsgw.rules.content import LABELS, ContentClassifier, features

__all__ = ["MODEL", "Example", "check", "examples", "train"]

MODEL = Path(__file__).parents[1] / "smsgw" / "rules" / "content.json"
FOLDS = 5
LEAST = 4
MOST = 2_500
SMOOTH = 0.5


@attrs.frozen
class Example:
    """
    A labelled text and the phrase that it was made from.
    """

    label: str
    phrase: str
    text: str


def examples() -> list[Example]:
    """
    The whole corpus.
    """
    found = []
    for line in TEXTS.read_text("utf-8").splitlines():
        label, phrase, text = line.split("\t")
        found.append(Example(label, f"{label}{phrase}", text))
    return found


def train(some: Iterable[Example]) -> ContentClassifier:
    """
    Naive Bayes: how much likelier a pair is in texts of a label than in others.
    """
    texts: Counter[str] = Counter()
    seen: dict[str, Counter[str]] = {}
    for example in some:
        texts[example.label] += 1
        for pair in features(example.text):
            seen.setdefault(pair, Counter())[example.label] += 1
    chosen = {
        pair: _row(counts, texts)
        for pair, counts in seen.items()
        if counts.total() >= LEAST and pair.strip()
    }
    kept = sorted(chosen, key=lambda pair: (-_spread(chosen[pair]), pair))[:MOST]
    prior = tuple(0 for _ in LABELS)
    return ContentClassifier(prior, {pair: chosen[pair] for pair in sorted(kept)})


def _row(counts: Counter[str], texts: Counter[str]) -> tuple[int, ...]:
    shares = [
        math.log((counts[one] + SMOOTH) / (texts[one] + 2 * SMOOTH)) for one in LABELS
    ]
    middle = sum(shares) / len(shares)
    return tuple(round(100 * (share - middle) * 0.5) for share in shares)


def _spread(row: Sequence[int]) -> int:
    return max(row) - min(row)


def check(by_phrase: bool) -> tuple[Counter[tuple[str, str]], float]:
    """
    (how often a label was judged as another, share of right ones) over five folds;
    with C{by_phrase} no phrase of a fold was learned from.
    """
    found: Counter[tuple[str, str]] = Counter()
    some = examples()
    phrases = {one: place for place, one in enumerate(sorted({e.phrase for e in some}))}
    for fold in range(FOLDS):
        held = {
            place
            for place, one in enumerate(some)
            if (phrases[one.phrase] if by_phrase else place * 7919) % FOLDS == fold
        }
        model = train(one for place, one in enumerate(some) if place not in held)
        for place in held:
            one = some[place]
            found[one.label, model.classify(one.text).category] += 1
    right = sum(number for (label, judged), number in found.items() if label == judged)
    return found, right / found.total()


def main(argv: Sequence[str]) -> None:
    """
    Train on everything, or tell how well that does.
    """
    if "--check" not in argv:
        model = train(examples())
        rows = {pair: list(row) for pair, row in model.weights.items()}
        body = {"prior": list(model.prior), "weights": rows}
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        MODEL.write_text(text + "\n", "utf-8")
        return
    for by_phrase in (False, True):
        found, right = check(by_phrase)
        _say("phrases unseen" if by_phrase else "texts unseen", f"{right:.4f}")
        for label in LABELS:
            hits = found[label, label]
            judged = sum(n for (_, one), n in found.items() if one == label)
            texts = sum(n for (one, _), n in found.items() if one == label)
            unsure = found[label, ""]
            wrong = {
                one: n
                for (was, one), n in found.items()
                if was == label and one not in ("", label)
            }
            precision, recall = hits / max(1, judged), hits / max(1, texts)
            _say(f"  {label:12} {precision:.4f} {recall:.4f} unsure {unsure} {wrong}")


def _say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
