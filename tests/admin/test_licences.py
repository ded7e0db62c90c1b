"""
What the product is made of, as the About page says.
"""

import json
from pathlib import Path

from smsgw.admin.licences import ASSETS, libraries, our_version

ROOT = Path(__file__).parents[2]


def test_assets_are_those_that_are_built() -> None:
    """
    Each package of the build, in its version.
    """
    built = json.loads((ROOT / "web" / "package.json").read_text("utf-8"))
    shown = {one.version for one in ASSETS}
    assert {*built["dependencies"].values()} <= shown
    assert all(one.licence and one.whose for one in ASSETS)


def test_libraries() -> None:
    """
    Those that the product needs, with a licence each, and none that only tests do.
    """
    known = {one.name.lower(): one for one in libraries()}
    assert {"twisted", "klein", "sqlalchemy"} <= known.keys()
    assert "pytest" not in known
    assert "MIT" in known["klein"].licence
    assert our_version()
