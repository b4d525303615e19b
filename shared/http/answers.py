"""Answers: what a view returns and how it becomes bytes. JSON is written once, by orjson, in production unchecked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response

from shared.batch import Taken
from shared.errors import FieldError
from shared.http.context import call
from shared.http.problems import language_of
from shared.http.validation import rejected
from shared.pagination import Page

JSON = "application/json"
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME


@dataclass(frozen=True, slots=True)
class Answer:
    """A view's result together with what belongs into status and headers."""

    data: Any
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


def answer(data: Any, *, status: int | None = None, version: int | None = None, location: str | None = None) -> Answer:
    """`data` with its ETag (from `version`), its Location, or a status other than the declared one."""
    headers: tuple[tuple[str, str], ...] = ()
    if version is not None:
        headers = (("ETag", f'"{version}"'),)
    if location is not None:
        headers = (*headers, ("Location", location))
    return Answer(data, status, headers)


def page_out(page: Page, row: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """A list's answer: every document through `row`, narrowed to the fields asked for."""
    rows = [row(document) for document in page.data]
    if page.fields is not None:
        rows = [{name: shown[name] for name in page.fields if name in shown} for shown in rows]
    links: dict[str, Any] = {"next": page.next, "prev": page.prev, "limit": page.limit}
    if page.estimate is not None:
        links["estimate"] = page.estimate
    return {"data": rows, "page": links}


def record_out(record: object, names: Iterable[str]) -> dict[str, Any]:
    """The named fields of a record."""
    return {name: getattr(record, name) for name in names}


def row_out(document: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The named fields of a stored record; one that was stored before a field came has none."""
    return {name: document.get("_id" if name == "id" else name) for name in names}


def batch_answer(taken: Taken, refused: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """What became of a batch, in the order of its items; `refused` are the results of those that never were valid."""
    created = ({"index": index, "status": "created", "id": id} for index, id in taken.created)
    unchanged = ({"index": index, "status": "unchanged", "id": id} for index, id in taken.unchanged)
    return _batch([*refused, *created, *unchanged, *(rejected(*refusal) for refusal in taken.refused)])


def _batch(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Results with the texts of their faults, and how many there are of each."""
    here = call()
    language = language_of(here.request)
    summary = {"created": 0, "unchanged": 0, "rejected": 0}
    for result in results:
        summary[result["status"]] = summary.get(result["status"], 0) + 1
        faults = result.get("errors")
        if faults and isinstance(faults[0], FieldError):
            result["errors"] = here.edge.catalogue.fields(faults, language)
    return {"results": sorted(results, key=lambda result: int(result["index"])), "summary": summary}


def encode(data: Any) -> bytes:
    """JSON of plain values, dataclasses, enums and instants (RFC 3339, UTC, milliseconds)."""
    return orjson.dumps(data, default=_plain, option=_OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def respond(result: Any, status: int) -> Response:
    """The response of a view's result."""
    if isinstance(result, Response):
        return result
    given = result if isinstance(result, Answer) else Answer(result)
    code = given.status or status
    if code == 204 or given.data is None:
        response = Response(status=code)
        response.headers.pop("Content-Type", None)
    else:
        response = Response(encode(given.data), code, content_type=JSON)
    for name, value in given.headers:
        response.headers[name] = value
    return response
