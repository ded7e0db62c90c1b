"""
Tests for release/bundle.py: what must be in it, and what must not.
"""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bundle() -> ModuleType:
    """
    The script as a module.
    """
    loader = SourceFileLoader("bundle", str(ROOT / "release" / "bundle.py"))
    spec = spec_from_loader("bundle", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_what_the_wheel_must_hold(bundle: ModuleType) -> None:
    """
    Scripts, pages, tables and the console's assets, though git has not these.
    """
    wanted = bundle.wanted_files(ROOT)
    for name in (
        "smsgw/cli/check.py",
        "smsgw/queues/scripts/exchange.lua",
        "smsgw/codes.toml",
        "smsgw/admin/static/vendor/tabler.css",
        "smsgw/admin/static/vendor/htmx.js",
        "smsgw/admin/static/vendor/icons.svg",
        "twisted/plugins/smsgw_plugin.py",
    ):
        assert name in wanted
    assert not any("__pycache__" in name for name in wanted)
    assert ["b"] == bundle.missing(["a", "c"], ["a", "b"])


def test_wheels_of_this_machine_only(bundle: ModuleType) -> None:
    """
    Nothing to compile, nothing for another processor.
    """
    good = ["attrs-25-py3-none-any.whl", "re2-1-cp311-cp311-manylinux_2_28_aarch64.whl"]
    odd = ["x-1.tar.gz", "y-1-cp311-cp311-manylinux2014_x86_64.whl"]
    assert odd == bundle.strangers([*good, *odd], "aarch64")


def test_an_upgrade_leaves_settings_alone(bundle: ModuleType) -> None:
    """
    The installer copies a sample only where nothing is.
    """
    assert '[ -e "$into/etc/${one##*/}" ] || cp' in bundle.INSTALL
    assert "--no-index" in bundle.INSTALL
    assert "sha256sum" in bundle.INSTALL
