"""A process to keep running: its command and surroundings, as data for the supervisor or for a test."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Program:
    """One long-running process. `stage` orders the start; the stop goes the other way round."""

    name: str
    argv: list[str]
    log: Path
    environ: dict[str, str] = field(default_factory=dict)
    stage: int = 0
    stop_wait: int = 30


SERVERS_STAGE, WORKERS_STAGE, APIS_STAGE, EDGE_STAGE = 10, 20, 30, 40
