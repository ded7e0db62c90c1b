"""
Tests for L{smsgw.config}.
"""

import re
from pathlib import Path

import pytest

from smsgw.config import ConfigError, Database, Settings, load, read_secret

SAMPLE = Path(__file__).parent.parent / "etc" / "smsgw.toml"


def write(folder: Path, text: str) -> Path:
    """
    A configuration file with this text.
    """
    file = folder / "smsgw.toml"
    file.write_text(text, "utf-8")
    return file


def mistakes(folder: Path, text: str) -> list[str]:
    """
    What is wrong with this text.
    """
    with pytest.raises(ConfigError) as caught:
        load(write(folder, text))
    return caught.value.mistakes


def test_defaults(tmp_path: Path) -> None:
    """
    A file that only says where data goes is enough.
    """
    settings = load(write(tmp_path, 'data_dir = "var"'))

    assert tmp_path / "var" == settings.data_dir
    assert "embedded" == settings.queue.kind
    assert "strict" == settings.queue.durability
    assert 8 * 1024 * 1024 == settings.limits.body_bytes
    assert f"sqlite:///{tmp_path}/var/record.sqlite" == settings.database_url


def test_absolute_paths_stay(tmp_path: Path) -> None:
    """
    An absolute path is taken as it is.
    """
    settings = load(write(tmp_path, 'data_dir = "/var/lib/smsgw"'))

    assert Path("/var/lib/smsgw") == settings.data_dir


def test_sample_loads() -> None:
    """
    The sample is a valid file, and so it is with each commented line switched on.
    """
    assert 1 == load(SAMPLE).shards


def test_sample_shows_the_defaults(tmp_path: Path) -> None:
    """
    What the sample shows as commented default is the default.
    """
    text = SAMPLE.read_text("utf-8")
    shown = re.sub(
        r"^#(?=\w+ = )(?!url|nodes|password_file|key_file|dir|logo)",
        "",
        text,
        flags=re.M,
    )

    assert text != shown
    assert load(write(tmp_path, text)) == load(write(tmp_path, shown))


@pytest.mark.parametrize(
    ("kind", "hidden"), [("redis", "#nodes"), ("cluster", '#url = "redis')]
)
def test_sample_examples_load(tmp_path: Path, kind: str, hidden: str) -> None:
    """
    The sample's examples are keys that exist.
    """
    text = SAMPLE.read_text("utf-8").replace('#kind = "embedded"', f'kind = "{kind}"')
    text = text.replace(hidden, f"#-{hidden}")
    shown = re.sub(r"^# ?(?=\w+ = |\[\[)", "", text, flags=re.M)
    settings = load(write(tmp_path, shown))

    assert "postgresql://smsgw@127.0.0.1/smsgw" == settings.database.url
    assert ["cmpp"] == [server.protocol for server in settings.servers]


def test_all_mistakes_are_reported_together(tmp_path: Path) -> None:
    """
    Every mistake is named in one go, each with its path.
    """
    found = mistakes(
        tmp_path,
        """
        nod = "x"
        shards = "two"
        [queue]
        kind = "redis"
        [database]
        urll = "x"
        password_file = 3
        [http]
        listen = ["8080", "tcp:1", 4]
        [admin]
        listen = "tcp:1"
        [log]
        level = "loud"
        dir = ""
        [limits]
        body_bytes = 0
        [protection]
        phone = "on"
        """,
    )

    assert sorted(found) == sorted(
        [
            "required key is missing @ $.data_dir",
            "expected a whole number above 0, got 'two' @ $.shards",
            "url goes with kind = 'redis', and only with it @ $.queue",
            "expected text, got 3 @ $.database.password_file",
            "unknown key 'urll' (did you mean 'url'?) @ $.database",
            "expected an endpoint such as 'tcp:8080', got '8080' @ $.http.listen[0]",
            "expected text, got 4 @ $.http.listen[2]",
            "expected a list, got 'tcp:1' @ $.admin.listen",
            "expected text, got '' @ $.log.dir",
            "expected one of 'debug', 'info', 'warn', 'error', got 'loud'"
            " @ $.log.level",
            "expected a whole number above 0, got 0 @ $.limits.body_bytes",
            "key_file is needed unless every policy is 'off' @ $.protection",
            "unknown key 'nod' (did you mean 'node'?) @ $",
        ]
    )


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("queue = 3", "expected a table @ $.queue"),
        ("node = 3", "expected str, got 3 @ $.node"),
        ("shards = true", "expected a whole number above 0, got True @ $.shards"),
        (
            '[queue]\nkind = "memory"',
            "kind = 'memory' needs durability = 'relaxed' @ $.queue",
        ),
    ],
)
def test_wrong_kinds(tmp_path: Path, text: str, mistake: str) -> None:
    """
    A value of another kind is not bent into shape.
    """
    assert [mistake] == mistakes(tmp_path, 'data_dir = "var"\n' + text)


def test_broken_toml(tmp_path: Path) -> None:
    """
    A file that is not TOML is one mistake that says where.
    """
    (mistake,) = mistakes(tmp_path, "data_dir = oops\n")

    assert mistake.startswith("not TOML in UTF-8: ")
    assert "line 1" in mistake


def test_missing_file(tmp_path: Path) -> None:
    """
    A file that is not there is a configuration mistake, not a crash.
    """
    with pytest.raises(ConfigError, match="not readable: No such file"):
        load(tmp_path / "none.toml")


def test_read_secret(tmp_path: Path) -> None:
    """
    A secret is the content of its file without the line end.
    """
    (tmp_path / "good").write_text("s3cret\n")
    (tmp_path / "empty").write_text("\n")

    assert "s3cret" == read_secret(tmp_path / "good")
    with pytest.raises(ConfigError, match="secret is empty"):
        read_secret(tmp_path / "empty")
    with pytest.raises(ConfigError, match="secret not readable"):
        read_secret(tmp_path / "none")


def test_when_channels_are_switched(tmp_path: Path) -> None:
    """
    Each limit has its bounds.
    """
    settings = load(write(tmp_path, 'data_dir = "var"\n[health]\nslow = 5'))
    assert (5.0, 0.5) == (settings.health.slow, settings.health.refused)
    (told,) = mistakes(tmp_path, 'data_dir = "var"\n[health]\nhold = 0.0')
    assert "hold is above 0" in told


def test_the_databases_password(tmp_path: Path) -> None:
    """
    Comes from its file into the URL, whatever is in it; not into one that has one.
    """
    (tmp_path / "secret").write_text("a/b@c\n", "utf-8")
    for url, wanted in (
        ("postgresql://me@db/smsgw", "postgresql://me:a%2Fb%40c@db/smsgw"),
        ("postgresql://me:x@db/smsgw", "postgresql://me:x@db/smsgw"),
        ("postgresql:///smsgw", "postgresql:///smsgw"),
    ):
        database = Database(url, password_file=tmp_path / "secret")
        assert wanted == Settings(tmp_path, database=database).database_url


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        ("messages_days = 90", "at least 184 days"),
        ("totals_days = 183", "at least 184 days"),
        ("messages_days = 400\ntotals_days = 200", "not shorter"),
    ],
)
def test_records_are_kept_as_long_as_the_law_says(
    tmp_path: Path, words: str, mistake: str
) -> None:
    """
    For ever, or half a year at least; totals as long as their messages.
    """
    file = tmp_path / "smsgw.toml"
    file.write_text(f'data_dir = "d"\n[retention]\n{words}\n', "utf-8")
    with pytest.raises(ConfigError, match=mistake):
        load(file)
    file.write_text(
        'data_dir = "d"\n[retention]\nmessages_days = 184\ntotals_days = 0\n', "utf-8"
    )
    assert 184 == load(file).retention.messages_days


def test_bounds_name_settings_that_are_there() -> None:
    """
    What docs/capacity.md says to set can be set, and the sample shows it.
    """
    page = (SAMPLE.parent.parent / "docs" / "capacity.md").read_text("utf-8")
    sample = SAMPLE.read_text("utf-8")
    rows = re.findall(r"`\[(\w+)\] (\w+)`((?:, `\w+`)*)", page)
    assert 8 <= len(rows)
    for section, first, others in rows:
        table = getattr(load(SAMPLE), section)
        for name in (first, *re.findall(r"\w+", others)):
            assert hasattr(table, name), f"[{section}] {name}"
            assert f"#{name} = " in sample, name


def test_replicas_need_a_server_of_ones_own(tmp_path: Path) -> None:
    """
    The embedded one has none to wait for.
    """
    found = mistakes(tmp_path, "[queue]\nreplicas = 1\n")
    words = [one.partition(" @ ")[0] for one in found]
    assert "replicas are those of a server or cluster of your own" in words
