"""One OpenAPI 3.1 document out of the services' own: what a customer can reach through the edge, and nothing else.

Pure: documents in, document out. A schema that two services describe alike is kept once; where they differ, the
later one takes its service's name in front.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from gateway.routes import route_of

Document = dict[str, Any]

SECURITY = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
DESCRIPTION = (
    "The API of a multi-tenant CRM. Errors are `application/problem+json` and act on `code`; a change of one record "
    "needs `If-Match` with the version it was read at; lists go on by `page.next`; every POST accepts an "
    "`Idempotency-Key`."
)
_SECTIONS = "#/components/"


def merge(documents: Mapping[str, Document], *, version: str, unavailable: list[str]) -> Document:
    """The document of the whole API; services whose own is missing are named in `x-unavailable`."""
    merged: Document = {
        "openapi": "3.1.0",
        "info": {"title": "Pelagic API", "version": version, "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [],
        "x-tagGroups": [],
        "paths": {},
        "components": {"securitySchemes": SECURITY},
        "x-unavailable": sorted(unavailable),
    }
    for service, document in documents.items():
        _add(merged, service, copy.deepcopy(document))
    return merged


def _add(merged: Document, service: str, document: Document) -> None:
    components = document.get("components", {})
    names = _renamed(merged["components"], components, service)
    document = _with_references(document, names)
    for section, name, body in _each(document.get("components", {})):
        merged["components"].setdefault(section, {})[names.get((section, name), name)] = body
    paths = {path: item for path, item in document.get("paths", {}).items() if _belongs(path, service)}
    for item in paths.values():
        _name_operations(merged, service, item)
    merged["paths"] |= paths
    _add_tags(merged, service, document, paths)


def _belongs(path: str, service: str) -> bool:
    route = route_of(path)
    return route is not None and route.service == service


Names = dict[tuple[str, str], str]


def _renamed(taken: Document, components: Document, service: str) -> Names:
    """New names for what is described differently under a taken name, and for whatever refers to that."""
    names: Names = {}
    while True:
        clashes = [
            (section, name)
            for section, name, body in _each(components)
            if (section, name) not in names
            and name in taken.get(section, {})
            and _with_references(body, names) != taken[section][name]
        ]
        if not clashes:
            return names
        names |= {(section, name): f"{service.capitalize()}{name}" for section, name in clashes}


def _each(components: Document) -> Iterator[tuple[str, str, Any]]:
    for section, entries in components.items():
        if section != "securitySchemes":
            for name, body in entries.items():
                yield section, name, body


def _with_references(body: Any, names: Names) -> Any:
    """`body` with references to renamed components turned to their new names."""
    if not names:
        return body
    text = json.dumps(body)
    for (section, name), new in names.items():
        text = text.replace(f'"{_SECTIONS}{section}/{name}"', f'"{_SECTIONS}{section}/{new}"')
    return json.loads(text)


def _name_operations(merged: Document, service: str, item: Document) -> None:
    """Give every operation its service, a tag, and an id that no other has."""
    known = {op.get("operationId") for other in merged["paths"].values() for op in _operations(other)}
    for operation in _operations(item):
        operation["x-service"] = service
        operation.setdefault("tags", [service])
        if operation.get("operationId") in known:
            operation["operationId"] = f"{service}_{operation['operationId']}"


def _operations(item: Document) -> list[Document]:
    return [operation for method, operation in item.items() if method in METHODS]


def _add_tags(merged: Document, service: str, document: Document, paths: Document) -> None:
    used = {tag for item in paths.values() for operation in _operations(item) for tag in operation["tags"]}
    described = {tag["name"]: tag for tag in document.get("tags", [])}
    known = {tag["name"] for tag in merged["tags"]}
    merged["tags"] += [described.get(name, {"name": name}) for name in sorted(used - known)]
    if used:
        merged["x-tagGroups"].append({"name": service, "tags": sorted(used)})
