"""``python -m bot.demo.leash run``: the same as ``python -m bot run``, but its clock is the demo's, and it ends when
whoever started it is gone.

Standard input is the leash: a pipe whose parent writes a line to it for every move of the demo's clock (by how many
seconds it is ahead of the machine's), the first one before anything begins, and holds it as long as it lives. The
system closes it even when the parent is killed, on every platform, so that no demo's bot outlives its demo.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import timedelta
from io import FileIO
from typing import Final

from bot.clock import go_ahead

GRACE_SECONDS: Final = 5.0


def follow(line: bytes) -> None:
    """Go by such a line from now on; without one (the other end has let go) nothing is to begin."""
    if not line:
        sys.exit(1)
    go_ahead(timedelta(seconds=int(line)))


def hold(leash: FileIO) -> None:
    """Follow each line until the other end lets go, then ask this process to end, and see to it that it does."""
    try:
        while line := leash.readline():
            follow(line)
    except OSError:
        pass  # closed by someone else: the same as let go
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    leash = FileIO(sys.stdin.fileno(), closefd=False)
    follow(leash.readline())
    threading.Thread(target=hold, args=(leash,), name="leash", daemon=True).start()
    from bot.__main__ import main as run_command

    run_command()


if __name__ == "__main__":
    main()
