"""Processes that must not outlive the night that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Where a night tells the processes below it its own number.
NIGHT_PID = "PADAN_NIGHT_PID"
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int = 0) -> None:
    """Have the kernel kill this process when its parent dies, also by SIGKILL (Linux; elsewhere it sees its input close).

    `parent`: its number where the caller knows it, since it may have died before this was asked.
    Otherwise a dbt whose night was killed goes on writing, and holds the warehouse against the next night.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def ended_after(seconds: float, last_words: Callable[[], None]) -> Iterator[None]:
    """End this process, and with it those that it started, when the block takes longer; `last_words` are said before.

    A step that hangs in a library cannot be asked to stop. What a kill leaves is what the next night is made to take up.
    """

    def end() -> None:
        try:
            last_words()
        finally:
            os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
