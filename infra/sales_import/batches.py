"""Sending items to a batch endpoint: 500 at a time, a few batches at once, every answer counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any

from infra.sales_import.outcome import Summary
from infra.sales_import.patience import Caller
from infra.sales_import.rules import Item, RowFault
from infra.sales_import.sources import Row

SIZE = 500
AT_ONCE = 3

Given = tuple[Row, Item | RowFault]
Sent = list[tuple[Row, Item]]


class Sender:
    """Sends the items of one import and keeps its summary; `advance(kind, n)` tells of n items done."""

    def __init__(self, caller: Caller, summary: Summary, advance: Callable[[str, int], None]) -> None:
        self._caller = caller
        self._summary = summary
        self._advance = advance

    def send(self, kind: str, path: str, given: Iterable[Given]) -> dict[str, str]:
        """Send items; external id → id of those the platform has now."""
        ids: dict[str, str] = {}
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="import") as pool:
            open_: dict[Future[Any], Sent] = {}
            for chunk in _chunks(self._items(kind, given)):
                open_[pool.submit(self._post, path, chunk)] = chunk
                if len(open_) == AT_ONCE:
                    self._collect(kind, open_, ids)
            while open_:
                self._collect(kind, open_, ids)
        return ids

    def _post(self, path: str, chunk: Sent) -> Any:
        return self._caller.post(path, {"items": [item for _, item in chunk]})["results"]

    def _collect(self, kind: str, open_: dict[Future[Any], Sent], ids: dict[str, str]) -> None:
        done, _ = wait(open_, return_when=FIRST_COMPLETED)
        for future in done:
            chunk = open_.pop(future)
            for result in future.result():
                row, item = chunk[result["index"]]
                self._summary.answered(kind, row, item["external_id"], result)
                if "id" in result:
                    ids[item["external_id"]] = result["id"]
            self._advance(kind, len(chunk))

    def _items(self, kind: str, given: Iterable[Given]) -> Iterator[tuple[Row, Item]]:
        for row, item in given:
            if isinstance(item, RowFault):
                self._summary.refused(kind, row, next(iter(row.fields.values())), item)
                self._advance(kind, 1)
            else:
                yield row, item


def judged(rows: Iterable[Row], rule: Callable[[Row], Item]) -> Iterator[Given]:
    """Each row with the item a rule makes of it, or with the fault it finds."""
    for row in rows:
        try:
            yield row, rule(row)
        except RowFault as fault:
            yield row, fault


def _chunks(items: Iterable[tuple[Row, Item]]) -> Iterator[Sent]:
    iterator = iter(items)
    while chunk := list(islice(iterator, SIZE)):
        yield chunk
