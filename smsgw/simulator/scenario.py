"""
The scenario file: what carrier this is, who may log in, what happens to whom.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import attrs

from smsgw.config import ConfigError, Endpoint, read_secret, read_toml, structure
from smsgw.protocols.cmpp import V20, V21, V30
from smsgw.simulator.rules import Rule

__all__ = ["Account", "Latency", "Scenario", "load"]

OCTETS = {"2.0": V20, "2.1": V21, "3.0": V30}


@attrs.frozen
class Account:
    """
    Who may log in, and what the contract says.

    C{version}: C{any} follows the client, else this whatever it asks. C{source}
    is the Msg_src allowed ('' for the login name). C{speed} 0 is no limit.
    C{split_logins} accepts the Version octets 0 and 1 as 2.0.
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
    The whole file. C{timeout} and C{tries} are of deliveries (T and N); a queue
    holds C{waiting} deliveries at most for an account that is not connected.
    """

    accounts: tuple[Account, ...]
    rules: tuple[Rule, ...] = ()
    latency: Latency = attrs.field(factory=Latency)
    listen: tuple[Endpoint, ...] = (Endpoint("tcp:7890:interface=127.0.0.1"),)
    control: tuple[Endpoint, ...] = (Endpoint("tcp:7891:interface=127.0.0.1"),)
    seed: int = 1
    gateway: int = 1001
    highest: Literal["2.0", "2.1", "3.0"] = "3.0"
    deliver_window: int = 16
    timeout: float = 60.0
    tries: int = 3
    idle: float = 30.0
    login_timeout: float = 30.0
    waiting: int = 1_000_000
    texts_per_number: int = 20
    numbers: int = 100_000

    @property
    def version(self) -> int:
        """
        The Version octet of the highest version spoken.
        """
        return OCTETS[self.highest]


def load(path: Path) -> Scenario:
    """
    The scenario in a file, with the secrets that its accounts point to.
    """
    tables: Mapping[str, Any] = read_toml(path)
    scenario = structure(path, tables, Scenario)
    accounts = tuple(_with_secret(path, account) for account in scenario.accounts)
    return attrs.evolve(scenario, accounts=accounts)


def _with_secret(path: Path, account: Account) -> Account:
    if account.secret_file is not None:
        return attrs.evolve(account, secret=read_secret(account.secret_file))
    if not account.secret:
        raise ConfigError(path, [f"account {account.login}: no secret_file"])
    return account
