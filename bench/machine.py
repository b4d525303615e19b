"""The machine measured on: what it is, and how busy it is right now."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("flask", "gunicorn", "pymongo", "kafka-python", "orjson")
_IDLE = 0.75


def describe() -> str:
    """Processor, cores, memory, interpreter and the versions that matter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = " ".join(f"{name} {version(name)}" for name in PACKAGES)
    head = f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"
    return f"{head}\n{platform.python_implementation()} {platform.python_version()}, {packages}"


def wait_until_quiet(*, at_most: float, sample: float = 0.25) -> bool:
    """Wait until what was set going has been worked off: most of the processor idle, twice in a row."""
    until, quiet = time.monotonic() + at_most, 0
    while time.monotonic() < until:
        quiet = quiet + 1 if idle_share(sample) >= _IDLE else 0
        if quiet == 2:
            return True
    return False


def idle_share(sample: float) -> float:
    """The share of all cores that was idle over the next `sample` seconds."""
    idle, total = _ticks()
    time.sleep(sample)
    idle_after, total_after = _ticks()
    return (idle_after - idle) / max(1, total_after - total)


def _ticks() -> tuple[int, int]:
    stat = Path("/proc/stat")
    if not stat.exists():  # not Linux: nothing to read, so nothing to wait for
        return int(time.monotonic() * 1000), int(time.monotonic() * 1000)
    numbers = [int(number) for number in stat.read_text().split("\n", 1)[0].split()[1:9]]
    return numbers[3] + numbers[4], sum(numbers)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"
