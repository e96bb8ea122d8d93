from __future__ import annotations

import base64
import os
import stat
import tomllib
from pathlib import Path

import pytest

from bot.errors import KeyFileError, OperatorError
from bot.init import Answers, ask, create_key, initialise, read_master_key, write_programme
from bot.programme import Programme
from bot.settings import Environment, list_settings, parse_programme


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "new" / "home"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_for_its_owner_only(home: Path) -> None:
    umask = os.umask(0)
    try:
        report = initialise(Environment(home=home))
    finally:
        os.umask(umask)
    assert report.created == (home / "firstsay.key", home / "firstsay.toml")
    assert (mode_of(home), *map(mode_of, report.created)) == (0o700, 0o600, 0o600)
    assert len(read_master_key(home)) == 32


def test_two_homes_have_two_keys(tmp_path: Path) -> None:
    keys = []
    for name in ("a", "b"):
        initialise(Environment(home=tmp_path / name))
        keys.append(read_master_key(tmp_path / name))
    assert keys[0] != keys[1]


def test_nothing_is_overwritten(home: Path) -> None:
    initialise(Environment(home=home))
    before = [(home / name).read_bytes() for name in ("firstsay.key", "firstsay.toml")]
    report = initialise(Environment(home=home), answers=lambda: pytest.fail("asked for nothing"))
    assert report.created == ()
    assert report.kept == (home / "firstsay.key", home / "firstsay.toml")
    assert [(home / name).read_bytes() for name in ("firstsay.key", "firstsay.toml")] == before
    with pytest.raises(KeyFileError, match="never overwritten"):
        create_key(home)


def test_what_is_missing_is_made(home: Path) -> None:
    initialise(Environment(home=home))
    key = read_master_key(home)
    (home / "firstsay.toml").unlink()
    assert initialise(Environment(home=home)).created == (home / "firstsay.toml",)
    assert read_master_key(home) == key


def test_no_new_key_beside_a_database(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "firstsay.db").touch()
    with pytest.raises(KeyFileError, match="put its key back"):
        initialise(Environment(home=home))
    assert not (home / "firstsay.key").exists()


def test_a_home_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OperatorError, match="FIRSTSAY_HOME"):
            initialise(Environment(home=home))


def test_the_default_file_means_the_defaults() -> None:
    assert parse_programme(write_programme(Answers())) == Programme()


def test_the_file_names_every_setting() -> None:
    text = write_programme(Answers())
    for setting in list_settings(Programme):
        assert setting.name.rpartition(".")[2] in text, setting.name


def test_the_example_of_a_crisis_number_is_no_number() -> None:
    text = write_programme(Answers())
    assert "crisis" not in tomllib.loads(text)
    example = "\n".join(line.removeprefix("#") for line in text.splitlines() if line.startswith("#number"))
    assert not any(character.isdigit() for character in example)


def test_answers_are_quoted() -> None:
    answers = Answers(
        organisation='The "Open" \\ House, အိမ်', languages="my,en ,th", hours="08:00-12:00, 13:00-16:30", currency="THB"
    )
    programme = parse_programme(write_programme(answers))
    assert programme.organisation == 'The "Open" \\ House, အိမ်'
    assert (programme.languages, programme.default_language) == (("my", "en", "th"), "my")
    assert programme.hours.friday == ("08:00-12:00", "13:00-16:30")
    assert programme.hours.saturday == ()


def test_a_wrong_answer_is_asked_again() -> None:
    typed = iter(["", "House", "en", "Rangoon", "Asia/Yangon", "9 to 5", "09:00-17:00", "kyat", "MMK"])
    complaints: list[str] = []
    answers = ask(lambda question, default: next(typed), complaints.append)
    assert answers == Answers("House", "en", "Asia/Yangon", "09:00-17:00", "MMK")
    assert [complaint.partition(":")[0] for complaint in complaints] == [
        "organisation",
        "time_zone",
        "hours.monday",
        "currency",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not base64!",
        base64.b64encode(bytes(31)),
        base64.b64encode(bytes(33)),
        bytes(32),
        b"A" * 100_000,
        "ကခဂ".encode(),
    ],
)
def test_a_file_that_is_no_key(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "firstsay.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="is not a key"):
        read_master_key(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_read(tmp_path: Path, mode: int) -> None:
    create_key(tmp_path).chmod(mode)
    with pytest.raises(KeyFileError, match=r"run: chmod 600 .*firstsay\.key$"):
        read_master_key(tmp_path)


def test_a_key_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="is not there"):
        read_master_key(tmp_path)
    (tmp_path / "firstsay.key").mkdir()
    with pytest.raises(KeyFileError, match="cannot be read"):
        read_master_key(tmp_path)
