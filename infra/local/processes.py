"""Whether a process lives; a zombie does not, it only waits for its parent to look."""

import os
from pathlib import Path

PROC = Path("/proc")


def is_alive(pid: int) -> bool:
    """Whether process `pid` still runs."""
    if PROC.joinpath("self").exists():
        return _state(pid) not in {"", "Z", "X"}
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _state(pid: int) -> str:
    """The one-letter state the kernel gives it, empty when it is gone."""
    try:
        return PROC.joinpath(str(pid), "stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
