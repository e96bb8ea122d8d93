"""The lock of the instruments: what a released version asks, and in which words, never changes.

    python -m tests.conversations.freeze             notes the structure of new versions
    python -m tests.conversations.freeze --wording   also notes the words of every language not noted yet

A digest that stands in the lock is never replaced: what changed is a new version, in a new file or with a higher
number. Run the second form when a release is made, after a native reader has read the words.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from conversations.instruments import INSTRUMENTS, Instrument
from conversations.instruments.form import Form

LOCK = Path(__file__).parents[2] / "conversations" / "instruments" / "lock.toml"
HEAD = """\
# What released instruments ask (structure) and in which words (wording, by language), as sha256.
# Written by `python -m tests.conversations.freeze`; a line that stands here is never changed.
"""

Frozen: TypeAlias = dict[str, dict[str, str]]
"""By "name.version": "structure" or "wording.<language>" to its digest."""


class ChangedError(Exception):
    """Something frozen is not what it was."""


def read_lock(path: Path = LOCK) -> Frozen:
    """What is frozen; nothing where there is no lock yet."""
    if not path.exists():
        return {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        f"{name}.{version}": {
            "structure": entry["structure"],
            **{f"wording.{language}": digest for language, digest in entry.get("wording", {}).items()},
        }
        for name, versions in data.items()
        for version, entry in versions.items()
    }


def freeze(frozen: Frozen, instruments: Iterable[Instrument | Form], *, wording: bool) -> Frozen:
    """The lock with what is new in these instruments. Raises ChangedError."""
    lock = {name: dict(entry) for name, entry in frozen.items()}
    for instrument in instruments:
        name = f"{instrument.name}.{instrument.version}"
        entry = lock.setdefault(name, {})
        for part, digest in digests_of(instrument).items():
            if part in entry and entry[part] != digest:
                raise ChangedError(f"{part} of {name} is frozen and has changed; give the instrument a higher version")
            if part == "structure" or wording:
                entry[part] = digest
    return lock


def digests_of(instrument: Instrument | Form) -> dict[str, str]:
    """What can be frozen of an instrument, in the lock's terms."""
    words = {f"wording.{language}": digest for language, digest in sorted(instrument.wording.items())}
    return {"structure": instrument.structure, **words}


def write(lock: Frozen) -> str:
    """The lock as TOML."""
    tables = [
        f"[{name}]\n" + "".join(f'{part} = "{digest}"\n' for part, digest in entry.items())
        for name, entry in sorted(lock.items())
    ]
    return "\n".join([HEAD, *tables])


def main(arguments: list[str] | None = None) -> int:
    """Bring the lock up to date; 1 if something frozen has changed."""
    parser = argparse.ArgumentParser(prog="python -m tests.conversations.freeze", description=__doc__)
    parser.add_argument("--wording", action="store_true", help="freeze the words too")
    wording: bool = parser.parse_args(arguments).wording
    try:
        lock = freeze(read_lock(), INSTRUMENTS.values(), wording=wording)
    except ChangedError as error:
        print(error, file=sys.stderr)
        return 1
    LOCK.write_text(write(lock), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
