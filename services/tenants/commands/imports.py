"""What became of a batch, item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.batch import Settled, Taken
from shared.errors import Conflict, DomainError, FieldError

Refusal = DomainError | FieldError


class ExternalIdTaken(Conflict):
    """A record with this external id exists and was created with other content."""

    code = "external-id-taken"


class Imported(Taken):
    """Places in the batch with the id they got, have already, or the reason they get none."""

    @classmethod
    def of(
        cls, settled: Settled, refusals: Mapping[str, Refusal], items: Sequence[tuple[int, dict[str, Any]]]
    ) -> Imported:
        """The outcome of a settled batch whose fresh items in `refusals` (by id) were not accepted.

        An item that repeats another of the same batch shares its fate.
        """
        fields = dict(items)
        imported = cls()
        for fresh in settled.fresh:
            imported._judge(fresh.index, fresh.id, refusals, imported.created)
        for index, there in settled.unchanged:
            imported._judge(index, there, refusals, imported.unchanged)
        for index in settled.clashing:
            imported.refused.append((index, ExternalIdTaken(external_id=fields[index]["external_id"])))
        return imported

    def _judge(
        self, index: int, record_id: str, refusals: Mapping[str, Refusal], accepted: list[tuple[int, str]]
    ) -> None:
        if record_id in refusals:
            self.refused.append((index, refusals[record_id]))
        else:
            accepted.append((index, record_id))
