"""Every report, one module each; adding a module here adds the report."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from services.reporting.domain.report import REPORTS, Report

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["REPORTS", "Report"]
