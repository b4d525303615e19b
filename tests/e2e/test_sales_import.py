"""The public sample, all 8,800 deals through the API: its control figures from the reports, and a second run that changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.stack import Stack
from infra.sales_import import Summary, run
from tests.e2e.test_the_slice import PASSWORD, signed_up
from tests.support.eventually import eventually

pytestmark = pytest.mark.e2e

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "crm-sales-opportunities"
REGIONS = {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}
COUNTS = {"won": 4_238, "lost": 2_473, "engaging": 1_589, "prospecting": 500}


def dollars(amounts: list[dict[str, object]]) -> float:
    assert [amount["currency"] for amount in amounts] == ["USD"]
    return amounts[0]["amount_minor"] / 100


def test_the_sample_reports_its_control_figures(stack: Stack, tmp_path: Path) -> None:
    slug, admin = signed_up(stack, "sample")
    email = f"ada@{slug}.example"

    first = imported(stack, slug, email, tmp_path)

    assert first.rejects == []
    print(f"\nimported in {first.seconds:.1f} s")
    outcomes = eventually(
        lambda: counted(admin.api.get("/v1/reports/outcomes")), lambda found: found == COUNTS, seconds=60
    )
    assert outcomes == COUNTS
    regions = admin.api.get("/v1/reports/won", by="unit", level="region")
    assert {row["label"]: dollars(row["amounts"]) for row in regions["rows"]} == REGIONS
    assert dollars(regions["amounts"]) == sum(REGIONS.values()) == 10_005_534

    second = imported(stack, slug, email, tmp_path)

    assert second.rejects == []
    assert second.created == 0
    assert counted(admin.api.get("/v1/reports/outcomes")) == COUNTS


def imported(stack: Stack, slug: str, email: str, folder: Path) -> Summary:
    return run(stack.address, slug, email, PASSWORD, SAMPLE, folder / "rejects.csv", progress=False)


def counted(report: dict[str, object]) -> dict[str, int]:
    stages = {stage["stage"]: stage["count"] for stage in report["stages"]}
    return {"won": report["won"]["count"], "lost": report["lost"]["count"], **stages}
