"""The reporting worker: takes events in and keeps the tables current."""

from __future__ import annotations

from services.reporting import consumers
from services.reporting.store import ReportingStore
from shared.worker import run

if __name__ == "__main__":
    run(ReportingStore, consumers=consumers)
