"""
C{python release/bundle.py}: everything a server without internet needs, in one
archive per processor: our wheel, the wheels it depends on, an installer, samples,
documents, checksums. What is missing in the wheel, or is for another machine, ends it.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "bundle"
ASSETS = [
    f"smsgw/admin/static/vendor/{name}"
    for name in ("tabler.css", "htmx.js", "echarts.js", "icons.svg")
]
MACHINES = ("x86_64", "aarch64")
TAGS = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_24", "manylinux_2_17")
PYTHON = "311"
INSTALL = """#!/bin/sh
# 离线安装：sh install.sh [目录]，默认 /opt/smsgw；只需要 Python 3.11。
# Installs without internet: sh install.sh [FOLDER], /opt/smsgw by default.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=${1:-/opt/smsgw}
(cd "$here" && sha256sum --quiet --check SHA256SUMS)
python3.11 -m venv "$into/.venv"
pip() { "$into/.venv/bin/python" -m pip --disable-pip-version-check "$@"; }
pip install --quiet --no-index --upgrade --find-links "$here/wheels" smsgw
pip install --quiet --no-index --no-deps --force-reinstall "$here"/wheels/smsgw-*.whl
# 已有的配置不动 settings that are there stay; samples of this release beside them.
mkdir -p "$into/etc"
rm -rf "$into/etc/samples" "$into/docs"
cp -r "$here/etc" "$into/etc/samples"
cp -r "$here/docs" "$into/docs"
for one in "$here"/etc/*; do
  [ -e "$into/etc/${one##*/}" ] || cp "$one" "$into/etc/"
done
"$into/.venv/bin/twistd" --help >/dev/null 2>&1 || true
echo "已安装 installed: $into/.venv/bin/smsgw"
echo "配置样例 samples: $into/etc   服务 unit: $into/etc/smsgw.service"
"""
README = """# smsgw 离线安装包 offline installation

1. 校验并安装 check and install: `sh install.sh /opt/smsgw`
2. 改配置 edit: `/opt/smsgw/etc/smsgw.toml`，检查 check:
   `/opt/smsgw/.venv/bin/smsgw check -c /opt/smsgw/etc/smsgw.toml`
3. 服务 service: `etc/smsgw.service` → `/etc/systemd/system/`，
   `systemctl enable --now smsgw`

升级 upgrade: 同样 the same; `etc/` 里已有的文件不动 files in `etc/` stay
(`etc/samples/` is new); 说明书 documents: `docs/`.

只需要 Python 3.11，不需要编译器和互联网。Needs Python 3.11, no compiler, no internet.
"""


def main() -> int:
    """
    The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", choices=MACHINES, action="append")
    wanted = parser.parse_args().machine or list(MACHINES)
    for stale in (OUT, ROOT / "build" / "lib"):
        shutil.rmtree(stale, ignore_errors=True)
    OUT.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([sys.executable, ROOT / "web" / "build.py"], check=True)
    build = [*pip, "wheel", "--no-deps", "--wheel-dir", OUT, ROOT]
    subprocess.run(build, check=True)
    ours = next(OUT.glob("smsgw-*.whl"))
    with zipfile.ZipFile(ours) as wheel:
        lacking = missing(wheel.namelist(), wanted_files(ROOT))
    if lacking:
        raise SystemExit(f"not in {ours.name}: {', '.join(lacking)}")
    for machine in wanted:
        _bundle(pip, machine, ours)
    ours.unlink()
    return 0


def wanted_files(root: Path) -> list[str]:
    """
    What the wheel must hold: the package's files, the console's assets, the plugin.
    """
    left_out = ("__pycache__", ".pyc", "made-from", ".cache")
    found = [
        one.relative_to(root).as_posix()
        for one in (root / "smsgw").rglob("*")
        if one.is_file() and not any(mark in str(one) for mark in left_out)
    ]
    return sorted({*found, *ASSETS, "twisted/plugins/smsgw_plugin.py"})


def missing(held: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """
    What is wanted and not held.
    """
    return sorted(set(wanted) - set(held))


def strangers(wheels: Iterable[str], machine: str) -> list[str]:
    """
    What is no wheel, or one that does not run on this kind of machine.
    """
    return [
        name
        for name in wheels
        if not name.endswith(("-none-any.whl", f"_{machine}.whl"))
    ]


def _bundle(pip: list[str], machine: str, ours: Path) -> None:
    folder = OUT / f"{ours.name.split('-py3')[0]}-{machine}"
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    shutil.copy(ours, wheels)
    platforms = [f"--platform={tag}_{machine}" for tag in (*TAGS, "manylinux2014")]
    fetch = [*pip, "download", "--only-binary=:all:", "--dest", wheels, *platforms]
    fetch += ["--python-version", PYTHON, "--implementation", "cp", ours]
    subprocess.run(fetch, check=True)
    odd = strangers((one.name for one in wheels.iterdir()), machine)
    if odd:
        raise SystemExit(f"not for {machine}: {', '.join(odd)}")
    shutil.copytree(ROOT / "etc", folder / "etc")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=_not_documents)
    (folder / "install.sh").write_text(INSTALL, "utf-8")
    (folder / "README.md").write_text(README, "utf-8")
    names = sorted(one for one in folder.rglob("*") if one.is_file())
    sums = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(folder)}\n"
        for one in names
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")
    archive = folder.with_suffix(f"{folder.suffix}.tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, folder.name)
    size = archive.stat().st_size / 2**20
    print(f"{archive.relative_to(ROOT)}  {size:.0f} MiB  {len(names)} files")
    shutil.rmtree(folder)


def _not_documents(_folder: str, names: list[str]) -> set[str]:
    """
    Notes for who makes the product are not for who runs it.
    """
    return {name for name in names if name in ("changes", "decisions", "certificates")}


if __name__ == "__main__":
    sys.exit(main())
