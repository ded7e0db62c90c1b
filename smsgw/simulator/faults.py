"""
The faults a carrier can be told to have.
"""

import attrs

__all__ = ["Faults"]


@attrs.define(eq=False)
class Faults:
    """
    Switches, all off at first.

    C{deaf}: reads nothing, answers nothing. C{silent}: takes submits, answers
    none. C{slow}: seconds more for each response. C{busy}: so many submits get
    Result 8. C{lose}, C{double}: so many responses are not sent, sent twice.
    C{refuse}: a Status for logins. C{no_id}: Msg_Id 0 in responses. C{swap}: reports
    in the other version's layout. C{stat}: the Stat of all reports. C{unsigned}:
    a wrong AuthenticatorISMG. C{hold}: no deliveries. C{shuffle}: responses in
    the opposite order of their submits. C{drip}: octets one by one. C{skew}:
    seconds that the carrier's clock is ahead.
    """

    deaf: bool = False
    silent: bool = False
    slow: float = 0.0
    busy: int = 0
    lose: int = 0
    double: int = 0
    refuse: int = 0
    no_id: bool = False
    swap: bool = False
    stat: str = ""
    unsigned: bool = False
    hold: bool = False
    shuffle: bool = False
    drip: bool = False
    skew: float = 0.0

    def set(self, **switches: bool | int | float | str) -> None:
        """
        Turn switches; raises C{ValueError} naming the unknown or ill-typed one.
        """
        kinds = {field.name: type(field.default) for field in attrs.fields(Faults)}
        for name, value in switches.items():
            if name not in kinds:
                raise ValueError(f"unknown fault {name!r}")
            kind = kinds[name]
            if type(value) is not kind and not (kind is float and type(value) is int):
                raise ValueError(f"{name}: expected {kind.__name__}")
        for name, value in switches.items():
            setattr(self, name, value)

    def use(self, name: str) -> bool:
        """
        Whether a counted fault strikes now; then one fewer is left.
        """
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0
