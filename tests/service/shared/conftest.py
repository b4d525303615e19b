"""The shelf service on the real MongoDB, and a fresh tenant's clerk to call it with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shared.config import Settings
from shared.ids import new_id
from shared.mongo import Mongo, migrate
from tests.service.shared.shelf import COLLECTIONS, shelf, token


class Clerk:
    """A caller with a token."""

    def __init__(self, app: Flask, tenant_id: str, *roles: str, user: str = "usr_1") -> None:
        self.app, self.tenant_id = app, tenant_id
        self.headers = {"Authorization": f"Bearer {token(tenant_id, *roles, user=user)}"}

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """One request."""
        return self.app.test_client().open(path, method=method, headers={**self.headers, **(headers or {})}, **options)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read."""
        return self.call("GET", path, _names(headers))

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Write."""
        return self.call("POST", path, _names(headers), json=body)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Change."""
        return self.call("PATCH", path, _names(headers), json=body)


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture(scope="session")
def shelf_app(mongo: Mongo, settings: Settings) -> Iterator[Flask]:
    """The shelf."""
    migrate(mongo.database("shelf"), COLLECTIONS)
    app = shelf(replace(settings, service="shelf"))
    yield app
    app.extensions["pelagic"].mongo.close()


@pytest.fixture
def tenant_id() -> str:
    """A tenant nobody else uses."""
    return new_id("ten")


@pytest.fixture
def clerk(shelf_app: Flask, tenant_id: str) -> Clerk:
    """A sales manager of that tenant."""
    return Clerk(shelf_app, tenant_id, "sales_manager")


@pytest.fixture
def stored(mongo: Mongo, tenant_id: str) -> Any:
    """Counts what the tenant has in a collection."""
    return lambda name: mongo.database("shelf")[name].count_documents({"tenant_id": tenant_id})
