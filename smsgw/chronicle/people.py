"""
Made-up patients: names, and numbers of three carriers that belong to nobody here.
"""

from collections.abc import Callable, Sequence

import attrs

__all__ = ["FAMILY", "Patient", "People", "pick"]

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰春梅建国志红雪晨宇欣怡"
_HEADS = (
    ("mobile", ("1380013", "1390013", "1350013")),
    ("unicom", ("1300013", "1310013")),
    ("telecom", ("1330013", "1890013")),
)
_SHARES = (0.58, 0.8, 1.0)
_PLACES = 10_000
Chances = Callable[[], float]


def pick(chance: Chances, some: Sequence[str]) -> str:
    """
    One of some.
    """
    return some[int(chance() * len(some))]


@attrs.frozen
class Patient:
    """
    C{luck} from 0 to 1 is how well messages reach them: at the end are numbers that
    do not exist.
    """

    name: str
    number: str
    carrier: str
    luck: float


@attrs.define(eq=False)
class People:
    """
    As many as there are, each always with the same name.
    """

    chance: Chances
    count: int = 20_000
    _known: list[Patient] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        numbers: dict[str, Patient] = {}
        while len(numbers) < self.count:
            one = self._someone()
            numbers.setdefault(one.number, one)
        self._known = list(numbers.values())

    def _someone(self) -> Patient:
        chance, share = self.chance, self.chance()
        carrier, heads = _HEADS[sum(share >= one for one in _SHARES)]
        place = int(chance() * _PLACES)
        name = pick(chance, FAMILY) + pick(chance, _GIVEN)
        if chance() < 0.6:
            name += pick(chance, _GIVEN)
        return Patient(name, f"{pick(chance, heads)}{place:04d}", carrier, chance())

    def one(self) -> Patient:
        """
        Anybody; who comes often is met often.
        """
        often = self.chance() ** 1.6
        return self._known[int(often * len(self._known))]

    def some(self, count: int) -> list[Patient]:
        """
        So many of them in a row, each once.
        """
        start = int(self.chance() * len(self._known))
        twice = self._known + self._known
        return twice[start : start + min(count, len(self._known))]
