"""What may go wrong outside the code: an operator's mistake, told in one line."""

from __future__ import annotations

from typing import ClassVar


class OperatorError(Exception):
    """Something that the operator of this machine can mend.

    Its text is one line in plain words: what is wrong, then how to mend it. The command line prints it as
    `firstsay: …` and leaves with `exit_code`; nobody needs a traceback for a slip of the finger. Never put a
    token, a key, a chat id or a client's word into the text.
    """

    exit_code: ClassVar[int] = 2


class SettingError(OperatorError):
    """A setting that is missing, or that does not mean anything we know."""


class KeyFileError(OperatorError):
    """The key file is missing, is not a key, or is open to others."""
