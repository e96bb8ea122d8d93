"""The README keeps its word: every setting and command is in it, and its two commands are what they say."""

from __future__ import annotations

import re
from pathlib import Path

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


def test_every_command_and_option_is_explained() -> None:
    group = get_command(app)
    for name, command in getattr(group, "commands").items():  # noqa: B009 (typer's group is click's)
        line = next((line for line in README.splitlines() if line.startswith(f"| `firstsay {name}")), "")
        assert line, f"firstsay {name} is not in the README"
        for parameter in command.params:
            for option in (option for option in parameter.opts if option.startswith("--") and option != "--help"):
                assert option in line or parameter.hidden, f"firstsay {name} {option} is not in the README"


def test_the_two_commands_come_first_and_ci_runs_the_second() -> None:
    commands = re.findall(r"```sh\n(.+?)\n```", README)
    assert commands[0].startswith("python3 -m venv") and commands[0].endswith("firstsay demo")
    assert commands[1].startswith("python3 -m venv") and commands[1].endswith("-m pytest")
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target
