"""
The scenario file: which carriers these are, who may log in, what happens to whom.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import attrs

from smsgw.config import ConfigError, Endpoint, read_secret, read_toml, structure
from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.faults import Faults
from smsgw.simulator.latency import Latency
from smsgw.simulator.rules import Rule

__all__ = ["Account", "Latency", "Scenario", "Scene", "load"]

Setting = str | int | float | bool


@attrs.frozen
class Account:
    """
    Who may log in, and what the contract says.

    C{version}: C{any} follows the client, else this whatever it asks. C{source}
    is the Msg_src allowed ('' for the login name). C{speed} 0 is no limit.
    C{split_logins} accepts the Version octets 0 and 1 as 2.0. C{settings} are
    those of the protocol's dialect.

    C{reverse} is where this carrier connects to, to deliver (SGIP), as
    C{reverse_login} ('' for the login name), with C{reverse_type}. C{report_mode}
    C{same} delivers on the client's own connections.
    """

    login: str
    secret: str = attrs.field(default="", repr=False)
    secret_file: Path | None = None
    version: str = "any"
    access: str = ""
    source: str = ""
    service_ids: tuple[str, ...] = ()
    connections: int = 10
    window: int = 16
    speed: float = 0.0
    split_logins: bool = True
    settings: dict[str, Setting] = attrs.field(factory=dict)
    report_mode: Literal["same", "reverse"] = "same"
    reverse: tuple[Endpoint, ...] = ()
    reverse_login: str = ""
    reverse_type: int = 2


@attrs.frozen
class Scenario:
    """
    One carrier. C{timeout} and C{tries} are of deliveries (T and N); a queue
    holds C{waiting} deliveries at most for an account that is not connected.

    C{node} is the carrier's own in SGIP's sequences. C{highest} '' is the
    protocol's newest version. C{journal}: how many submits are kept to be looked at.
    """

    accounts: tuple[Account, ...]
    rules: tuple[Rule, ...] = ()
    latency: Latency = attrs.field(factory=Latency)
    faults: Faults = attrs.field(factory=Faults)
    name: str = ""
    protocol: Literal["cmpp", "sgip", "smgp", "smpp"] = "cmpp"
    listen: tuple[Endpoint, ...] = (Endpoint("tcp:7890:interface=127.0.0.1"),)
    control: tuple[Endpoint, ...] = (Endpoint("tcp:7891:interface=127.0.0.1"),)
    seed: int = 1
    gateway: int = 1001
    node: int = 1_010_000_001
    highest: str = ""
    deliver_window: int = 16
    timeout: float = 60.0
    tries: int = 3
    idle: float = 30.0
    login_timeout: float = 30.0
    waiting: int = 1_000_000
    texts_per_number: int = 20
    numbers: int = 100_000
    journal: int = 0

    @property
    def called(self) -> str:
        """
        The carrier's name, its protocol if it has none.
        """
        return self.name or self.protocol

    @property
    def version_name(self) -> str:
        """
        The highest version spoken, as people write it.
        """
        return self.highest or list(SPOKEN[self.protocol].versions)[-1]

    @property
    def version(self) -> int:
        """
        The highest version spoken, as the protocol writes it.
        """
        return SPOKEN[self.protocol].versions[self.version_name]

    def mistakes(self) -> list[str]:
        """
        What fits no protocol.
        """
        spoken = SPOKEN.get(self.protocol)
        if spoken is None:
            return [f"protocol: {self.protocol!r} is not spoken"]
        found = []
        asked = [("highest", self.version_name)]
        for account in self.accounts:
            asked.append((f"account {account.login}: version", account.version))
            if account.report_mode == "reverse" and not account.reverse:
                found.append(f"account {account.login}: reverse is missing")
        known = ", ".join(map(repr, spoken.versions))
        return found + [
            f"{where}: expected one of {known}, got {version!r}"
            for where, version in asked
            if version not in ("any", *spoken.versions)
        ]


@attrs.frozen
class Scene:
    """
    The whole file: several carriers with one control, or one carrier's own keys.
    """

    carriers: tuple[Scenario, ...]
    control: tuple[Endpoint, ...] = (Endpoint("tcp:7891:interface=127.0.0.1"),)


def load(path: Path) -> Scene:
    """
    What is in a file, with the secrets that its accounts point to.
    """
    tables: Mapping[str, Any] = read_toml(path)
    if "carriers" in tables:
        scene = structure(path, tables, Scene)
    else:
        carrier = structure(path, tables, Scenario)
        scene = Scene((carrier,), carrier.control)
    names = [one.called for one in scene.carriers]
    mistakes = [m for one in scene.carriers for m in one.mistakes()]
    mistakes += [f"carrier {n}: twice" for n in set(names) if names.count(n) > 1]
    if mistakes:
        raise ConfigError(path, mistakes)
    return attrs.evolve(
        scene, carriers=tuple(_with_secrets(path, one) for one in scene.carriers)
    )


def _with_secrets(path: Path, scenario: Scenario) -> Scenario:
    accounts = tuple(_with_secret(path, account) for account in scenario.accounts)
    return attrs.evolve(scenario, accounts=accounts)


def _with_secret(path: Path, account: Account) -> Account:
    if account.secret_file is not None:
        return attrs.evolve(account, secret=read_secret(account.secret_file))
    if not account.secret:
        raise ConfigError(path, [f"account {account.login}: no secret_file"])
    return account
