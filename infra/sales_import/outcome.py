"""What became of every row: counted, and where one was refused, written down with its reason."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

from infra.sales_import.rules import RowFault
from infra.sales_import.sources import Row

HEADER = ("file", "row", "external_id", "pointer", "code", "message")


@dataclass
class Count:
    """How many records of one kind."""

    created: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass
class Summary:
    """The result of an import; `rejects` are lines of the rejects file."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    rejects: list[tuple[str, int, str, str, str, str]] = field(default_factory=list)
    seconds: float = 0.0
    deals_per_second: float = 0.0

    @property
    def created(self) -> int:
        """Records that are new."""
        return sum(count.created for count in self.counts.values())

    @property
    def rejected(self) -> int:
        """Records that were refused."""
        return sum(count.rejected for count in self.counts.values())

    def answered(self, kind: str, row: Row, external_id: str, result: Mapping[str, Any]) -> None:
        """Count what the API said about an item."""
        count, status = self.counts[kind], result["status"]
        setattr(count, status, getattr(count, status) + 1)
        for fault in result.get("errors") or ():
            where = (fault["pointer"], fault["code"], fault["message"])
            self.rejects.append((row.file, row.line, external_id, *where))

    def refused(self, kind: str, row: Row, external_id: str, fault: RowFault) -> None:
        """Count a row that never became an item."""
        self.counts[kind].rejected += 1
        self.rejects.append((row.file, row.line, external_id, fault.pointer, fault.code, fault.message))

    def table(self) -> Table:
        """The counts, one kind a line."""
        table = Table("records", "created", "unchanged", "rejected", box=None, pad_edge=False, header_style="dim")
        for kind, count in self.counts.items():
            table.add_row(kind, f"{count.created:,}", f"{count.unchanged:,}", f"{count.rejected:,}")
        return table


def write_rejects(path: Path, rejects: Iterable[tuple[Any, ...]]) -> None:
    """Write the rejects file, or take away an old one when nothing was rejected."""
    lines = sorted(rejects)
    if not lines:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(lines)
