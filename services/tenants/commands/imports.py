"""What became of a batch, item by item."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.errors import Conflict, DomainError, FieldError

Refusal = DomainError | FieldError


class ExternalIdTaken(Conflict):
    """A record with this external id exists and was created with other content."""

    code = "external-id-taken"


@dataclass
class Imported:
    """Places in the batch with the id they got, have already, or the reason they get none."""

    created: list[tuple[int, str]] = field(default_factory=list)
    unchanged: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, Refusal]] = field(default_factory=list)
