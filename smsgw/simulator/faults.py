"""
The faults a carrier can be told to have.
"""

from typing import Any

import attrs

from smsgw.protocols.neutral import LOGIN_WORDS

__all__ = ["Faults"]


def _login(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    if value and value not in LOGIN_WORDS and not value.isdecimal():
        raise ValueError(f"{field.name}: a code or one of {', '.join(LOGIN_WORDS)}")


@attrs.define
class Faults:
    """
    Switches, all off at first. Numbers without a fraction count down: so many
    times; numbers with one are seconds.

    Responses. C{silent}: takes submits, answers none. C{slow}: later by so much.
    C{scatter}: later by up to so much, so out of order. C{busy}: a submit is
    throttled. C{window}, C{speed}: instead of the contracts'. C{lose}, C{double}:
    a response is not sent, or sent twice. C{early}: a response waits until its
    receipt is gone. C{no_id}: responses without an id. C{any_result}: the share of
    submits that a code of the whole table refuses.

    Receipts and MO. C{hold}: none go out. C{lose_receipts}, C{double_receipts},
    C{slow_receipts}, C{scatter_receipts} as for responses. C{elsewhere}: on another
    connection of the account than the submit, where there is one. C{swap}: in a
    layout that is not the version's. C{garble}: a receipt that cannot be read comes
    before the right one. C{stat}: the code of all; C{any_stat}: the share that has
    one of the whole table.

    Connections. C{refuse}: logins are refused with this code or word. C{unsigned}:
    the answer's digest is wrong. C{deaf}: reads nothing. C{mute}: nothing it says
    arrives; both together are a half-open socket. C{terminate}, C{abort}: a submit
    that was taken ends its connection, politely or not. C{cut}: a write breaks off
    in its last PDU, and so does the connection. C{bytewise}: an octet at a time.
    C{glue}: writes wait so long to be one. C{skew}: the wall clock's error.
    """

    silent: bool = False
    slow: float = 0.0
    scatter: float = 0.0
    busy: int = 0
    window: int = 0
    speed: float = 0.0
    lose: int = 0
    double: int = 0
    early: int = 0
    no_id: bool = False
    any_result: float = 0.0
    hold: bool = False
    lose_receipts: int = 0
    double_receipts: int = 0
    slow_receipts: float = 0.0
    scatter_receipts: float = 0.0
    elsewhere: bool = False
    swap: bool = False
    garble: int = 0
    stat: str = ""
    any_stat: float = 0.0
    refuse: str = attrs.field(default="", validator=_login)
    unsigned: bool = False
    deaf: bool = False
    mute: bool = False
    terminate: int = 0
    abort: int = 0
    cut: int = 0
    bytewise: bool = False
    glue: float = 0.0
    skew: float = 0.0
    calm: bool = attrs.field(default=True, init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        self._look()

    def _look(self) -> None:
        """
        C{calm} spares a message the questions.
        """
        self.calm = not any(self.told().values())

    def told(self) -> dict[str, Any]:
        """
        The state of all switches.
        """
        return {name: getattr(self, name) for name in _NAMES}

    def set(self, **switches: Any) -> None:
        """
        Turn switches; raises C{ValueError} naming the unknown or ill-typed one.
        """
        for name, value in switches.items():
            kind = _NAMES.get(name)
            if kind is None:
                raise ValueError(f"unknown fault {name!r}")
            if type(value) is not kind and not (kind is float and type(value) is int):
                raise ValueError(f"{name}: expected {kind.__name__}")
        attrs.evolve(self, **switches)  # nothing is turned if one is wrong
        for name, value in switches.items():
            setattr(self, name, value)
        self._look()

    def use(self, name: str) -> bool:
        """
        Whether a counted fault strikes now; then one fewer is left.
        """
        left: int = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        if left == 1:
            self._look()
        return True


_NAMES = {one.name: type(one.default) for one in attrs.fields(Faults) if one.init}
