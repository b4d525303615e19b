"""What can go wrong while launching, told so that the reader knows what to do next."""

from pathlib import Path


class LaunchError(Exception):
    """A part did not come up: which one, why, what to do, and the end of its log."""

    def __init__(self, part: str, why: str, *, advice: str = "", log: Path | None = None) -> None:
        super().__init__(f"{part}: {why}")
        self.part, self.why, self.advice, self.log = part, why, advice, log

    def last_lines(self, count: int = 20) -> list[str]:
        """The end of the part's log, empty when it wrote none."""
        if self.log is None or not self.log.exists():
            return []
        with self.log.open("rb") as stream:
            stream.seek(max(0, self.log.stat().st_size - 64_000))
            return stream.read().decode(errors="replace").splitlines()[-count:]
