"""
The rules of the house that no linter knows.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "smsgw"
TESTS = ROOT / "tests"

MODULE_LINES = 400
FUNCTION_LINES = 50
BROAD_EXCEPTS = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen
class Module:
    """
    A module of the tree: its path, source and syntax.
    """

    path: Path
    source: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """
        The path as people write it.
        """
        return self.path.relative_to(ROOT).as_posix()

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """
        Every node of these kinds.
        """
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


def modules(folder: Path) -> list[Module]:
    """
    Every module below a folder.
    """
    found = []
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text("utf-8")
        found.append(Module(path, source, ast.parse(source)))
    return found


OURS = modules(PACKAGE)
THEIRS = modules(TESTS)
PLACES = ["setup.py", "Makefile", "tox.ini", "pyproject.toml", "README.md"]


def migration(module: Module) -> bool:
    """
    Whether alembic owns the module's shape: it is tested by being run.
    """
    return "migrations" in module.path.parts


def test_modules_are_short() -> None:
    """
    No module is longer than a reader can keep in mind.
    """
    lengths = {one.name: len(one.source.splitlines()) for one in OURS}

    assert {} == {name: n for name, n in lengths.items() if n > MODULE_LINES}


def test_functions_are_short() -> None:
    """
    No function is longer than a screen.
    """
    long = [
        f"{module.name}:{node.lineno} {node.name}"
        for module in OURS
        for node in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, Function)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]

    assert [] == long


def test_every_module_has_its_test() -> None:
    """
    C{smsgw/x/y.py} has C{tests/x/test_y.py}.
    """
    wanted = [
        TESTS / one.path.relative_to(PACKAGE).with_name(f"test_{one.path.name}")
        for one in OURS
        if one.path.name != "__init__.py" and not migration(one)
    ]

    assert [] == [
        path.relative_to(ROOT).as_posix() for path in wanted if not path.exists()
    ]


def test_modules_and_classes_say_what_they_are() -> None:
    """
    Each module and each class has a docstring, private and test ones too.
    """
    silent = [
        f"{module.name}:{getattr(node, 'lineno', 1)}"
        for module in OURS + THEIRS
        for node in module.nodes(ast.Module, ast.ClassDef)
        if isinstance(node, ast.Module | ast.ClassDef)
        and ast.get_docstring(node) is None
    ]

    assert [] == silent


def test_tests_say_what_holds() -> None:
    """
    Each test has a docstring.
    """
    silent = [
        f"{module.name}:{node.lineno} {node.name}"
        for module in THEIRS
        for node in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, Function)
        and node.name.startswith("test_")
        and ast.get_docstring(node) is None
    ]

    assert [] == silent


def test_broad_excepts_are_few() -> None:
    """
    Only outermost frames catch everything.
    """
    broad = [
        f"{module.name}:{node.lineno}"
        for module in OURS
        for node in module.nodes(ast.ExceptHandler)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or ast.unparse(node.type) in ("Exception", "BaseException")
        )
    ]

    assert BROAD_EXCEPTS >= len(broad), broad


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b",
        r"@pytest\.mark\.(skip|xf" r"ail)|pytest\.(skip|xf" r"ail)\(",
        r"\.(utils|helpers|common|manager)\b import",
        r"/wo" r"rk/|/ro" r"ot/",
    ],
)
def test_nothing_unwanted_is_written(pattern: str) -> None:
    """
    No notes to oneself, no tests left out, no paths of one machine.
    """
    found = [
        f"{module.name}: {match.group()}"
        for module in OURS + THEIRS
        for match in re.finditer(pattern, module.source)
    ]
    found += [
        f"{name}: {match.group()}"
        for name in PLACES
        for match in re.finditer(pattern, (ROOT / name).read_text("utf-8"))
    ]

    assert [] == found


def test_protocols_do_not_know_their_role() -> None:
    """
    One session serves clients, servers and the simulator.
    """
    assert [] == [
        module.name
        for module in modules(PACKAGE / "protocols")
        if re.search(r"is_client|is_server", module.source)
    ]


def test_plugin_folders_are_not_packages() -> None:
    """
    C{twisted.plugins} stays the framework's: neither folder has an __init__.
    """
    plugins = [path.name for path in (ROOT / "twisted").rglob("*.py")]

    assert ["smsgw_plugin.py"] == plugins
