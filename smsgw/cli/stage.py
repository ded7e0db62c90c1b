"""
The demonstration's stage: its files, its processes, its ports.
"""

import hashlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import attrs

from smsgw.errors import Unavailable
from smsgw.objects import secret_files
from smsgw.tasks import STEPS

__all__ = ["Stage"]

_WANTED = {
    "http": 8080,
    "admin": 8081,
    "door": 7900,
    "cmpp": 7890,
    "control": 7891,
    "sgip": 8801,
    "back": 8802,
    "smgp": 8890,
}
_OUTSIDE = ("cmpp", "control", "sgip", "back", "smgp")
_MARK = "made-by-smsgw-demo"
_CONFIG = """\
data_dir = "data"
node = "demo"

[http]
listen = ["tcp:{http}:interface=127.0.0.1:backlog=1024"]

[admin]
listen = ["tcp:{admin}:interface=127.0.0.1:backlog=1024"]

[[servers]]
protocol = "cmpp"
listen = ["tcp:{door}:interface=127.0.0.1"]
"""


@attrs.define(eq=False)
class Stage:
    """
    A folder with everything the demonstration needs, made anew.

    C{samples} is where C{demo.toml} and C{demo-carriers.toml} are; C{usual} asks for
    the usual ports, where they are free; C{stepped} lets the file L{steps} step the
    gateway's wall clock.
    """

    folder: Path
    samples: Path
    usual: bool = True
    stepped: bool = False
    ports: dict[str, int] = attrs.field(factory=dict)
    key: str = attrs.field(default="", repr=False)
    processes: dict[str, subprocess.Popen[bytes]] = attrs.field(factory=dict)

    def build(self) -> None:
        """
        Write the files; secrets are random, ports the usual ones where free.
        """
        self._clear()
        self._write(_MARK, "")
        with ExitStack() as probes:
            self.ports = {
                name: _port(wanted if self.usual else 0, probes)
                for name, wanted in _WANTED.items()
            }
        self.key = secrets.token_urlsafe(24)
        self._write("smsgw.toml", _CONFIG.format(**self.ports))
        self._write("simulator.toml", self._sample("demo-carriers.toml"))
        objects = self._sample("demo.toml")
        hashed = hashlib.sha256(self.key.encode()).hexdigest()
        objects = re.sub(
            r'(app_id = "his"\n)', rf'\1bearer_hash = "{hashed}"\n', objects
        )
        self._write("objects.toml", objects)
        for path in secret_files(self.folder / "objects.toml"):
            self._write(path.name, secrets.token_hex(8) + "\n")  # SGIP takes 16

    def _sample(self, name: str) -> str:
        """
        A sample with this stage's ports in the places of the usual ones.
        """
        text = (self.samples / name).read_text("utf-8")
        usual = {str(_WANTED[one]): str(self.ports[one]) for one in _OUTSIDE}
        return re.sub(
            r"(?<=:)\d{4}\b", lambda found: usual.get(found[0], found[0]), text
        )

    def _clear(self) -> None:
        """
        An empty folder: a stage's own is made anew, any other is left alone.
        """
        if self.folder.exists():
            found = [path.name for path in self.folder.iterdir()]
            if found and _MARK not in found:
                raise Unavailable(f"{self.folder} is not empty: choose another")
            shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700, parents=True)

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")

    @property
    def config(self) -> Path:
        """
        The gateway's configuration file.
        """
        return self.folder / "smsgw.toml"

    @property
    def steps(self) -> Path:
        """
        Seconds that the gateway's wall clock is off, once it exists.
        """
        return self.folder / "clock-steps"

    @property
    def url(self) -> str:
        """
        Where the HTTP door is.
        """
        return f"http://127.0.0.1:{self.ports['http']}"

    def first_login(self) -> str:
        """
        Name and one-time password, as the first start left them for its owner.
        """
        path = self.folder / "data" / "first-login.txt"
        return " ".join(path.read_text("utf-8").split()) if path.exists() else "-"

    def command(self, *words: str) -> str:
        """
        Run an C{smsgw} command to its end; what it printed.
        """
        done = subprocess.run(
            [sys.executable, "-m", "smsgw", *words],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Unavailable(f"smsgw {words[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """
        The carrier, then the gateway, as an operator would start them.
        """
        self.start_carrier()
        objects = str(self.folder / "objects.toml")
        self.command("apply", "-c", str(self.config), objects)
        self.start_gateway()

    def start_carrier(self) -> None:
        """
        The simulated carrier; its journal tells what it was given.
        """
        scenario, journal = self.folder / "simulator.toml", self.folder / "journal"
        words = ("-m", "smsgw", "simulate", str(scenario), "--journal", str(journal))
        self._spawn("simulator", *words)

    def start_gateway(self) -> None:
        """
        The gateway, which takes up what an earlier one left.
        """
        pidfile = f"--pidfile={self.folder / 'twistd.pid'}"
        (self.folder / "twistd.pid").unlink(missing_ok=True)
        twistd = "from twisted.scripts.twistd import run; run()"
        words = ("-c", twistd, "-n", pidfile, "smsgw", "-c", str(self.config))
        self._spawn("gateway", *words)

    def _spawn(self, name: str, *words: str) -> None:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        if self.stepped:
            environment[STEPS] = str(self.steps)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environment,
            )

    def check(self) -> None:
        """
        L{Unavailable} with the end of its log when a process is gone.
        """
        for name, process in self.processes.items():
            if process.poll() is not None:
                log = (self.folder / f"{name}.log").read_text("utf-8", "replace")
                raise Unavailable(f"the {name} ended:\n{log[-2000:]}")

    def stop(self) -> None:
        """
        End the gateway, then the carrier.
        """
        for process in reversed(self.processes.values()):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()


def _port(wanted: int, probes: ExitStack) -> int:
    """
    The usual port if it is free, else one that is; held until C{probes} close.
    """
    for port in (wanted, 0):
        probe = probes.enter_context(socket.socket())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return int(probe.getsockname()[1])
    raise Unavailable("no free port")
