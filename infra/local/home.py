"""Where a local stack keeps what it makes: data, logs, run state and keys, all under one ignored folder."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT = PROJECT / ".pelagic"


@dataclass(frozen=True, slots=True)
class Home:
    """One stack's folder. Two homes are two stacks that know nothing of each other."""

    root: Path

    @classmethod
    def at(cls, path: str | Path | None = None) -> "Home":
        """The home at `path`, else where PELAGIC_HOME points, else `.pelagic` of the project."""
        return cls(Path(path or os.environ.get("PELAGIC_HOME") or DEFAULT).resolve())

    @property
    def cache(self) -> Path:
        """What can be fetched again (Kafka's jars); shared by all homes of this clone."""
        return DEFAULT / "cache"

    @property
    def data(self) -> Path:
        """What must survive a stop."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Configuration and sockets of the running stack; worthless once it is down."""
        return self.root / "run"

    @property
    def keys(self) -> Path:
        """Secrets made for this stack alone."""
        return self.root / "keys"

    @property
    def socket(self) -> Path:
        """The supervisor's socket; outside the home when the path is too long for a Unix socket."""
        inside = self.run / "supervisor.sock"
        if len(os.fsencode(inside)) < 100:
            return inside
        return Path(f"/tmp/pelagic-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]}.sock")

    def prepare(self) -> "Home":
        """Make the folders."""
        for folder in (self.cache, self.data, self.logs, self.run, self.keys):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys.chmod(0o700)
        return self

    def log(self, name: str) -> Path:
        """The log file of process `name`."""
        return self.logs / f"{name}.log"
