"""The public sales sample, all 8,800 deals of it, through the gateway, and what the reports then say."""

from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from infra.local.api import Api
from infra.local.stack import Stack
from infra.sales_import import Summary, run
from tests.support.eventually import eventually

pytestmark = pytest.mark.e2e

SAMPLE = Path(__file__).parents[2] / "samples" / "crm-sales-opportunities"
PASSWORD = "a phrase nobody would guess"
RECORDS = {"units": 9, "users": 41, "accounts": 85, "products": 7, "deals": 8_800}
FIGURES = {"won": 4_238, "lost": 2_473, "engaging": 1_589, "prospecting": 500}


def test_the_reports_say_what_the_files_say_however_often_they_are_imported(stack: Stack, tmp_path: Path) -> None:
    slug = f"sample-{uuid.uuid4().hex[:10]}"
    email = f"ada@{slug}.example"
    api = Api(stack.address)
    admin = {"name": "Ada", "email": email, "password": PASSWORD}
    api.post("/v1/tenants", {"name": "Sample", "slug": slug, "admin": admin, "currency": "USD"})
    api.login(slug, email, PASSWORD)

    def imported() -> Summary:
        return run(stack.address, slug, email, PASSWORD, SAMPLE, tmp_path / "rejects.csv", progress=False)

    first = imported()

    assert {kind: count.created for kind, count in first.counts.items()} == RECORDS
    assert first.rejects == []
    eventually(lambda: figures(api), lambda found: found == FIGURES, seconds=60)
    assert won_by_region(api) == {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}
    assert won(api) == 10_005_534

    second = imported()

    assert {kind: count.unchanged for kind, count in second.counts.items()} == RECORDS
    assert (second.created, second.rejects) == (0, [])
    assert figures(api) == FIGURES
    assert won(api) == 10_005_534

    before = tables(api)
    rebuild(stack, api.get("/v1/tenants/current")["id"])

    eventually(lambda: tables(api), lambda found: found == before, seconds=60)


def rebuild(stack: Stack, tenant: str) -> None:
    command = [sys.executable, "-m", "infra.local.cli", "replay", "reporting", "--tenant", tenant]
    subprocess.run([*command, "--home", str(stack.home.root)], check=True, capture_output=True, timeout=60)


def tables(api: Api) -> list[Any]:
    splits = ("period", "unit", "rep", "product")
    won_by = [api.get("/v1/reports/won", by=split) for split in splits]
    return [api.get("/v1/reports/outcomes"), api.get("/v1/reports/pipeline"), *won_by]


def figures(api: Api) -> dict[str, int]:
    report = api.get("/v1/reports/outcomes")
    stages = {stage["stage"]: stage["count"] for stage in report["stages"]}
    return {
        "won": report["won"]["count"],
        "lost": report["lost"]["count"],
        "engaging": stages.get("engaging", 0),
        "prospecting": stages.get("prospecting", 0),
    }


def won(api: Api) -> int:
    return dollars(api.get("/v1/reports/won", by="period"))


def won_by_region(api: Api) -> dict[str, int]:
    rows = api.get("/v1/reports/won", by="unit", level="region")["rows"]
    return {row["label"]: dollars(row) for row in rows}


def dollars(row: dict[str, Any]) -> int:
    [amount] = row["amounts"]
    assert amount["currency"] == "USD"
    cents: int = amount["amount_minor"]
    assert cents % 100 == 0
    return cents // 100
