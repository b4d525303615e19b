"""Every operation of the API, discovered from the services' OpenAPI documents: a new route is never forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.support.company import Answer, Person
from tests.support.platform import SERVICES, Platform


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    service: str
    method: str
    path: str
    permission: str
    if_match: bool
    idempotency: str
    example: Any

    @property
    def name(self) -> str:
        """As a reader would say it."""
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """The names in its path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def public(self) -> bool:
        """Whether it needs no token."""
        return self.permission == "public"

    @property
    def streams(self) -> bool:
        """Whether its answer has no end."""
        return self.path.endswith("/stream")

    def call(self, person: Person, ids: dict[str, str], *, if_match: int = 1) -> Answer:
        """Call it with these ids, its own example as body, and every header it asks for."""
        path = self.path
        for name in self.parameters:
            path = path.replace(f"{{{name}}}", ids[name])
        key = "sweep-" + re.sub(r"\W+", "-", path) if self.idempotency == "required" else None
        body = self.example
        version = if_match if self.if_match else None
        return person.call(self.method, path, json=body, if_match=version, key=key)


def operations(platform: Platform) -> list[Operation]:
    """All of them."""
    return [
        Operation(
            service=service,
            method=method.upper(),
            path=path,
            permission=declared["x-permission"],
            if_match=declared["x-if-match"],
            idempotency=declared["x-idempotency"],
            example=declared.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example"),
        )
        for service in SERVICES
        for path, methods in platform.app(service).test_client().get("/openapi.json").get_json()["paths"].items()
        for method, declared in methods.items()
        if method != "parameters"
    ]
