"""Importing a folder of sales records (teams, accounts, products, opportunities) through the public API."""

from infra.sales_import.outcome import Summary
from infra.sales_import.run import run
from infra.sales_import.trouble import ImportTrouble

__all__ = ["ImportTrouble", "Summary", "run"]
