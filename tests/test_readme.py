"""The README keeps its word: every setting and command is in it, and its two commands are what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.commands import app
from bot.settings import Setting, list_settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("setting", list_settings(), ids=lambda setting: setting.name)
def test_every_setting_is_explained(setting: Setting) -> None:
    assert f"| `{setting.name}` |" in README
    assert setting.help in README


def commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, those within others too."""
    within = getattr(command, "commands", {})
    if not within:
        yield name, command
    for inner, each in within.items():
        yield from commands(f"{name} {inner}", each)


def test_every_command_and_option_is_explained() -> None:
    for name, command in commands("firstsay", get_command(app)):
        line = next((line for line in README.splitlines() if line.startswith(f"| `{name}")), "")
        assert line, f"{name} is not in the README"
        for parameter in command.params:
            for option in (option for option in parameter.opts if option.startswith("--") and option != "--help"):
                assert option in line or parameter.hidden, f"{name} {option} is not in the README"


def test_the_two_commands_come_first_and_ci_runs_the_second() -> None:
    commands = re.findall(r"```sh\n(.+?)\n```", README)
    assert commands[0].startswith("python3 -m venv") and commands[0].endswith("firstsay demo")
    assert commands[1].startswith("python3 -m venv") and commands[1].endswith("-m pytest")
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target
