"""A company that has signed up through the API: the words the tests of this service are told in."""

from __future__ import annotations

import secrets
from typing import Any

from tests.support.company import Answer, Company, Person
from tests.support.platform import Platform

PASSWORD = "lighthouse-at-dawn"


def call(platform: Platform, method: str, path: str, json: Any = None, **headers: str) -> Answer:
    """A call without a token."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = platform.app_for(path).test_client().open(path, method=method, json=json, headers=sent)
    body = response.get_json(silent=True) if response.data else None
    return Answer(response.status_code, body, response.headers)


def a_sign_up(**different: Any) -> dict[str, Any]:
    """A sign-up nobody made before."""
    slug = f"acme-{secrets.token_hex(4)}"
    admin = {"email": "ada@acme.example", "name": "Ada Admin", "password": PASSWORD}
    return {"name": "Acme Marine", "slug": slug, "admin": admin, **different}


class Office(Company):
    """A signed-up company; `admin` is its first admin, `root` its root unit."""

    slug: str

    @classmethod
    def opened(cls, platform: Platform, **different: Any) -> Office:
        """Sign a company up."""
        form = a_sign_up(**different)
        answer = call(platform, "POST", "/v1/tenants", form)
        assert answer.status == 201, answer.json
        admin = answer.json["admin"]
        office = cls(platform, answer.json["tenant"]["id"], form["name"], admin["unit_id"])
        office.slug = form["slug"]
        office.people["tenant_admin/"] = Person(
            office, admin["id"], ("tenant_admin",), office.unit_id, (office.unit_id,)
        )
        return office

    @property
    def root(self) -> str:
        """The root unit's id."""
        return self.unit_id

    def has_unit(self, name: str, below: str | None = None, **more: Any) -> dict[str, Any]:
        """A unit of that name."""
        fields = {"name": name, "kind": "team", "parent_id": below or self.root, **more}
        return self._created("/v1/units", fields)

    def has_user(self, name: str, *roles: str, unit_id: str | None = None, **more: Any) -> dict[str, Any]:
        """A user of that name, who can log in as `<name>@acme.example`."""
        fields = {
            "name": name,
            "email": f"{name.lower()}@acme.example",
            "roles": list(roles or ("sales_rep",)),
            "unit_id": unit_id or self.root,
            "password": PASSWORD,
            **more,
        }
        return self._created("/v1/users", fields)

    def user(self, user_id: str) -> dict[str, Any]:
        """A user as they are now."""
        found: dict[str, Any] = self.admin.get(f"/v1/users/{user_id}").json
        return found

    def log_in(self, email: str = "ada@acme.example", password: str = PASSWORD, tenant: str | None = None) -> Answer:
        """Try to log in."""
        form = {"tenant": tenant or self.slug, "email": email, "password": password}
        return call(self.platform, "POST", "/v1/auth/login", form)

    def refresh(self, refresh_token: str) -> Answer:
        """Try to carry a session on."""
        return call(self.platform, "POST", "/v1/auth/refresh", {"refresh_token": refresh_token})

    def log_out(self, refresh_token: str) -> Answer:
        """End a session."""
        return call(self.platform, "POST", "/v1/auth/logout", {"refresh_token": refresh_token})

    def me(self, access_token: str) -> Answer:
        """Ask who one is."""
        return call(self.platform, "GET", "/v1/me", Authorization=f"Bearer {access_token}")

    def _created(self, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        answer = self.admin.post(path, fields)
        assert answer.status == 201, answer.json
        made: dict[str, Any] = answer.json
        return made
