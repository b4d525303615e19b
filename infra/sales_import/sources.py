"""The four files of an import as they are written: rows with their line numbers, nothing interpreted yet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.sales_import.trouble import ImportTrouble

COLUMNS = {
    "accounts.csv": "account sector year_established revenue employees office_location subsidiary_of",
    "sales_teams.csv": "sales_agent manager regional_office",
    "products.csv": "product series sales_price",
    "sales_pipeline.csv": "opportunity_id sales_agent product account deal_stage engage_date close_date close_value",
}


@dataclass(frozen=True)
class Row:
    """One line of a file; `line` counts from 1, the header being the first."""

    file: str
    line: int
    fields: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column]


@dataclass(frozen=True)
class Sources:
    """Everything there is to import."""

    accounts: list[Row]
    teams: list[Row]
    products: list[Row]
    deals: list[Row]


def read(folder: Path) -> Sources:
    """The rows of the folder's files; ImportTrouble when one is missing or is not what its name says."""
    rows = {name: list(_rows(folder / name, columns.split())) for name, columns in COLUMNS.items()}
    return Sources(
        accounts=rows["accounts.csv"],
        teams=rows["sales_teams.csv"],
        products=rows["products.csv"],
        deals=rows["sales_pipeline.csv"],
    )


def _rows(path: Path, columns: list[str]) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            _must_have(path, columns, reader.fieldnames or [])
            for fields in reader:
                told = {column: (fields[column] or "").strip() for column in columns}
                yield Row(path.name, reader.line_num, told)
    except FileNotFoundError:
        wanted = ", ".join(COLUMNS)
        raise ImportTrouble(f"{path.parent} has no {path.name}", advice=f"give a folder with {wanted}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ImportTrouble(f"{path.name} cannot be read as CSV in UTF-8: {error}") from error


def _must_have(path: Path, columns: list[str], found: object) -> None:
    present = set(found) if isinstance(found, (list, tuple)) else set()
    missing = [column for column in columns if column not in present]
    if missing:
        raise ImportTrouble(
            f"{path.name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            advice=f"its header must be {','.join(columns)}",
        )
