"""A service of two pages, to try the edge with: things on a shelf, with an owner and perhaps a price."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from shared.auth import Principal
from shared.auth.tokens import StaticKeys, issue, jwks_document, key_id
from shared.batch import Taken
from shared.clock import now
from shared.config import Settings
from shared.errors import Conflict
from shared.events.envelope import Event
from shared.http import (
    PUBLIC,
    SIGNED_IN,
    Listing,
    Routes,
    answer,
    batch_answer,
    create_service_app,
    if_match,
    page_out,
    principal,
    store,
)
from shared.http.fields import BatchOut, Dict, MoneyField, Out, RecordOut, Schema, String, Text, batch_of
from shared.http.validation import validate_items
from shared.ids import new_id
from shared.money import Money
from shared.mongo import Collection, OperationFailure
from shared.record import Record
from shared.store import Store

COLLECTIONS = [Collection("things", record=None)]
KEY = Ed25519PrivateKey.generate()
KEYS = StaticKeys(jwks_document(KEY.public_key()))


@dataclass(kw_only=True)
class Thing(Record):
    name: str
    price: Money | None = None


@dataclass(frozen=True, kw_only=True)
class ThingShelved(Event):
    type: ClassVar[str] = "crm.thing.shelved"
    name: str


class NameTaken(Conflict):
    code = "name-taken"


class ShelfStore(Store):
    service = "shelf"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.things = self.repository(Thing, "things", owned=True)


class ThingIn(Schema):
    name = Text(50, required=True)
    price = MoneyField(allow_none=True, negative=False)


class ThingOut(RecordOut):
    name = String()
    price = MoneyField(allow_none=True)


class Anything(Out):
    value = Dict()


TEXTS = {
    "name-taken": {"en": ("That name is taken", "{name} is on the shelf."), "zh-CN": ("名称已占用", "已有 {name}。")}
}
LISTING = Listing(sort=["-created_at", "name", "price"], filters={"name": ["eq", "in", "prefix"], "price": ["gte"]})
routes = Routes("things", "Things on the shelf.")
gate = threading.Event()
entered = threading.Event()
runs: list[str] = []


def thing_out(document: dict[str, Any]) -> dict[str, Any]:
    shown = {name: document.get(name) for name in ThingOut._declared_fields}
    return {**shown, "id": document["_id"]}


@routes.post("/v1/things", permission="deal.create", accepts=ThingIn, returns=ThingOut, status=201)
def create(body):
    """Put a thing on the shelf."""
    if body["name"] == "taken":
        raise NameTaken(name="taken")
    if body["name"] == "broken":
        raise RuntimeError("the secret recipe")
    if body["name"] == "collides" and body.pop("price") and not runs:
        runs.append("collided")
        raise OperationFailure("write conflict", 112, {"errorLabels": ["TransientTransactionError"]})
    caller = principal()
    thing = Thing(id=new_id("deal"), tenant_id=caller.tenant_id, owner_id=caller.id, **body)
    runs.append(thing.name)
    store().things.add(thing, ThingShelved(name=thing.name))
    if body["name"] == "slow":
        entered.set()
        gate.wait(10)
    return answer(thing_out(store().things.raw(thing.id)), version=thing.version, location=f"/v1/things/{thing.id}")


@routes.get("/v1/things", permission="deal.read", returns=ThingOut, listing=LISTING)
def list_things(query):
    """List what is on the shelf."""
    return page_out(store().things.page({}, query), thing_out)


@routes.get("/v1/things/<thing_id>", permission="deal.read", returns=ThingOut)
def read(thing_id):
    """Read one thing."""
    document = store().things.raw(thing_id)
    return answer(thing_out(document), version=document["version"])


@routes.patch("/v1/things/<thing_id>", permission="deal.update", accepts=ThingIn, returns=ThingOut, if_match=True)
def rename(body, thing_id):
    """Give a thing another name."""
    thing = store().things.get(thing_id, version=if_match())
    thing.name = body["name"]
    store().things.save(thing, ThingShelved(name=thing.name))
    return answer(thing_out(store().things.raw(thing_id)), version=thing.version)


@routes.post(
    "/v1/things/batch",
    permission="deal.import",
    accepts=batch_of(ThingIn),
    returns=BatchOut,
    idempotency_required=True,
)
def batch(body):
    """Put many things on the shelf."""
    valid, refused = validate_items(ThingIn, body["items"])
    taken = Taken()
    for index, fields in valid:
        if fields["name"] == "taken":
            taken.refused.append((index, NameTaken(name="taken")))
        else:
            taken.created.append((index, new_id("deal")))
    return batch_answer(taken, refused)


@routes.get("/v1/lies/<kind>", permission=SIGNED_IN, returns=ThingOut)
def lie(kind):
    """Answer with something other than what was declared."""
    honest = thing_out({"_id": "x", "version": 1, "name": "n", "created_by": "", "updated_by": ""})
    honest |= {"created_at": now(), "updated_at": now()}
    return honest | {"none": {}, "extra": {"surprise": 1}, "type": {"version": "1"}, "null": {"name": None}}[kind]


@routes.get("/v1/open", permission=PUBLIC, returns=Anything)
def open_to_all():
    """Answer anybody."""
    return {"value": {"at": now()}}


def shelf(settings: Settings) -> Flask:
    """The application."""
    app = create_service_app(
        "shelf", store_class=ShelfStore, blueprints=[routes], texts=TEXTS, settings=settings, keys=KEYS
    )
    app.config["CHECK_ANSWERS"] = True
    return app


def token(tenant_id: str, *roles: str, user: str = "usr_1") -> str:
    """A token of a user of a tenant."""
    caller = Principal(tenant_id=tenant_id, id=user, roles=roles, unit_id="unit_1", unit_ids=("unit_1",))
    return issue(caller, KEY, key_id(KEY.public_key()), at=now())
