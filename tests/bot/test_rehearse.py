"""An instrument in the terminal: the client's own script and screens, keys for buttons, and nothing kept."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.instrument import play_file
from conversations.acts import FinishAsking
from conversations.instruments import INSTRUMENTS
from conversations.looks import LookStart
from conversations.questions import act, choose, look, record, say
from conversations.rehearsal import rehearse
from conversations.script import Ask, Ending, Option, Reply, Script, Status, Then
from conversations.text import Verbatim
from tests.bot.test_commands import leave
from tests.bot.test_forms import EXAMPLE, ROOT

DAY = """
[[questions]]
code = "helpers"
kind = "several"
most = 2
text = {en = "Who helped?", my = "ဘယ်သူ ကူညီလဲ။"}
options = [
    {code = "a", label = {en = "Family", my = "မိသားစု"}},
    {code = "b", label = {en = "Friends", my = "သူငယ်ချင်း"}},
    {code = "c", label = {en = "Others", my = "တခြား"}},
]

[[questions]]
code = "when"
kind = "day"
text = {en = "On which day?", my = "ဘယ်နေ့လဲ။"}

[[questions]]
code = "bye"
kind = "note"
text = {en = "That was all.", my = "ဒါပါပဲ။"}
"""

Play: TypeAlias = Callable[..., list[str]]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """The example of the README, with one question of each other kind."""
    path = tmp_path / "visit.toml"
    path.write_text(EXAMPLE + DAY, "utf-8")
    return path


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Play:
    """Play something with these lines typed; what was on the terminal, screen by screen."""
    monkeypatch.setenv("FIRSTSAY_HOME", str(tmp_path / "none"))

    def played(what: object, *lines: str | bytes, language: str | None = "en") -> list[str]:
        typed = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        assert play_file(str(what), language) == 0
        assert not (tmp_path / "none").exists()
        return capsys.readouterr().out.split("> ")

    return played


def test_a_form_from_its_first_screen_to_its_last(play: Play, form: Path) -> None:
    first, *screens, last = play(form, "1", "2", "Ask me first.", "1 3", "d", "24/12/2026", "1", "1")
    assert "After a visit" in first
    assert "  1 Start\n" in first
    assert [screen.strip().splitlines()[0] for screen in screens] == [
        "Did people treat you with respect?",
        "What should be different next time?",
        "Who helped?",
        "Who helped?",
        "On which day?",
        "Thursday 24 December, 2026. Is that right?",
        "That was all.",
    ]
    assert "  1 Yes\n  2 No\n  b ‹ Back   s Skip   x Stop for now\n" in screens[0]
    assert "  1 ☐ Family\n  2 ☐ Friends\n  3 ☐ Others\n  d Done\n" in screens[2]
    assert "  1 ☑ Family\n  2 ☐ Friends\n  3 ☑ Others\n  d Done\n" in screens[3]
    assert "you lose nothing" in last
    assert last.endswith("\n—\n")


def test_what_depends_on_an_answer_is_asked_only_after_it(play: Play, form: Path) -> None:
    assert not any("different next time" in screen for screen in play(form, "1", "1"))
    assert not any("different next time" in screen for screen in play(form, "1", "s"))
    assert any("different next time" in screen for screen in play(form, "1", "2"))


def test_back_opens_the_question_before(play: Play, form: Path) -> None:
    screens = play(form, "1", "2", "b", "1", "b", "b")
    heads = [screen.strip().splitlines()[0][:12] for screen in screens[1:7]]
    assert heads == ["Did people t", "What should ", "Did people t", "Who helped?", "Did people t", "After a visi"]


def test_stop_and_the_end_of_the_input_both_end_it(play: Play, form: Path) -> None:
    assert len(play(form, "1", "x", "1", "1")) == 3
    assert len(play(form, "1")) == 3
    assert len(play(form)) == 2


def test_what_is_not_understood_is_said_as_in_the_chat(play: Play, form: Path) -> None:
    screens = play(form, "1", "nine", "1", "1,2,3", "d", "32/1/2026", b"\xff\xfe")
    assert screens[2].startswith("\nPlease tap one of the buttons.")
    assert "That is as many as fit here." in screens[4]
    assert "☑ Family" in screens[4]
    assert screens[6].startswith("\nI could not read that as a date.")
    assert screens[7].startswith("\nI could not read that as a date.")


def test_one_plays_in_burmese_through_a_pipe(form: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "instrument", "play", str(form), "--language", "my"],
        input="၁\n၂\nမပြောတတ်ဘူး\nd\ns\n၁\n".encode(),
        env={"PYTHONPATH": str(ROOT), "FIRSTSAY_HOME": str(tmp_path / "none"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    out = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    for text in ("လာလည်ပြီးနောက်", "ဟုတ်တယ်", "နောက်တစ်ခါ ဘာပြောင်းစေချင်ပါသလဲ။", "☐ မိသားစု", "ဘယ်နေ့လဲ။", "ဒါပါပဲ။"):
        assert text in out
    for text in ("After a visit", "Yes", "Skip", "Done", "Next time"):
        assert text not in out
    assert "\x1b" not in out, "nothing is bold in a pipe"
    assert out.rstrip().endswith("—")


@pytest.mark.parametrize("name", INSTRUMENTS)
@pytest.mark.parametrize("language", ["en", "my"])
@pytest.mark.parametrize("keys", [["1", "d"], ["s", "d", "1"], ["b", "2", "d", "some words", "1"]])
def test_what_is_built_in_plays_to_its_end_whatever_is_pressed(
    play: Play, name: str, language: str, keys: list[str]
) -> None:
    screens = play(name, *(keys * 200), language=language)
    assert screens[-1].endswith("—\n")
    assert 2 < len(screens) < 200 * len(keys), "it came to its end before the input did"


def test_without_a_language_it_is_the_first_of_the_programme_that_the_form_has(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "burmese.toml"
    path.write_text("\n".join(line for line in EXAMPLE.splitlines() if ".en =" not in line), "utf-8")
    assert "လာလည်ပြီးနောက်" in play(path, language=None)[0]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["chekin"], "chekin: is neither a file nor one of needs, checkin, followup, transfer; did you mean checkin?"),
        (["needs", "--language", "th"], "--language: th is not spoken yet; choose from en, my"),
        (["{english}", "--language", "my"], "--language: {english} has no my; choose from en"),
        (["{broken}"], "{broken}:2: version: is not a whole number from 1 on; write it like version = 1 (1 more: "),
    ],
)
def test_a_mistake_is_one_line_and_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    line: str,
) -> None:
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    monkeypatch.setenv("FIRSTSAY_HOME", str(tmp_path / "none"))
    names = {name: tmp_path / f"{name}.toml" for name in ("english", "broken")}
    names["english"].write_text("\n".join(each for each in EXAMPLE.splitlines() if ".my =" not in each), "utf-8")
    names["broken"].write_text(EXAMPLE.replace("version = 1", "version = 0\nx = 1"), "utf-8")
    assert leave(monkeypatch, "instrument", "play", *(each.format(**names) for each in arguments)) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"firstsay: {line.format(**names)}")
    assert said.count("\n") == 1


def test_a_rehearsal_asks_and_says_what_the_script_does_and_does_nothing() -> None:
    seen: list[object] = []

    def script() -> Script[Ending]:
        seen.append((yield from look("start", LookStart("needs", 6))))
        seen.append((yield from record("one", FinishAsking(1))))
        yield from say(Verbatim("said"))
        reply = yield from choose("q", Verbatim("?"), [Option("a", Verbatim("A"))])
        seen.append(reply.value)
        seen.append((yield from act("two", FinishAsking(1))))
        return Then("menu")

    asked: list[object] = []

    def answer(query: object) -> int:
        asked.append(query)
        return 7

    steps = rehearse(script(), answer)
    kinds = [type(next(steps)), type(question := steps.send(None))]
    with pytest.raises(StopIteration) as end:
        steps.send(Reply(Status.ANSWERED, "a"))
    assert [kind.__name__ for kind in kinds] == ["Say", "Ask"]
    assert isinstance(question, Ask)
    assert seen == [7, None, "a", None]
    assert asked == [LookStart("needs", 6)]
    assert end.value.value == Then("menu")
