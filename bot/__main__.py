"""`firstsay` and `python -m bot`: run a command, and say in one line why it could not."""

from __future__ import annotations

import sys

from bot.errors import OperatorError

BUG = 70
"""Exit code for a fault of ours (EX_SOFTWARE of sysexits.h), so that a supervisor can tell it from a setting."""


def main() -> None:
    """Run the command line and leave with its exit code: 2 for what an operator can mend."""
    from bot.commands import app

    try:
        app()
    except OperatorError as error:
        _leave(str(error), error.exit_code)
    except Exception as error:
        # Python would print the exception's text, which may be a client's word.
        from bot.logs import describe_exception

        _leave(f"a bug stopped it: {describe_exception(error)}", BUG)


def _leave(line: str, code: int) -> None:
    sys.stderr.write(f"firstsay: {' '.join(line.split())}\n")
    raise SystemExit(code)


if __name__ == "__main__":
    main()
