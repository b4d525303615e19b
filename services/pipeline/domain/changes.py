"""What a change changed: `{field: {from, to}}`."""

from __future__ import annotations

from typing import Any

Changes = dict[str, dict[str, Any]]


def apply(record: object, fields: dict[str, Any]) -> Changes:
    """Set `fields` on `record` and return those that differ, before and after."""
    changes: Changes = {}
    for name, value in fields.items():
        before = getattr(record, name)
        if before != value:
            changes[name] = {"from": before, "to": value}
            setattr(record, name, value)
    return changes
