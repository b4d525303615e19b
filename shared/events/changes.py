"""What a change changed, as events tell it: `{field: {from, to}}`, with personal content kept back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

Changes = dict[str, dict[str, Any]]


def apply(record: object, fields: Mapping[str, Any], *, personal: Collection[str] = ()) -> Changes:
    """Set `fields` on `record` and return those that differ; of the `personal` ones only that they do."""
    changes: Changes = {}
    for name, value in fields.items():
        before = getattr(record, name)
        if before != value:
            changes[name] = {"redacted": True} if name in personal else {"from": before, "to": value}
            setattr(record, name, value)
    return changes
