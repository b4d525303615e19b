"""What a list may be sorted and filtered by, and the reading of a query string against it.

`filter[field][op]=value`, `filter[field]=value` for equality, `sort=-field`, `fields=a,b`, `limit`, `cursor`,
`count=estimate`. What is not declared is refused, naming what is; what is declared is backed by an index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from shared.errors import FieldError
from shared.http.problems import InvalidQuery
from shared.pagination import ListQuery, Order, Signer, binding_of

DEFAULT_LIMIT = 50
MOST = 200
OPERATORS = ("eq", "ne", "in", "gte", "gt", "lte", "lt", "prefix", "exists")
_FILTER = re.compile(r"filter\[(\w+)\](?:\[(\w+)\])?")
_PLAIN = frozenset({"sort", "limit", "cursor", "fields", "count"})
_NEVER_NULL = frozenset({"id", "_id", "version", "created_at", "updated_at"})
_MOST_CHOICES = 100


@dataclass(frozen=True)
class Filter:
    """A field to filter by: the operators allowed, the kind of its values, where it is stored."""

    ops: Sequence[str]
    kind: str = "text"
    path: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.ops) - set(OPERATORS)
        if unknown or self.kind not in _READERS:
            raise ValueError(f"unknown operators {unknown} or kind {self.kind!r}")


def _inferred(name: str, declared: Filter | Sequence[str]) -> Filter:
    """A filter from its operators alone: kind and path follow the conventions for names."""
    if isinstance(declared, Filter):
        return Filter(declared.ops, declared.kind, declared.path or _path_of(name))
    kind = "text"
    if name.endswith("_at"):
        kind = "instant"
    elif name.endswith("_on"):
        kind = "date"
    elif _path_of(name).endswith(".amount_minor"):
        kind = "int"
    return Filter(declared, kind, _path_of(name))


def _path_of(name: str) -> str:
    if name == "id":
        return "_id"
    if name in ("amount", "price") or name.endswith(("_amount", "_price")):
        return f"{name}.amount_minor"
    return name


class Listing:
    """A list's allowances, declared once beside its route.

    `sort` names fields (either direction is allowed); `default_sort` such as `-created_at` applies when none is asked
    for. `paths` says where a sort's field is stored when that is not its name.
    """

    def __init__(
        self,
        *,
        sort: Sequence[str] = ("-created_at",),
        filters: Mapping[str, Filter | Sequence[str]] | None = None,
        default_sort: str | None = None,
        paths: Mapping[str, str] | None = None,
        never_null: Sequence[str] = (),
    ) -> None:
        self.sort = tuple(dict.fromkeys(name.lstrip("-") for name in sort))
        self.filters = {name: _inferred(name, declared) for name, declared in (filters or {}).items()}
        self.default_sort = default_sort or (sort[0] if sort else "-created_at")
        self._paths = dict(paths or {})
        self._never_null = _NEVER_NULL | set(never_null)

    def read(
        self, arguments: MultiDict[str, str], *, tenant_id: str, route: str, signer: Signer, fields: Sequence[str] = ()
    ) -> ListQuery:
        """The list request in a query string; InvalidQuery or CursorInvalid when it is not allowed."""
        faults: list[FieldError] = []
        conditions = self._conditions(arguments, faults)
        order = self._order(arguments.get("sort"), faults)
        limit = _limit(arguments.get("limit"), faults)
        shown = _fields(arguments.get("fields"), fields, faults)
        count = _count(arguments.get("count"), faults)
        if faults:
            raise InvalidQuery(errors=faults)
        binding = binding_of(tenant_id, route, order, sorted((name, op, text) for name, op, text, _ in conditions))
        cursor = arguments.get("cursor")
        return ListQuery(
            order=order,
            limit=limit,
            signer=signer,
            binding=binding,
            filter=_combined([condition for *_, condition in conditions]),
            position=signer.read(cursor, binding) if cursor else None,
            fields=shown,
            count=count,
            values={f"{name}.{op}": text for name, op, text, _ in conditions},
        )

    def _order(self, asked: str | None, faults: list[FieldError]) -> Order:
        text = asked or self.default_sort
        name = text.removeprefix("-")
        if asked and name not in self.sort:
            faults.append(FieldError("?sort", "unknown-sort", {"allowed": list(self.sort)}))
        path = self._paths.get(name) or _path_of(name)
        return Order(path, -1 if text.startswith("-") else 1, nullable=name not in self._never_null)

    def _conditions(
        self, arguments: MultiDict[str, str], faults: list[FieldError]
    ) -> list[tuple[str, str, str, dict[str, Any]]]:
        found = []
        for key, text in arguments.items(multi=True):
            if key in _PLAIN:
                continue
            match = _FILTER.fullmatch(key)
            name, op = (match[1], match[2] or "eq") if match else ("", "")
            declared = self.filters.get(name)
            if declared is None or op not in declared.ops:
                faults.append(self._unknown(key, is_filter=match is not None))
                continue
            try:
                found.append((name, op, text, {declared.path: _condition(declared.kind, op, text)}))
            except ValueError as error:
                faults.append(FieldError(f"?{key}", str(error)))
        return found

    def _unknown(self, key: str, *, is_filter: bool) -> FieldError:
        if not is_filter:
            return FieldError(f"?{key}", "unknown-parameter", {"allowed": [*sorted(_PLAIN), "filter[…]"]})
        allowed = [f"filter[{name}][{op}]" for name, declared in self.filters.items() for op in declared.ops]
        return FieldError(f"?{key}", "unknown-filter", {"allowed": allowed})


def _combined(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    if len(conditions) < 2:
        return conditions[0] if conditions else {}
    return {"$and": conditions}


def _condition(kind: str, op: str, text: str) -> Any:
    if op == "exists":
        return {"$ne": None} if _boolean(text) else None
    if op == "prefix":
        return {"$regex": f"^{re.escape(_text(text))}"}
    read = _READERS[kind]
    if op == "in":
        choices = [read(part) for part in text.split(",") if part]
        if not choices or len(choices) > _MOST_CHOICES:
            raise ValueError("invalid-value")
        return {"$in": choices}
    return read(text) if op == "eq" else {f"${op}": read(text)}


def _text(text: str) -> str:
    if "\x00" in text or len(text) > 500:
        raise ValueError("invalid-value")
    return text


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError("not-an-integer")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("not-a-boolean")
    return text == "true"


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not-an-instant") from None


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("not-a-date") from None


_READERS: dict[str, Callable[[str], Any]] = {
    "text": _text,
    "int": _integer,
    "bool": _boolean,
    "instant": _instant,
    "date": _date,
}


def _limit(text: str | None, faults: list[FieldError]) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= MOST:
        faults.append(FieldError("?limit", "out-of-range", {"min": 1, "max": MOST}))
        return DEFAULT_LIMIT
    return int(text)


def _fields(text: str | None, allowed: Sequence[str], faults: list[FieldError]) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(dict.fromkeys(["id", *(part for part in text.split(",") if part)]))
    if any(name not in allowed for name in names):
        faults.append(FieldError("?fields", "not-one-of", {"choices": sorted(allowed)}))
    return names


def _count(text: str | None, faults: list[FieldError]) -> bool:
    if text not in (None, "estimate"):
        faults.append(FieldError("?count", "not-one-of", {"choices": ["estimate"]}))
    return text == "estimate"
