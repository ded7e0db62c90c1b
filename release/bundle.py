"""
C{python release/bundle.py}: everything a server without internet needs, in one
archive per processor: our wheel, the wheels it depends on, an installer, checksums.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "bundle"
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
"$into/.venv/bin/python" -m pip install --quiet --no-index \\
  --find-links "$here/wheels" smsgw
cp -r "$here/etc" "$into/"
"$into/.venv/bin/twistd" --help >/dev/null 2>&1 || true
echo "已安装 installed: $into/.venv/bin/smsgw"
echo "配置样例 samples: $into/etc   服务 unit: $into/etc/smsgw.service"
"""
README = """# smsgw 离线安装包 offline installation

1. 校验并安装 check and install: `sh install.sh /opt/smsgw`
2. 改配置 edit: `/opt/smsgw/etc/smsgw.toml`，检查 check: `smsgw check`
3. 服务 service: `etc/smsgw.service` → `/etc/systemd/system/`，
   `systemctl enable --now smsgw`

只需要 Python 3.11，不需要编译器和互联网。Needs Python 3.11, no compiler, no internet.
"""


def main() -> int:
    """
    The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", choices=MACHINES, action="append")
    wanted = parser.parse_args().machine or list(MACHINES)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([sys.executable, ROOT / "web" / "build.py"], check=True)
    build = [*pip, "wheel", "--no-deps", "--wheel-dir", OUT, ROOT]
    subprocess.run(build, check=True)
    ours = next(OUT.glob("smsgw-*.whl"))
    for machine in wanted:
        _bundle(pip, machine, ours)
    ours.unlink()
    return 0


def _bundle(pip: list[str], machine: str, ours: Path) -> None:
    folder = OUT / f"{ours.name.split('-py3')[0]}-{machine}"
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    shutil.copy(ours, wheels)
    platforms = [f"--platform={tag}_{machine}" for tag in (*TAGS, "manylinux2014")]
    fetch = [*pip, "download", "--only-binary=:all:", "--dest", wheels, *platforms]
    fetch += ["--python-version", PYTHON, "--implementation", "cp", ours]
    subprocess.run(fetch, check=True)
    shutil.copytree(ROOT / "etc", folder / "etc")
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


if __name__ == "__main__":
    sys.exit(main())
