"""
A message's category told from its text: strong patterns first, then what pairs of
characters say (naive Bayes over the corpus in C{corpus/}, decision 6).

It answers '' where it is not sure; then the account's usual category holds.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

import attrs

__all__ = ["LABELS", "ContentClassifier", "Judged", "features"]

LABELS = (
    "otp",
    "critical",
    "appointment",
    "report",
    "medication",
    "bulk",
    "marketing",
)
SURE = 0.85
_TOLD = 3
_WORDS = "用词 its words"
_MOST = 400
_digits = re.compile(r"[0-9０-９]+")
_blank = re.compile(r"[\s【】\[\]（）()，。！？、；：,.!?:;]+")
_CODE = "验证码|校验码|动态码|动态密码|随机码|一次性口令|口令"
_PATTERNS = (
    ("otp", re.compile(rf"(?:{_CODE})\D{{0,12}}\d{{4,8}}(?!\d)"), "验证码与数字"),
    ("otp", re.compile(rf"(?<!\d)\d{{4,8}}\D{{0,6}}(?:{_CODE})"), "验证码与数字"),
    ("marketing", re.compile(r"(?:退订回|拒收(?:请)?回|回\w?退订).{0,6}$"), "退订语"),
)
# Without these nothing is that: a wrong "critical" wakes people at night.
_NEEDS = {
    "otp": re.compile(r"(?<!\d)\d{4,8}(?!\d)").search,
    "critical": re.compile("危急|紧急|急[！!]|立即|抢救|即刻|速").search,
}
_ABOUT = re.compile("培训|制度|讲座|演练|考核|会议").search


def features(text: str) -> list[str]:
    """
    The pairs of characters of a text, each once; figures are all the same.
    """
    plain = _blank.sub(" ", _digits.sub("0", text[:_MOST])).casefold()
    return list(dict.fromkeys(map("".join, pairwise(plain))))


@attrs.frozen
class Judged:
    """
    A category ('' for not sure), how sure, why, and the words that decided.
    """

    category: str
    score: float
    why: str = ""
    words: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class ContentClassifier:
    """
    C{weights}: what a pair adds to each label, in hundredths; C{prior} likewise.
    """

    prior: tuple[int, ...]
    weights: Mapping[str, tuple[int, ...]]

    @classmethod
    def load(cls) -> "ContentClassifier":
        """
        As it was trained.
        """
        return _loaded()

    def classify(self, text: str) -> Judged:
        """
        The category of a text.
        """
        for label, pattern, why in _PATTERNS:
            if pattern.search(text):
                return Judged(label, 1.0, why)
        known = self.weights
        pairs = [pair for pair in features(text) if pair in known]
        sums = self._sums(pairs)
        best = max(range(len(LABELS)), key=sums.__getitem__)
        score = _chance(sums, best)
        label = LABELS[best]
        if score < SURE or not pairs or not _may_be(label, text):
            return Judged("", score)
        pairs.sort(key=lambda pair: known[pair][best], reverse=True)
        return Judged(label, score, _WORDS, tuple(pairs[:_TOLD]))

    def chances(self, text: str) -> list[tuple[str, float]]:
        """
        How likely each category is by the words alone, the likeliest first.
        """
        sums = self._sums([pair for pair in features(text) if pair in self.weights])
        told = [(label, _chance(sums, place)) for place, label in enumerate(LABELS)]
        return sorted(told, key=lambda one: -one[1])

    def _sums(self, pairs: Sequence[str]) -> list[int]:
        sums = list(self.prior)
        for pair in pairs:
            for place, weight in enumerate(self.weights[pair]):
                sums[place] += weight
        return sums


def _chance(sums: Sequence[int], place: int) -> float:
    own = sums[place]
    return 1 / sum(math.exp(min(60.0, (one - own) / 100)) for one in sums)


def _may_be(label: str, text: str) -> bool:
    if label == "critical" and _ABOUT(text):
        return False
    needs = _NEEDS.get(label)
    return needs is None or needs(text) is not None


@lru_cache(maxsize=1)
def _loaded() -> ContentClassifier:
    source = files("smsgw.rules") / "content.json"
    read = json.loads(source.read_text("utf-8"))
    weights = {pair: tuple(row) for pair, row in read["weights"].items()}
    return ContentClassifier(tuple(read["prior"]), weights)
