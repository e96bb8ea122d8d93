"""``python -m bot.demo.leash run``: the same as ``python -m bot run``, but it ends when whoever started it is gone.

Standard input is the leash: a pipe that its parent never writes to and holds as long as it lives. The system closes
it even when the parent is killed, on every platform, so that no demo's bot outlives its demo.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Final

GRACE_SECONDS: Final = 5.0


def hold(descriptor: int) -> None:
    """Wait until the other end lets go, then ask this process to end, and see to it that it does."""
    try:
        while os.read(descriptor, 1024):
            pass
    except OSError:
        pass  # closed by someone else: the same as let go
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    threading.Thread(target=hold, args=(sys.stdin.fileno(),), name="leash", daemon=True).start()
    from bot.__main__ import main as run_command

    run_command()


if __name__ == "__main__":
    main()
