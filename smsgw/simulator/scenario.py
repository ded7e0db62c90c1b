"""
The scenario file: what carrier this is, who may log in, what happens to whom.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import attrs

from smsgw.config import ConfigError, Endpoint, read_secret, read_toml, structure
from smsgw.protocols.cmpp import V20, V21, V30
from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.rules import Rule

__all__ = ["Account", "Latency", "Scenario", "load", "load_all"]

Version = Literal["", "1.2", "1.3", "2.0", "2.1", "3.0", "3.1", "3.3", "3.4", "5.0"]
OCTETS = {"2.0": V20, "2.1": V21, "3.0": V30}


@attrs.frozen
class Account:
    """
    Who may log in, and what the contract says.

    C{version}: C{any} follows the client, else this whatever it asks. C{source}
    is the Msg_src allowed ('' for the login name). C{speed} 0 is no limit.
    C{split_logins} accepts the Version octets 0 and 1 as 2.0. C{deliver_to} is an
    endpoint to connect to with deliveries, as SGIP has it; '' uses the client's
    own connections.
    """

    login: str
    secret: str = attrs.field(default="", repr=False)
    secret_file: Path | None = None
    version: Literal["any", "2.0", "2.1", "3.0"] = "any"
    access: str = ""
    source: str = ""
    service_ids: tuple[str, ...] = ()
    connections: int = 10
    window: int = 16
    speed: float = 0.0
    split_logins: bool = True
    deliver_to: str = ""


@attrs.frozen
class Latency:
    """
    Seconds: until the response, the receipt; each varies by its jitter.
    """

    response: float = 0.005
    response_jitter: float = 0.0
    receipt: float = 0.5
    receipt_jitter: float = 0.0


@attrs.frozen
class Scenario:
    """
    One carrier. C{protocol} is what it speaks, C{highest} its newest version ('' is
    the protocol's), C{settings} its dialect's own fields. C{timeout} and C{tries} are
    of deliveries (T and N); a queue holds C{waiting} deliveries at most for an
    account that is not connected.
    """

    accounts: tuple[Account, ...]
    rules: tuple[Rule, ...] = ()
    latency: Latency = attrs.field(factory=Latency)
    listen: tuple[Endpoint, ...] = (Endpoint("tcp:7890:interface=127.0.0.1"),)
    control: tuple[Endpoint, ...] = (Endpoint("tcp:7891:interface=127.0.0.1"),)
    seed: int = 1
    gateway: int = 1001
    highest: Version = ""
    protocol: Literal["cmpp", "sgip", "smgp", "smpp"] = "cmpp"
    settings: Mapping[str, str | int | float | bool] = attrs.field(factory=dict)
    deliver_window: int = 16
    timeout: float = 60.0
    tries: int = 3
    idle: float = 30.0
    login_timeout: float = 30.0
    waiting: int = 1_000_000
    texts_per_number: int = 20
    numbers: int = 100_000

    def __attrs_post_init__(self) -> None:
        versions = SPOKEN[self.protocol].versions
        if self.highest and self.highest not in versions:
            raise ValueError(f"highest is one of {', '.join(versions)}")

    @property
    def version(self) -> int:
        """
        The layout of the highest version spoken.
        """
        return SPOKEN[self.protocol].versions[self.newest]

    @property
    def newest(self) -> str:
        """
        The highest version spoken, by name.
        """
        return self.highest or list(SPOKEN[self.protocol].versions)[-1]


def load(path: Path) -> Scenario:
    """
    The only carrier in a file.
    """
    (scenario,) = load_all(path)
    return scenario


def load_all(path: Path) -> list[Scenario]:
    """
    The carriers in a file, with the secrets that their accounts point to: one for
    each C{[[carriers]]}, or the file itself is one.
    """
    tables: Mapping[str, Any] = read_toml(path)
    carriers = tables.get("carriers")
    if carriers is None:
        return [_scenario(path, tables)]
    if len(tables) > 1 or not isinstance(carriers, list):
        raise ConfigError(path, ["beside [[carriers]] there is nothing else"])
    return [_scenario(path, carrier) for carrier in carriers]


def _scenario(path: Path, tables: Mapping[str, Any]) -> Scenario:
    scenario = structure(path, tables, Scenario)
    accounts = tuple(_with_secret(path, account) for account in scenario.accounts)
    return attrs.evolve(scenario, accounts=accounts)


def _with_secret(path: Path, account: Account) -> Account:
    if account.secret_file is not None:
        return attrs.evolve(account, secret=read_secret(account.secret_file))
    if not account.secret:
        raise ConfigError(path, [f"account {account.login}: no secret_file"])
    return account
