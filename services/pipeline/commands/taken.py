"""What became of a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.errors import DomainError, FieldError

Items = list[tuple[int, dict[str, Any]]]
"""Validated items with their place in the batch."""


@dataclass
class Taken:
    """What became of each item of a batch, by its index."""

    created: list[tuple[int, str]] = field(default_factory=list)
    unchanged: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, DomainError | FieldError]] = field(default_factory=list)
